"""Which signatures a list needs, and who made it."""

from django.db import models
from django.db.models import Q

from payments.models.batches import PaymentBatch
from payments.models.setting_changes import SettingChange
from payments.states import ALWAYS_SIGN, Step
from staff.models import User


class SigningRule(models.Model):
    """From lists made on `valid_from` on, this step signs with this title; REVIEWER and COSIGNER from lists of `from_amount` đồng on.

    0 means every list, empty means none. Append-only; a rule never reaches back to lists already made, so that nobody lowers what a list
    that is on its way still needs. Without any rule maker, checker and releaser sign.
    """

    step = models.CharField(max_length=8, choices=Step.choices)
    title = models.CharField(max_length=120)
    from_amount = models.BigIntegerField(null=True, help_text="đồng")
    valid_from = models.DateField()
    document_number = models.CharField(max_length=60)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    change = models.OneToOneField(
        SettingChange,
        null=True,
        on_delete=models.PROTECT,
        related_name="signing_rule",
        help_text="the proposal a second person accepted; a trigger asks for it",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="signing_rule_once_per_step_and_day", fields=["step", "valid_from"]),
            models.CheckConstraint(
                name="three_signatures_are_always_needed",
                condition=~Q(step__in=ALWAYS_SIGN) | Q(from_amount=0, from_amount__isnull=False),
            ),
            models.CheckConstraint(
                name="signing_threshold_is_not_negative", condition=Q(from_amount__isnull=True) | Q(from_amount__gte=0)
            ),
        ]


class ListMaker(models.Model):
    """Whoever built a list, or took somebody off it while it was in draft, is a maker of it and signs it as nothing else. Append-only."""

    class Did(models.TextChoices):
        BUILT = "BUILT", "Lập danh sách"
        REMOVED = "REMOVED", "Rút tên khi đang lập"

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="makers")
    maker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    did = models.CharField(max_length=7, choices=Did.choices)
    done_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["batch", "maker"], name="maker_of_list")]


class ConflictNote(models.Model):
    """A warning of a list (cảnh báo) the maker has looked into, with the reason; shown to everybody who signs after. Append-only."""

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="conflict_notes")
    revision = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    payment = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("payments.Payment", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="conflict_noted_once_per_revision", fields=["batch", "revision", "kind", "payment", "other"]
            ),
            models.CheckConstraint(name="conflict_note_has_a_reason", condition=~Q(reason="")),
        ]
