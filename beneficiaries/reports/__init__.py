"""Papers the offices print for people to sign."""
