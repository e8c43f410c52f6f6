"""Identity over the API: residents while typing, enquiries and verdicts, quality of data."""
