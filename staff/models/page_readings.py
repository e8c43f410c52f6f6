"""What an inspector opened: every page and address, whether it was shown or not."""

from django.db import models
from django.db.models import Q

from staff.models.units import AdministrativeUnit
from staff.models.users import User


class PageReading(models.Model):
    """One address asked for by one inspector. Append-only. `path` holds ids and codes, never a name or a number of a person (I14).

    `unit` is the scope the inspector had, `asked_unit` the code of the unit the page was asked about (`?unit=`), if any.
    """

    reader = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(AdministrativeUnit, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=7)
    path = models.CharField(max_length=200)
    asked_unit = models.CharField(max_length=12, blank=True)
    status = models.PositiveSmallIntegerField(help_text="as HTTP counts: 200 shown, 403 and 404 refused")
    read_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["reader", "-id"], name="readings_of_an_inspector")]
        constraints = [models.CheckConstraint(name="page_reading_names_its_page", condition=Q(path__startswith="/"))]
