"""PDFs that come from outside, read in a process of their own: who signed them, what they carry."""
