"""A month agrees, is proved, minuted and closed."""
