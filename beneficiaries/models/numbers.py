"""Numbers of people and accounts: they live here once, encrypted; every other table points at them.

Key rotation and erasure touch these two tables alone.
"""

from django.db import models

IDENTITY_NUMBER = "identity-number"
ACCOUNT_NUMBER = "account-number"


class IdentityNumber(models.Model):
    """A personal identification number (12 digits) or an old card's number (9 digits), found by its keyed digest."""

    digest = models.BinaryField(unique=True)
    sealed = models.BinaryField()


class AccountNumber(models.Model):
    """An account number at one bank; the digest covers bank BIN and number, the sealed value only the number."""

    digest = models.BinaryField(unique=True)
    sealed = models.BinaryField()
