"""What became of payments that were sent: told by the bank, asked of it, or found out by people."""
