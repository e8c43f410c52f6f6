"""Wiring of the project; nothing imports it."""
