"""Use cases of intake, matching and accounts: one function each, set-based, idempotent."""
