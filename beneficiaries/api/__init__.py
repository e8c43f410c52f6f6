"""Who may be paid, over the API: lists on their way in, residents while typing, enquiries and verdicts, quality of data."""
