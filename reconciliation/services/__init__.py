"""Use cases of reconciling."""
