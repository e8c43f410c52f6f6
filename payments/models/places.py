"""Where the books lay when they were last known to agree with the bank's: a copy restored elsewhere, or from earlier, does not lie there."""

from django.db import models
from django.db.models import Q

from staff.models import User


class BooksPlace(models.Model):
    """One reading of the bank's books beside ours; the newest that `agreed` counts (ADR 94). Written by `after_restore`, and once by whoever
    makes a database.

    `place` is the server, its timeline, the database and its table of payments, as the database tells them. Nothing is sent while they are others.
    """

    place = models.CharField(max_length=80)
    read_at = models.DateTimeField()
    agreed = models.BooleanField(help_text="False: the reading began, and who reads again begins no later")
    since = models.DateTimeField(null=True, help_text="where the books ended when the reading began")
    # Not held by the database: who made it new has no user yet, and a person outlives no agreement.
    reader = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    unknown_orders = models.PositiveIntegerField(
        default=0, help_text="orders at the bank of which our books have nothing"
    )
    document = models.CharField(max_length=100, blank=True, help_text="the paper that says who was paid by those")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="unknown_orders_are_explained_by_a_paper", condition=Q(unknown_orders=0) | ~Q(document="")
            ),
        ]


class BooksStart(models.Model):
    """One start of the database server, and whether the books then knew the newest orders the bank has (ADR 100): the newest row counts, and only
    for the start it names. `agreed` is False when the bank had an order of ours that the books did not know to have left.
    """

    started_at = models.DateTimeField(
        help_text="as the server tells it; a copy put in place of another is started anew"
    )
    compared_at = models.DateTimeField()
    agreed = models.BooleanField()
    account = models.CharField(
        max_length=40, blank=True, help_text="the funding account whose list showed such an order"
    )
    reading = models.OneToOneField(BooksPlace, null=True, on_delete=models.PROTECT, related_name="+")
    read_until = models.DateTimeField(null=True, help_text="the bank's time of the newest order `reading` saw")

    class Meta:
        constraints = [
            models.CheckConstraint(name="books_behind_name_the_account", condition=Q(agreed=True) | ~Q(account="")),
        ]
