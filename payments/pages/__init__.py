"""Payment lists for people: read, sign, give back, hold back."""
