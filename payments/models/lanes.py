"""Banks money goes to, each a lane of its own: one that does not answer, or is closed, holds up nobody else's money."""

from datetime import UTC, datetime

from django.db import models
from django.db.models import F, Q

EVER_SINCE = datetime(2000, 1, 1, tzinfo=UTC)  # before any list of ours


class BankLane(models.Model):
    """How a receiving bank's orders fare: `failures` in a row without an answer; while `open_until` lies ahead nothing is offered to it.

    When it has passed, one order probes (half-open); its answer closes the circuit, no answer opens it again.
    """

    bank_bin = models.CharField(max_length=11, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_code = models.CharField(max_length=60, blank=True)
    opened_at = models.DateTimeField(null=True)
    open_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lane_opened_at_and_until_together",
                condition=Q(opened_at__isnull=True, open_until__isnull=True)
                | Q(opened_at__isnull=False, open_until__isnull=False),
            ),
        ]


class BankHours(models.Model):
    """When a bank takes orders on a weekday (0 is Monday), Vietnam's time; `bank_bin` "" is our own bank, so everybody's.

    A bank without any row takes orders at all times; one with rows on working days, by the calendar of days off (`CalendarDay`).
    What comes after the cut-off waits, and goes when the bank opens again. What was in force when is kept: a row holds from `valid_from`
    until `valid_to` (not included), and is never deleted.
    """

    bank_bin = models.CharField(max_length=11, blank=True)
    weekday = models.PositiveSmallIntegerField()
    opens_at = models.TimeField()
    closes_at = models.TimeField()
    valid_from = models.DateTimeField(default=EVER_SINCE)
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="hours_once_per_bank_and_weekday",
                fields=["bank_bin", "weekday"],
                condition=Q(valid_to__isnull=True),
            ),
            models.CheckConstraint(name="hours_end_after_they_began", condition=Q(valid_to__gt=F("valid_from"))),
            models.CheckConstraint(name="hours_are_of_a_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="bank_opens_before_it_closes", condition=Q(opens_at__lt=F("closes_at"))),
        ]


class BankHoliday(models.Model):
    """A day of its own on which a bank takes no orders, beside those of the calendar; `bank_bin` "" is our own bank. Kept as hours are."""

    bank_bin = models.CharField(max_length=11, blank=True)
    on = models.DateField()
    name = models.CharField(max_length=60, blank=True)
    valid_from = models.DateTimeField(default=EVER_SINCE)
    valid_to = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="holiday_once_per_bank", fields=["bank_bin", "on"], condition=Q(valid_to__isnull=True)
            ),
            models.CheckConstraint(name="holiday_ends_after_it_began", condition=Q(valid_to__gt=F("valid_from"))),
        ]
