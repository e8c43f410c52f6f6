"""Registries and lists of offices come in: shown first, then taken in, every row kept as received."""
