"""The second source of identity: questions about single people, and the verdict given on each. All of it append-only."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.intake import ReceivedFile
from beneficiaries.models.numbers import IdentityNumber
from beneficiaries.models.people import Beneficiary
from staff.models import AdministrativeUnit, User

VERDICT_ROW = "verdict-row"


class VerdictSource(models.TextChoices):
    """Who answers."""

    POLICE_LIST = "POLICE_LIST", "Danh sách gửi công an xác minh"
    PLATFORM = "PLATFORM", "Nền tảng chia sẻ dữ liệu dân cư"


class IdentityEnquiry(models.Model):
    """One list of people whose identity was asked about: by whom, for which purpose. The purpose is the legal ground of handing data out."""

    unit = models.ForeignKey(AdministrativeUnit, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=11, choices=VerdictSource.choices)
    purpose = models.CharField(max_length=200)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="enquiry_names_its_purpose", condition=~Q(purpose=""))]


class IdentityQuestion(models.Model):
    """One person on an enquiry, and what was said of them: a verdict is about these values, not about later ones."""

    enquiry = models.ForeignKey(IdentityEnquiry, on_delete=models.PROTECT, related_name="questions")
    ordinal = models.IntegerField()
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="questions")
    number = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="+")
    name_key = models.CharField(max_length=100)
    birth_date = models.DateField(null=True)
    birth_year = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="question_once_per_enquiry_and_ordinal", fields=["enquiry", "ordinal"]),
            models.UniqueConstraint(name="question_once_per_enquiry_and_person", fields=["enquiry", "beneficiary"]),
        ]


class EnquiryFile(models.Model):
    """That the list of an enquiry left the house: each time, by whom."""

    enquiry = models.ForeignKey(IdentityEnquiry, on_delete=models.PROTECT, related_name="files")
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()


class Verdict(models.Model):
    """What the answering side said about one person. The latest one by `answered_on` has effect; none ever means "not paid"."""

    class Outcome(models.TextChoices):
        MATCHES = "MATCHES", "Khớp đúng"
        WRONG_NAME = "WRONG_NAME", "Sai họ tên"
        WRONG_BIRTH_DATE = "WRONG_BIRTH_DATE", "Sai ngày sinh"
        WRONG_NUMBER = "WRONG_NUMBER", "Sai số"
        NOT_FOUND = "NOT_FOUND", "Không tìm thấy"
        DECEASED = "DECEASED", "Đã chết"
        DUPLICATE = "DUPLICATE", "Trùng"

    question = models.ForeignKey(IdentityQuestion, on_delete=models.PROTECT, related_name="verdicts")
    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="verdicts")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    source = models.CharField(max_length=11, choices=VerdictSource.choices)
    answered_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(ReceivedFile, null=True, on_delete=models.PROTECT, related_name="verdicts")
    sealed_note = models.BinaryField(null=True, help_text="the answering side's remark, encrypted")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="verdict_once_per_question_outcome_and_day", fields=["question", "outcome", "answered_on"]
            ),
        ]
        indexes = [models.Index(name="verdicts_of_a_person", fields=["beneficiary", "-answered_on", "-id"])]
