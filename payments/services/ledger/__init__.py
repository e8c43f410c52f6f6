"""Where the money stands: journal, funds, what is recovered."""
