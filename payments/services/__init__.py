"""Use cases of paying: one function each, set-based, with `actor` and `now` passed in."""
