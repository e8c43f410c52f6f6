"""Beneficiaries as the wards name them, and identity records as the population database knows them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Collate

from beneficiaries.models.numbers import IdentityNumber
from staff.models import AdministrativeUnit


def in_hamlet_order(hamlet: str) -> Collate:
    """Hamlets as people say them: thôn 2 before thôn 10, a ă â b … d đ; `hamlet` names the field."""
    return Collate(Func(F(hamlet), function="beneficiaries_hamlet_order", output_field=models.TextField()), "C")


# The same in PostgreSQL as in `fold_hamlet`: "THÔN 3" and "thôn  3" are one hamlet, "Thôn Hà" and "Thôn Hạ" are two.
HAMLET_FOLDED = r"lower(regexp_replace(btrim(normalize({}, NFC)), '\s+', ' ', 'g'))"


def hamlet_folded(hamlet: str) -> Func:
    """What hamlets are compared by; `hamlet` names the field."""
    return Func(F(hamlet), template=HAMLET_FOLDED.format("%(expressions)s"), output_field=models.TextField())


def fold_hamlet(hamlet: str) -> str:
    """What hamlets are compared by: a list in capitals, or one typed with two spaces, names no other place."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", hamlet).strip()).lower()


def hamlets_as_said(hamlets: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Of (unit, hamlet) pairs, by unit and what hamlets are compared by: each as most write it."""
    said: dict[tuple[str, str], Counter[str]] = {}
    for unit, hamlet in hamlets:
        said.setdefault((unit, fold_hamlet(hamlet)), Counter())[hamlet] += 1
    return {place: min(written, key=lambda one: (-written[one], one)) for place, written in said.items()}


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
    """One resident in the population extract. Status after the fact (deceased) is kept here, not a reason against a match.

    Basis VERDICT: not in an extract, but the police answered that number, name and birth date are this person's.
    """

    class Basis(models.TextChoices):
        EXTRACT = "EXTRACT", "Dữ liệu dân cư"
        VERDICT = "VERDICT", "Trả lời xác minh từng người"

    number = models.OneToOneField(IdentityNumber, on_delete=models.PROTECT, related_name="record")
    full_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100, help_text="folded: no marks, lower case, single spaces")
    birth_date = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)
    sex = models.CharField(max_length=6, choices=Sex.choices)
    # Its own index would be a third one to fill for every resident: that of the look-up begins with it.
    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+", db_index=False)
    hamlet = models.CharField(max_length=60, blank=True)
    basis = models.CharField(max_length=7, choices=Basis.choices, db_default=Basis.EXTRACT)
    deceased_on = models.DateField(null=True)
    card_issued = models.BooleanField(default=False)
    eid_eligible = models.BooleanField(default=False)
    eid_active = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(
                name="record_by_year_and_name",
                fields=["birth_year", "name_key"],
                opclasses=["int2_ops", "text_pattern_ops"],
            ),
            models.Index(
                name="record_by_unit_and_name", fields=["unit", "name_key"], opclasses=["int8_ops", "text_pattern_ops"]
            ),
        ]
        constraints = [
            models.CheckConstraint(name="active_eid_is_eligible", condition=Q(eid_active=False) | Q(eid_eligible=True)),
        ]


class Beneficiary(models.Model):
    """A person as a ward's registry names them. `same_as` points to the record kept for the same person, if there are two.

    Doubt that comes up later (status CONFLICT, NOT_FOUND) leaves `identity` in place: it says who was meant, and who is twice on the lists. While
    they contradict each other (CONFLICT) it doesn't say whether the person lives (ADR 55).
    """

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
                condition=~Q(identity_status=IdentityStatus.MATCHED) | Q(identity__isnull=False),
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
