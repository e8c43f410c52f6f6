"""Passwords in tests: hashed as in the product, but in a thousandth of the rounds, which are most of a second of processor time each."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    iterations = 1_000
