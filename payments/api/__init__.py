"""Lists, payments and months for staff; one's own status for citizens."""
