"""Changes of settings that money hangs on: proposed by one, put in force by another in another role."""

from django.db import models
from django.db.models import F, Q

from staff.models import AdministrativeUnit, Role, User


class SettingChange(models.Model):
    """A proposed change: a funding account to open or close, a signing rule. `said` holds codes, titles, days and đồng, never a person.

    Nothing happens before it is accepted; a trigger holds the roles to those of the people, and never lets it be edited.
    """

    class Kind(models.TextChoices):
        OPEN_ACCOUNT = "OPEN_ACCOUNT", "Mở tài khoản chi trả"
        CLOSE_ACCOUNT = "CLOSE_ACCOUNT", "Đóng tài khoản chi trả"
        SIGNING_RULE = "SIGNING_RULE", "Quy định ký"

    kind = models.CharField(max_length=13, choices=Kind.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    said = models.JSONField()
    document = models.CharField(max_length=100, help_text="what it rests on: number and date")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_role = models.CharField(max_length=20, choices=Role.choices)
    proposed_at = models.DateTimeField()
    accepted = models.BooleanField(null=True, help_text="empty while nobody has decided")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="setting_change_rests_on_a_document", condition=~Q(document="")),
            models.CheckConstraint(
                name="setting_change_decided_by_and_at_together",
                condition=Q(accepted__isnull=True, decided_by__isnull=True, decided_at__isnull=True, decided_role="")
                | (Q(accepted__isnull=False, decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_role="")),
            ),
            models.CheckConstraint(
                name="setting_change_accepted_by_a_second_person",
                condition=~Q(accepted=True) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="setting_change_accepted_in_another_role",
                condition=~Q(accepted=True) | ~Q(decided_role=F("proposed_role")),
            ),
            models.UniqueConstraint(
                name="setting_change_waits_once", fields=["kind", "unit", "said"], condition=Q(accepted__isnull=True)
            ),
        ]
