"""API of cases and of their handover."""
