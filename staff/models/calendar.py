"""Public holidays and swapped working days: yearly data, decided each year, never computed."""

from django.db import models


class CalendarDay(models.Model):
    """A day that differs from its weekday: a holiday, or (`working`) a Saturday or Sunday that is worked instead."""

    day = models.DateField(unique=True)
    working = models.BooleanField()
    name = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name
