"""Beneficiaries as the wards name them, and identity records as the population database knows them."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.numbers import IdentityNumber
from staff.models import AdministrativeUnit


class Sex(models.TextChoices):
    """Sex as registered."""

    MALE = "MALE", "Nam"
    FEMALE = "FEMALE", "Nữ"


class IdentityStatus(models.TextChoices):
    """Where the comparison with identity data stands. Only doubt about a new account follows from it, never "not paid"."""

    UNCHECKED = "UNCHECKED", "Chưa đối khớp"
    MATCHED = "MATCHED", "Khớp đúng"
    REVIEW = "REVIEW", "Chờ rà soát"
    NOT_FOUND = "NOT_FOUND", "Không tìm thấy"
    CONFLICT = "CONFLICT", "Có sai lệch, phải xác minh"


class IdentityRecord(models.Model):
    """One resident in the population extract. Status after the fact (deceased) is kept here, not a reason against a match."""

    number = models.OneToOneField(IdentityNumber, on_delete=models.PROTECT, related_name="record")
    full_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100, help_text="folded: no marks, lower case, single spaces")
    birth_date = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices)
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    hamlet = models.CharField(max_length=60, blank=True)
    deceased_on = models.DateField(null=True)
    card_issued = models.BooleanField(default=False)
    eid_eligible = models.BooleanField(default=False)
    eid_active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="active_eid_is_eligible", condition=Q(eid_active=False) | Q(eid_eligible=True)),
        ]


class Beneficiary(models.Model):
    """A person as a ward's registry names them. `same_as` points to the record kept for the same person, if there are two."""

    full_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100)
    sort_key = models.CharField(max_length=300, help_text="given name first, Vietnamese letter order")
    birth_date = models.DateField(null=True, help_text="only when day, month and year are all known")
    birth_year = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices)
    number = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="beneficiaries")
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="beneficiaries")
    hamlet = models.CharField(max_length=60, blank=True)
    identity_status = models.CharField(max_length=10, choices=IdentityStatus.choices, default=IdentityStatus.UNCHECKED)
    identity = models.ForeignKey(IdentityRecord, null=True, on_delete=models.PROTECT, related_name="beneficiaries")
    same_as = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    lookup_digest = models.BinaryField(null=True, help_text="keyed digest of the look-up code printed on the slip")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="matched_beneficiary_has_an_identity",
                condition=Q(identity_status=IdentityStatus.MATCHED, identity__isnull=False)
                | (~Q(identity_status=IdentityStatus.MATCHED) & Q(identity__isnull=True)),
            ),
            models.CheckConstraint(
                name="birth_date_agrees_with_birth_year",
                condition=Q(birth_date__isnull=True) | Q(birth_year=models.F("birth_date__year")),
            ),
            models.CheckConstraint(
                name="beneficiary_is_not_its_own_duplicate",
                condition=Q(same_as__isnull=True) | ~Q(same_as=models.F("id")),
            ),
            models.UniqueConstraint(
                name="lookup_code_once", fields=["lookup_digest"], condition=Q(lookup_digest__isnull=False)
            ),
        ]
