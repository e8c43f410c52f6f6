"""Programmes, levels and ages by which a right is judged."""
