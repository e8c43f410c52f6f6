"""Use cases of units and users."""
