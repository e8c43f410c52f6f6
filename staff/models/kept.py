"""What a page keeps for one person between two requests, so that neither a name nor a file has to travel in an address."""

from django.db import models

from staff.models.users import User


class Kept(models.Model):
    """One thing kept: sealed, found by whoever put it there with the token in the address, and gone after its time.

    It is no record of anything: it may be deleted at any moment, and whoever comes back later is asked to do the step again.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=30)
    token_digest = models.BinaryField(
        max_length=16, unique=True, help_text="keyed; the token itself stands only in the address"
    )
    sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)
