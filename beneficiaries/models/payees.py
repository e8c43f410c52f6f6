"""Who receives for a beneficiary, by which paper, from when until when; and the slip that says how the money is to come."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from beneficiaries.models.accounts import BankAccount
from beneficiaries.models.enrolments import PayeeKind
from beneficiaries.models.numbers import IdentityNumber
from beneficiaries.models.people import Beneficiary
from beneficiaries.states import ChangeStatus
from staff.models import User


class PayeeRelation(models.Model):
    """One person who receives for a beneficiary. A power of attorney (AUTHORISED) has a number, a certifier and a term.

    Valid on day d when `valid_from <= d`, `valid_until` is not before d and `ended_on` is after d; days both included. A relation is
    ended, never edited or deleted. The phone is kept sealed.
    """

    class EndReason(models.TextChoices):
        REVOKED = "REVOKED", "Chấm dứt theo đề nghị"
        REPLACED = "REPLACED", "Thay bằng giấy mới"
        DECEASED = "DECEASED", "Người hưởng hoặc người nhận thay đã mất"

    class Scope(models.TextChoices):
        RECEIVE = "RECEIVE", "Nhận tiền thay"
        RECEIVE_AND_SIGN = "RECEIVE_AND_SIGN", "Nhận tiền thay và ký phiếu đăng ký hình thức nhận"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="payees")
    kind = models.CharField(max_length=10, choices=PayeeKind.choices)
    full_name = models.CharField(max_length=100)
    name_key = models.CharField(max_length=100)
    number = models.ForeignKey(IdentityNumber, null=True, on_delete=models.PROTECT, related_name="payees")
    sealed_phone = models.BinaryField(null=True)
    scope = models.CharField(max_length=16, choices=Scope.choices, default=Scope.RECEIVE)
    paper_number = models.CharField(max_length=60, blank=True)
    paper_signed_on = models.DateField(null=True)
    certified_by = models.CharField(max_length=120, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, help_text="last day")
    ended_on = models.DateField(null=True, help_text="first day on which it holds no longer")
    end_reason = models.CharField(max_length=8, choices=EndReason.choices, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_live_payee_per_beneficiary_and_kind",
                fields=["beneficiary", "kind"],
                condition=Q(ended_on__isnull=True),
            ),
            models.CheckConstraint(name="payee_is_somebody_else", condition=~Q(kind=PayeeKind.OWN)),
            models.CheckConstraint(
                name="power_of_attorney_has_number_certifier_and_term",
                condition=~Q(kind=PayeeKind.AUTHORISED)
                | (~Q(paper_number="") & ~Q(certified_by="") & Q(valid_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="payee_term_ends_after_it_begins",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="payee_ended_on_and_why_together",
                condition=Q(ended_on__isnull=True, end_reason="") | (Q(ended_on__isnull=False) & ~Q(end_reason="")),
            ),
        ]


def not_ended(*, on: date) -> Q:
    """Relations that nobody ended by that day: one replaced from a later day on holds until then."""
    return Q(ended_on__isnull=True) | Q(ended_on__gt=on)


class PayeePaper(models.Model):
    """The paper a relation rests on (giấy ủy quyền, trích lục giám hộ, giấy khai sinh), scanned: sealed whole, once per relation. Append-only."""

    relation = models.OneToOneField(PayeeRelation, on_delete=models.PROTECT, related_name="paper")
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class RegistrationSlip(models.Model):
    """Phiếu đăng ký hình thức nhận trợ cấp: how a person wants the money, who signed, when. Append-only; the newest one holds."""

    class Method(models.TextChoices):
        ACCOUNT = "ACCOUNT", "Qua tài khoản"
        CASH = "CASH", "Tiền mặt"

    beneficiary = models.ForeignKey(Beneficiary, on_delete=models.PROTECT, related_name="slips")
    method = models.CharField(max_length=7, choices=Method.choices)
    account = models.ForeignKey(BankAccount, null=True, on_delete=models.PROTECT, related_name="slips")
    signed_on = models.DateField()
    signer_kind = models.CharField(max_length=10, choices=PayeeKind.choices, help_text="OWN: the beneficiary")
    signer_name = models.CharField(max_length=100)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["beneficiary", "signed_on", "id"], name="newest_slip")]
        constraints = [
            models.CheckConstraint(
                name="slip_names_an_account_or_cash",
                condition=Q(method="ACCOUNT", account__isnull=False) | Q(method="CASH", account__isnull=True),
            ),
        ]


class SlipScan(models.Model):
    """The signed slip, scanned: sealed whole, at most once per slip. Append-only."""

    slip = models.OneToOneField(RegistrationSlip, on_delete=models.PROTECT, related_name="scan")
    content_type = models.CharField(max_length=20)
    sealed = models.BinaryField()
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()


class AccountChange(models.Model):
    """A person who is paid into one account gets another: a second member of staff decides, and then time passes before money goes there.

    `old_account` is null for a first account of somebody whose identity rests on one reviewer's word, who then is `requested_by`.
    `usable_from` is the first day on which a list may be made with the new account. Meanwhile the old one, or cash, is used.
    """

    old_account = models.ForeignKey(BankAccount, null=True, on_delete=models.PROTECT, related_name="changes_away")
    new_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="changes_here")
    status = models.CharField(max_length=8, choices=ChangeStatus.choices, default=ChangeStatus.PENDING)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    usable_from = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_change_at_a_time_to_an_account", fields=["new_account"], condition=Q(status="PENDING")
            ),
            models.CheckConstraint(
                name="account_change_is_decided_by_a_second_person",
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
            ),
            models.CheckConstraint(
                name="account_change_says_who_decided_and_when",
                condition=Q(status="PENDING", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(status="PENDING") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="approved_account_change_has_a_first_day",
                condition=Q(status="APPROVED", usable_from__isnull=False)
                | (~Q(status="APPROVED") & Q(usable_from__isnull=True)),
            ),
            models.CheckConstraint(
                name="account_change_is_to_another_account", condition=~Q(old_account=F("new_account"))
            ),
        ]


class SourcePrecedence(models.Model):
    """Which source of accounts goes before which when a person has several good ones: the lowest rank first. Data, not code."""

    source = models.CharField(max_length=8, choices=BankAccount.Source.choices, unique=True)
    rank = models.PositiveSmallIntegerField(unique=True)
