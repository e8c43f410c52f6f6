"""Accounts that receive benefits, and why one may or may not be paid into."""

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.functions import Now

from beneficiaries.models.enrolments import PayeeKind
from beneficiaries.models.numbers import AccountNumber
from beneficiaries.models.people import Beneficiary
from beneficiaries.states import AT_THE_BANK, WITHOUT_NUMBER, AccountCause, AccountStatus, account_sources
from staff.models import User


class Reason(models.TextChoices):
    """Why somebody is not paid, or not through an account. One vocabulary for lists, reports and citizens' answers."""

    NO_ACCOUNT = "NO_ACCOUNT", "Chưa đăng ký tài khoản"
    NAME_MISMATCH = "NAME_MISMATCH", "Tên chủ tài khoản không khớp"
    NAME_CHANGED = "NAME_CHANGED", "Đã đổi họ tên, chờ xác nhận tên chủ tài khoản"
    INVALID_ACCOUNT = "INVALID_ACCOUNT", "Số tài khoản sai hoặc không tồn tại"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED", "Tài khoản đã đóng"
    ACCOUNT_BLOCKED = "ACCOUNT_BLOCKED", "Tài khoản tạm khóa, phong tỏa"
    RETURNED = "RETURNED", "Ngân hàng hoàn trả"
    DECLINED = "DECLINED", "Ngân hàng từ chối"
    ACCOUNT_PENDING = "ACCOUNT_PENDING", "Chờ ngân hàng xác nhận tài khoản"
    ACCOUNT_CHANGE_WAITING = "ACCOUNT_CHANGE_WAITING", "Mới đổi tài khoản, đang trong thời gian chờ"
    AUTHORISATION_INVALID = "AUTHORISATION_INVALID", "Giấy ủy quyền thiếu hoặc hết hạn"
    CASH_CHOSEN = "CASH_CHOSEN", "Đề nghị nhận tiền mặt"
    IDENTITY_CHECK = "IDENTITY_CHECK", "Chờ xác minh thông tin"
    DUPLICATE = "DUPLICATE", "Nghi trùng: đang hưởng nơi khác hoặc chế độ khác"
    EXCLUDED = "EXCLUDED", "Đã hưởng khoản khác, hai khoản không được hưởng đồng thời"
    DECEASED = "DECEASED", "Người hưởng đã mất"
    DEATH_NOTICE = "DEATH_NOTICE", "Chờ xác minh tin báo tử"
    NO_DECISION = "NO_DECISION", "Chưa có quyết định hưởng"
    MOVED = "MOVED", "Chuyển nơi cư trú, chờ nơi mới"
    CASH_NOT_COLLECTED = "CASH_NOT_COLLECTED", "Chưa đến nhận tiền mặt"
    UNKNOWN = "UNKNOWN", "Chờ tra soát"
    NEXT_MONTH = "NEXT_MONTH", "Để kỳ sau"


# What may stand against an account, or send money to people's hands: another right that is paid instead is neither, nor is a month's wait.
ACCOUNT_REASONS = [choice for choice in Reason.choices if choice[0] not in (Reason.EXCLUDED, Reason.NEXT_MONTH)]


class NameVerdict(models.TextChoices):
    """What comparing the holder's name at the bank with the name we expect came to."""

    UNCHECKED = "UNCHECKED", "Chưa so tên"
    SAME = "SAME", "Trùng tên"
    REVIEW = "REVIEW", "Gần giống, chờ xem lại"
    DIFFERENT = "DIFFERENT", "Tên khác"


class BankAccountQuerySet(models.QuerySet["BankAccount"]):
    """Accounts by adjective, and the one guarded move."""

    def apply(
        self, cause: AccountCause, *, now: datetime, on: date, actor: User | None, note: str = "", **changes: Any
    ) -> int:
        """Move the rows that `cause` may move and return how many moved; `on` is the business day it is true from."""
        moves = account_sources(cause)
        return self.filter(status__in=list(moves)).update(
            status=Case(*[When(status=before, then=Value(after)) for before, after in moves.items()]),
            cause=cause,
            status_at=now,
            status_on=on,
            changed_by=actor,
            note=note,
            **changes,
        )


class BankAccount(models.Model):
    """An account a beneficiary's money may go to, from the wish to have one (NEEDED, no number yet) to its end.

    VERIFIED: open at the bank and in the name of the person who is to receive. `last_credited_month` is the last month we know was
    credited to it and not sent back: such an account goes on being paid while an identity is in doubt. `opened_on` and `closed_on` are
    business days: by them coverage is counted as of any date. Every change is kept as an `AccountEvent` by the database.
    """

    Status = AccountStatus

    class Source(models.TextChoices):
        VNEID = "VNEID", "Tài khoản hưởng an sinh xã hội trên VNeID"
        SLIP = "SLIP", "Phiếu đăng ký"
        BANK = "BANK", "Ngân hàng mở đồng loạt"
        REGISTRY = "REGISTRY", "Danh sách gốc của xã"
        PAYER = "PAYER", "Tổ chức dịch vụ chi trả"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="accounts")
    number = models.ForeignKey(AccountNumber, null=True, on_delete=models.PROTECT, related_name="accounts")
    bank_bin = models.CharField(max_length=6, blank=True)
    holder_name = models.CharField(max_length=100, blank=True)
    holder_kind = models.CharField(max_length=10, choices=PayeeKind.choices, default=PayeeKind.OWN)
    name_verdict = models.CharField(max_length=9, choices=NameVerdict.choices, db_default=NameVerdict.UNCHECKED)
    name_score = models.PositiveSmallIntegerField(null=True, help_text="0-100")
    source = models.CharField(max_length=8, choices=Source.choices)
    status = models.CharField(max_length=9, choices=AccountStatus.choices)
    cause = models.CharField(max_length=14, choices=AccountCause.choices, db_default=AccountCause.REGISTER)
    reason = models.CharField(max_length=24, choices=ACCOUNT_REASONS, blank=True, help_text="why it is not VERIFIED")
    status_at = models.DateTimeField(db_default=Now(), help_text="our clock, when `status` was last written")
    status_on = models.DateField(null=True, help_text="business day the status is true from")
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True, db_default="")
    opened_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    last_credited_month = models.DateField(null=True)

    objects = BankAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="account_once_per_beneficiary_and_number", fields=["beneficiary", "number"]),
            models.UniqueConstraint(
                name="one_account_to_open_per_beneficiary",
                fields=["beneficiary"],
                condition=Q(status__in=WITHOUT_NUMBER),
            ),
            models.CheckConstraint(
                name="verified_account_has_no_reason_against_it", condition=~Q(status="VERIFIED") | Q(reason="")
            ),
            models.CheckConstraint(
                name="account_at_the_bank_has_a_number",
                condition=~Q(status__in=AT_THE_BANK) | Q(number__isnull=False),
            ),
            models.CheckConstraint(
                name="account_to_open_has_no_number", condition=~Q(status__in=WITHOUT_NUMBER) | Q(number__isnull=True)
            ),
            models.CheckConstraint(
                name="bank_bin_has_six_digits",
                condition=Q(bank_bin__regex=r"^\d{6}$") | Q(bank_bin="", number__isnull=True),
            ),
            models.CheckConstraint(
                name="only_a_closed_account_has_a_last_day", condition=Q(closed_on__isnull=True) | Q(status="CLOSED")
            ),
            models.CheckConstraint(
                name="name_score_is_a_percentage", condition=Q(name_score__isnull=True) | Q(name_score__lte=100)
            ),
        ]


class AccountEvent(models.Model):
    """What an account was from a day on: who, when, why. Written by the database at every change; nobody else writes here."""

    account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="events")
    cause = models.CharField(max_length=14, choices=AccountCause.choices)
    status = models.CharField(max_length=9, choices=AccountStatus.choices)
    reason = models.CharField(max_length=24, blank=True)
    holder_kind = models.CharField(max_length=10, choices=PayeeKind.choices)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "effective_on", "id"], name="account_event_as_of")]
