"""Accounts that receive benefits, and why one may or may not be paid into."""

from django.db import models
from django.db.models import Q

from beneficiaries.models.enrolments import PayeeKind
from beneficiaries.models.numbers import AccountNumber
from beneficiaries.models.people import Beneficiary


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
    IDENTITY_CHECK = "IDENTITY_CHECK", "Chờ xác minh thông tin"
    DUPLICATE = "DUPLICATE", "Nghi trùng: đang hưởng nơi khác hoặc chế độ khác"
    DECEASED = "DECEASED", "Người hưởng đã mất"
    DEATH_NOTICE = "DEATH_NOTICE", "Chờ xác minh tin báo tử"
    NO_DECISION = "NO_DECISION", "Chưa có quyết định hưởng"
    CASH_NOT_COLLECTED = "CASH_NOT_COLLECTED", "Chưa đến nhận tiền mặt"
    UNKNOWN = "UNKNOWN", "Chờ tra soát"


class BankAccount(models.Model):
    """An account a beneficiary's money may go to.

    VERIFIED: open at the bank and in the name of the person who is to receive. `last_credited_month` is the last month we know was
    credited to it and not sent back: such an account goes on being paid while an identity is in doubt.
    """

    class Status(models.TextChoices):
        NEEDED = "NEEDED", "Cần mở"
        REQUESTED = "REQUESTED", "Đã đề nghị mở"
        OPENED = "OPENED", "Đã mở, chờ xác nhận"
        VERIFIED = "VERIFIED", "Đã xác nhận"
        CLOSED = "CLOSED", "Đã đóng"
        REFUSED = "REFUSED", "Ngân hàng từ chối mở"

    class Source(models.TextChoices):
        VNEID = "VNEID", "Tài khoản hưởng an sinh xã hội trên VNeID"
        SLIP = "SLIP", "Phiếu đăng ký"
        BANK = "BANK", "Ngân hàng mở đồng loạt"
        REGISTRY = "REGISTRY", "Danh sách gốc của xã"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="accounts")
    number = models.ForeignKey(AccountNumber, on_delete=models.PROTECT, related_name="accounts")
    bank_bin = models.CharField(max_length=6)
    holder_name = models.CharField(max_length=100, blank=True)
    holder_kind = models.CharField(max_length=10, choices=PayeeKind.choices, default=PayeeKind.OWN)
    source = models.CharField(max_length=8, choices=Source.choices)
    status = models.CharField(max_length=9, choices=Status.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, help_text="why it is not VERIFIED")
    opened_on = models.DateField(null=True)
    verified_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    last_credited_month = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="account_once_per_beneficiary_and_number", fields=["beneficiary", "number"]),
            models.CheckConstraint(
                name="verified_account_has_no_reason_against_it", condition=~Q(status="VERIFIED") | Q(reason="")
            ),
            models.CheckConstraint(name="bank_bin_has_six_digits", condition=Q(bank_bin__regex=r"^\d{6}$")),
        ]
