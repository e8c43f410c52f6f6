"""A difference between our books and the statement, and every step somebody took to explain it."""

from django.db import models
from django.db.models import Q

from payments.models import FundingAccount, FundTransfer, Payment, ResultLine
from reconciliation.models.statements import Statement, StatementLine, StatementMatch
from staff.models import User

PROVIDER_KINDS = ["NOT_ON_LIST", "PROVIDER_AMOUNT", "PROVIDER_CONTRADICTS"]


class Discrepancy(models.Model):
    """A difference between our books and the statement, or a provider's result list, until it is explained. Its way stands in its steps.

    `ours` and `theirs` are đồng with the line's sign. `write_off_by` has signed to write it off and waits for a second person;
    `answer_due_on`: the bank was asked and is to answer by then. Both end with the discrepancy, or when it is reopened.
    """

    class Kind(models.TextChoices):
        MISSING_ON_STATEMENT = "MISSING_ON_STATEMENT", "Thiếu trên sao kê"
        UNEXPECTED_LINE = "UNEXPECTED_LINE", "Dòng lạ"
        AMOUNT_DIFFERS = "AMOUNT_DIFFERS", "Lệch số tiền"
        DUPLICATE_DEBIT = "DUPLICATE_DEBIT", "Ghi Nợ hai lần"
        LATE = "LATE", "Đến muộn"
        RETURN_UNEXPLAINED = "RETURN_UNEXPLAINED", "Hoàn trả chưa rõ"
        BALANCE_GAP = "BALANCE_GAP", "Lệch số dư"
        BANK_CONTRADICTS = "BANK_CONTRADICTS", "Ngân hàng báo khác trạng thái đã ghi"
        NOT_ON_LIST = "NOT_ON_LIST", "Tổ chức chi trả báo người không có trong danh sách"
        PROVIDER_AMOUNT = "PROVIDER_AMOUNT", "Tổ chức chi trả báo số tiền khác danh sách"
        PROVIDER_CONTRADICTS = "PROVIDER_CONTRADICTS", "Tổ chức chi trả báo khác lần trước"

    class Status(models.TextChoices):
        OPEN = "OPEN", "Chưa xử lý"
        RESOLVED = "RESOLVED", "Đã xử lý"

    class Ground(models.TextChoices):
        """Why it is no difference any more."""

        FOUND_LATER = "FOUND_LATER", "Số liệu nhận sau đã giải thích"
        LINKED = "LINKED", "Kế toán nối với khoản chi"
        BOOKED = "BOOKED", "Đã ghi bút toán phí, lãi"
        BANK_ANSWERED = "BANK_ANSWERED", "Ngân hàng, tổ chức chi trả đã trả lời"
        WRITTEN_OFF = "WRITTEN_OFF", "Xử lý chênh lệch theo quyết định"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True, help_text="what it is about, so that it is raised once")
    statement = models.ForeignKey(Statement, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    line = models.ForeignKey(StatementLine, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    payment = models.ForeignKey(Payment, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    fund_transfer = models.ForeignKey(FundTransfer, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    result_line = models.ForeignKey(ResultLine, null=True, on_delete=models.PROTECT, related_name="discrepancies")
    funding_account = models.ForeignKey(
        FundingAccount,
        null=True,
        on_delete=models.PROTECT,
        related_name="discrepancies",
        help_text="of a provider's word",
    )
    ours = models.BigIntegerField(null=True)
    theirs = models.BigIntegerField(null=True)
    sentence = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    found_at = models.DateTimeField()
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer_due_on = models.DateField(null=True)
    write_off_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    ground = models.CharField(max_length=13, choices=Ground.choices, blank=True, db_default="")
    resolution = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="discrepancy_resolved_by_and_at_together",
                condition=Q(status="OPEN", resolved_by__isnull=True, resolved_at__isnull=True, ground="")
                | (Q(status="RESOLVED", resolved_by__isnull=False, resolved_at__isnull=False) & ~Q(ground="")),
            ),
            models.CheckConstraint(
                name="discrepancy_of_a_provider_names_its_word_and_account",
                condition=Q(kind__in=PROVIDER_KINDS, result_line__isnull=False, statement__isnull=True)
                | (~Q(kind__in=PROVIDER_KINDS) & Q(result_line__isnull=True, funding_account__isnull=True)),
            ),
            models.CheckConstraint(
                name="discrepancy_of_a_transfer_is_that_it_is_missing",
                condition=Q(fund_transfer__isnull=True)
                | Q(kind="MISSING_ON_STATEMENT", payment__isnull=True, line__isnull=True),
            ),
            models.CheckConstraint(
                name="discrepancy_resolved_waits_for_nobody",
                condition=Q(status="OPEN") | Q(answer_due_on__isnull=True, write_off_by__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["found_at"], name="discrepancy_open", condition=Q(status="OPEN"))]


class DiscrepancyStep(models.Model):
    """One thing done about a discrepancy: who, when, and in words why. Append-only.

    A trigger holds that nobody signs to write off what they released, and that the second signature is another person's (I10).
    """

    class Kind(models.TextChoices):
        ASSIGNED = "ASSIGNED", "Giao người xử lý"
        NOTED = "NOTED", "Ghi chú"
        BANK_ASKED = "BANK_ASKED", "Tra soát ngân hàng"
        CARRIED = "CARRIED", "Chuyển sang kỳ sau"
        PROPOSED = "PROPOSED", "Đề nghị xử lý theo quyết định"
        DECLINED = "DECLINED", "Không đồng ý xử lý theo quyết định"
        RESOLVED = "RESOLVED", "Đã xử lý"
        REOPENED = "REOPENED", "Mở lại"

    discrepancy = models.ForeignKey(Discrepancy, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ground = models.CharField(max_length=13, choices=Discrepancy.Ground.choices, blank=True)
    note = models.CharField(
        max_length=300, help_text="in words: why, or the paper it rests on; never a number of a person"
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField(
        null=True, help_text="by when the bank is to answer; of CARRIED: the month it was carried out of"
    )
    match = models.ForeignKey(StatementMatch, null=True, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="step_says_what_its_kind_needs",
                condition=Q(kind="ASSIGNED", owner__isnull=False)
                | Q(kind__in=["BANK_ASKED", "CARRIED"], due_on__isnull=False)
                | (Q(kind="RESOLVED") & ~Q(ground=""))
                | Q(kind__in=["NOTED", "PROPOSED", "DECLINED", "REOPENED"]),
            ),
            models.CheckConstraint(name="step_has_a_note", condition=~Q(note="")),
        ]
