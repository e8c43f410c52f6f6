"""Public holidays and swapped working days: yearly data, decided by the government each year, never computed."""

from django.db import models


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or (`working`) a Saturday or Sunday that is worked instead."""

    day = models.DateField(unique=True)
    working = models.BooleanField()
    name = models.CharField(max_length=80)
    legal_source = models.CharField(
        max_length=120, blank=True, db_default="", help_text="the decision it rests on; empty: nobody has verified it"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="day_worked_instead_is_a_week_end",
                condition=models.Q(working=False) | models.Q(day__week_day__in=(1, 7)),
            )
        ]

    def __str__(self) -> str:
        return self.name
