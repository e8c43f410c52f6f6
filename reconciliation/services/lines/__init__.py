"""What every line of a statement is."""
