"""What waits for whoever logs in, the proof of a month, differences with the statement, the figures, the reports."""
