"""A statement is read, kept line by line, and follows on what is stored."""
