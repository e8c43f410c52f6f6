"""Who may be paid: lists on their way in."""
