"""The accounts paying units pay from, and the money the Treasury puts into them."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum

from payments.errors import (
    FundingAccountInUse,
    FundingAccountKnown,
    TopUpRecorded,
)
from payments.models import FundingAccount, LedgerAccount, PaymentBatch, Posting, SettingChange, TopUp
from payments.services.proposing import propose_change
from payments.states import BatchStatus
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

Kind = SettingChange.Kind
OVER = (BatchStatus.CLOSED, BatchStatus.CANCELLED)
AT_THE_BANK_OR_THE_PROVIDER = (LedgerAccount.Kind.FUNDS, LedgerAccount.Kind.RESERVED, LedgerAccount.Kind.PROVIDER)


def propose_account(
    *, code: str, bank_account_id: str, unit: AdministrativeUnit, document: str, actor: User, now: datetime
) -> SettingChange:
    """Propose the account `unit` pays from, one per unit; a closed one comes back with the same code and bank account.

    Raises `FundingAccountKnown` when the unit, the code or the bank's id stands with something else, `NotAllowed`, `ChangeWaits`.
    """
    require(actor, Right.KEEP_FUNDING, unit=unit)
    _require_free(code=code, bank_account_id=bank_account_id, unit=unit)
    said = {"code": code, "bank_account_id": bank_account_id}
    return propose_change(kind=Kind.OPEN_ACCOUNT, unit=unit, said=said, document=document, actor=actor, now=now)


def propose_closing(*, account: FundingAccount, document: str, actor: User, now: datetime) -> SettingChange:
    """Propose that nothing is paid from the account any more. Raises `FundingAccountInUse`, `NotAllowed`, `ChangeWaits`."""
    require(actor, Right.KEEP_FUNDING, unit=account.paying_unit)
    _require_unused(account)
    said = {"code": account.code}
    unit = account.paying_unit
    return propose_change(kind=Kind.CLOSE_ACCOUNT, unit=unit, said=said, document=document, actor=actor, now=now)


def open_funding_account(change: SettingChange) -> None:
    """Put an accepted proposal in force, within the caller's transaction. Raises `FundingAccountKnown`."""
    said = {**change.said, "unit": change.unit}
    _require_free(**said)
    if not FundingAccount.objects.filter(code=said["code"]).update(closed_at=None):
        FundingAccount.objects.create(
            code=said["code"], bank_account_id=said["bank_account_id"], paying_unit=change.unit
        )


def close_funding_account(change: SettingChange, *, now: datetime) -> None:
    """Put an accepted proposal in force, within the caller's transaction. Raises `FundingAccountInUse`."""
    account = FundingAccount.objects.select_for_update().get(code=change.said["code"], paying_unit=change.unit)
    _require_unused(account)
    FundingAccount.objects.filter(pk=account.pk, closed_at__isnull=True).update(closed_at=now)


def record_top_up(
    *,
    account: FundingAccount,
    reference: str,
    amount: int,
    booked_on: date,
    actor: User,
    now: datetime,
    document: str = "",
) -> TopUp:
    """Record money (đồng) that was put into the account, to be found again on the statement by its reference. The same again changes nothing.

    `document`: number and day of the Treasury's paper. Raises `TopUpRecorded` when the reference stands with another amount, day, account or
    paper (which is in the conflicts), `NotAllowed`.
    """
    require(actor, Right.RECORD_TOP_UP, unit=account.paying_unit)
    said = {"funding_account": account, "reference": reference, "amount": amount, "booked_on": booked_on}
    if known := TopUp.objects.filter(**said).first():
        if document not in ("", known.document):
            raise TopUpRecorded(conflicts=[reference, f"văn bản đã ghi: {known.document or 'không có'}"])
        return known
    try:
        with transaction.atomic():
            return TopUp.objects.create(**said, document=document, recorded_by=actor, recorded_at=now)
    except IntegrityError as error:
        raise TopUpRecorded(conflicts=[reference]) from error


def _require_free(*, code: str, bank_account_id: str, unit: AdministrativeUnit) -> None:
    """Raise `FundingAccountKnown` if it is open already, or anything of it belongs to another account."""
    known = FundingAccount.objects.filter(code=code, bank_account_id=bank_account_id, paying_unit=unit).first()
    if known is not None and known.closed_at is not None:
        return
    taken = (
        FundingAccount.objects.filter(code=code)
        | FundingAccount.objects.filter(bank_account_id=bank_account_id)
        | FundingAccount.objects.filter(paying_unit=unit)
    )
    if conflicts := sorted(taken.values_list("code", flat=True)):
        raise FundingAccountKnown(conflicts=conflicts)


def _require_unused(account: FundingAccount) -> None:
    """Raise `FundingAccountInUse` while a list of its unit is not over, or money of it stands at the bank or with a provider."""
    lists = PaymentBatch.objects.filter(paying_unit=account.paying_unit).exclude(status__in=OVER)
    conflicts = [str(pk) for pk in lists.order_by("pk").values_list("pk", flat=True)[:20]]
    postings = Posting.objects.filter(account__funding_account=account, account__kind__in=AT_THE_BANK_OR_THE_PROVIDER)
    # Each by itself: what a provider holds is there, also where the books of the bank are as much below nothing.
    held = postings.values("account__kind").annotate(total=Sum("amount")).exclude(total=0).order_by("account__kind")
    conflicts += [f"{row['total']} đ" for row in held]
    if conflicts or account.closed_at is not None:
        raise FundingAccountInUse(conflicts=conflicts)
