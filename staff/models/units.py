"""Administrative units: the tree that says where somebody lives, who pays, and what a user may see."""

from django.db import models
from django.db.models.functions import Concat


class AdministrativeUnit(models.Model):
    """A province, district (until 30 June 2025) or commune, valid between two dates.

    `code` is ours and unique for ever; `official_code` is the statistics office's, which after the reform of 1 July 2025 may mean another unit
    (before it: `00004@2024`). Former units hang below the province they went into, so that its staff go on seeing their files.
    `path` holds the codes from the top, `/97/971/97101/`, so that a subtree is one prefix comparison.
    """

    class Kind(models.TextChoices):
        PROVINCE = "PROVINCE", "Tỉnh"
        FORMER = "FORMER", "Tỉnh trước 01/7/2025"
        DISTRICT = "DISTRICT", "Huyện"
        COMMUNE = "COMMUNE", "Xã"

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120, help_text="with its kind word: xã Phước Thuận")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=60, unique=True)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    official_code = models.CharField(max_length=5, blank=True, db_default="")
    successors = models.ManyToManyField("self", through="UnitSuccessor", symmetrical=False, related_name="predecessors")

    class Meta:
        ordering = ["path"]
        indexes = [models.Index(fields=["path"], name="unit_path_prefix", opclasses=["text_pattern_ops"])]
        constraints = [
            models.CheckConstraint(
                name="unit_path_ends_with_its_code",
                condition=models.Q(path__endswith=Concat(models.F("code"), models.Value("/"))),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UnitSuccessor(models.Model):
    """That (a part of) a former unit went into another one; the first position is where most people went."""

    former = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    successor = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    position = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="successor_once_per_former_unit", fields=["former", "successor"]),
            models.CheckConstraint(
                name="unit_is_not_its_own_successor", condition=~models.Q(former=models.F("successor"))
            ),
        ]
