"""Measurements; each prints its figures and is no part of the product."""
