"""Differences between the bank and us, until each is explained."""
