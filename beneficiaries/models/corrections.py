"""Corrections of a person's record (sửa hồ sơ): proposed by one with the paper that proves it, in force only by another's word."""

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.cases import Case
from beneficiaries.models.numbers import IdentityNumber
from beneficiaries.models.people import Beneficiary, Sex
from beneficiaries.states import CorrectionStatus
from staff.models import User


class CorrectionPaper(models.TextChoices):
    """Papers that prove who somebody is."""

    ID_CARD = "ID_CARD", "Thẻ căn cước, căn cước công dân"
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE", "Giấy khai sinh, trích lục khai sinh"
    CIVIL_EXTRACT = "CIVIL_EXTRACT", "Trích lục cải chính, thay đổi hộ tịch"
    POLICE_ANSWER = "POLICE_ANSWER", "Văn bản trả lời của cơ quan Công an"
    RESIDENCE = "RESIDENCE", "Giấy xác nhận thông tin về cư trú"


def _differs(field: str, *, empty: Q) -> Q:
    return empty | ~Q(**{f"{field}_after": F(f"{field}_before")})


class Correction(models.Model):
    """Field by field what stood in the record and what is to stand there. `…_after` empty: the field is left as it is.

    Kept as proposed: only where it stands, who decided and why is written later, once. `number_removed`: the number is nobody's, and no
    other is known.
    """

    Status = CorrectionStatus

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="corrections")
    full_name_before = models.CharField(max_length=100)
    full_name_after = models.CharField(max_length=100, blank=True, default="")
    birth_date_before = models.DateField(null=True)
    birth_date_after = models.DateField(null=True)
    birth_year_before = models.SmallIntegerField(null=True)
    birth_year_after = models.SmallIntegerField(null=True)
    sex_before = models.CharField(max_length=6, choices=Sex.choices)
    sex_after = models.CharField(max_length=6, choices=Sex.choices, blank=True, default="")
    hamlet_before = models.CharField(max_length=60, blank=True)
    hamlet_after = models.CharField(max_length=60, blank=True, default="")
    number_before = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    number_after = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    number_removed = models.BooleanField(default=False)
    paper_kind = models.CharField(max_length=17, choices=CorrectionPaper.choices)
    paper_number = models.CharField(max_length=60)
    paper_issued_on = models.DateField()
    paper_issuer = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="corrections")
    status = models.CharField(max_length=9, choices=CorrectionStatus.choices, default=CorrectionStatus.PROPOSED)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(
        max_length=300, blank=True, default="", help_text="why it was refused or withdrawn; which original was seen"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="correction_changes_something",
                condition=~Q(full_name_after="")
                | Q(birth_year_after__isnull=False)
                | ~Q(sex_after="")
                | ~Q(hamlet_after="")
                | Q(number_after__isnull=False)
                | Q(number_removed=True),
            ),
            models.CheckConstraint(
                name="correction_differs_from_what_stood",
                condition=_differs("full_name", empty=Q(full_name_after=""))
                & _differs("sex", empty=Q(sex_after=""))
                & _differs("hamlet", empty=Q(hamlet_after=""))
                & (Q(number_after__isnull=True) | Q(number_before__isnull=True) | ~Q(number_after=F("number_before"))),
            ),
            models.CheckConstraint(
                name="correction_birth_date_agrees_with_its_year",
                condition=Q(birth_date_after__isnull=True) | Q(birth_year_after=F("birth_date_after__year")),
            ),
            models.CheckConstraint(
                name="correction_removes_a_number_or_names_one",
                condition=Q(number_removed=False) | Q(number_after__isnull=True, number_before__isnull=False),
            ),
            models.CheckConstraint(
                name="correction_names_its_paper",
                condition=~Q(paper_number="") & ~Q(paper_issuer="") & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="correction_decided_by_and_at_together",
                condition=Q(status="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="PROPOSED") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="correction_is_confirmed_by_a_second_person",
                condition=~Q(status__in=["IN_FORCE", "REFUSED"]) | ~Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="correction_is_withdrawn_by_its_proposer",
                condition=~Q(status="WITHDRAWN") | Q(decided_by=F("proposed_by")),
            ),
            models.CheckConstraint(name="refused_correction_says_why", condition=~Q(status="REFUSED") | ~Q(note="")),
            models.UniqueConstraint(
                name="one_correction_of_a_person_waits", fields=["beneficiary"], condition=Q(status="PROPOSED")
            ),
        ]


class CorrectionScan(models.Model):
    """The paper a correction rests on, scanned: sealed whole, once per correction, for who decides. Append-only."""

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="scan")
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
