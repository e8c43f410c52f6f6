"""ISO 20022 files as a bank takes and gives them: pain.001 out, pain.002 and camt.054 in. No ORM, no network."""
