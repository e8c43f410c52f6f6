"""What is owed for a month, to whom, by which way, and on which list it stands."""
