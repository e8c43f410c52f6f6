"""Three people sign a list: maker submits, checker approves, releaser releases. Each signature carries the digest of the list as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from banks.transfers import Transfers
from payments.errors import ListChangedSinceSigned, ListIsEmpty, NotEnoughFunds, SignerAlreadySigned, WrongBatchState
from payments.models import FundingAccount, Payment, PaymentBatch, Signature
from payments.services.journal import reserve_for_release
from payments.services.stop import stop_changed_since_signed
from payments.states import BatchStatus, Cause, PaymentStatus, Step
from staff.models import User
from staff.rights import Right, require


@dataclass(frozen=True)
class _Stage:
    step: Step
    right: Right
    before: BatchStatus
    after: BatchStatus


SUBMIT = _Stage(Step.MAKER, Right.SUBMIT, BatchStatus.DRAFT, BatchStatus.SUBMITTED)
APPROVE = _Stage(Step.CHECKER, Right.APPROVE, BatchStatus.SUBMITTED, BatchStatus.APPROVED)
RELEASE = _Stage(Step.RELEASER, Right.RELEASE, BatchStatus.APPROVED, BatchStatus.RELEASED)


def submit(*, batch_ids: Sequence[int], actor: User, now: datetime) -> None:
    """The maker signs lists and hands them to the checker. All or none; raises a `Refusal`."""
    _sign_all(SUBMIT, batch_ids=batch_ids, actor=actor, now=now)


def approve(*, batch_ids: Sequence[int], actor: User, now: datetime) -> None:
    """The checker signs lists and hands them to the releaser. All or none; raises a `Refusal`."""
    _sign_all(APPROVE, batch_ids=batch_ids, actor=actor, now=now)


def release(*, batch_ids: Sequence[int], actor: User, now: datetime, bank: Transfers) -> int:
    """The releaser signs: what changed for the worse since signing is stopped, the rest becomes READY. Returns how many payments.

    The bank is asked for its balances first, outside the transaction. Raises `NotEnoughFunds`, and the refusals of signing.
    """
    batches = PaymentBatch.objects.filter(pk__in=batch_ids).select_related("paying_unit", "funding_account")
    for batch in batches:
        require(actor, Right.RELEASE, unit=batch.paying_unit)
    asked_at = timezone.now()
    balances = {
        account: bank.balance(account.bank_account_id)
        for account in {batch.funding_account for batch in batches}
        if account
    }
    with transaction.atomic():
        _require_funds(balances, batch_ids=batch_ids, asked_at=asked_at)
        _sign_all(RELEASE, batch_ids=batch_ids, actor=actor, now=now)
        stop_changed_since_signed(batch_ids=batch_ids, now=now)
        released = Payment.objects.filter(batch__in=batch_ids).apply(Cause.RELEASE, now=now)
        reserve_for_release(batch_ids=batch_ids, now=now)
    return released


@transaction.atomic
def return_for_revision(*, batch_ids: Sequence[int], actor: User, note: str, now: datetime) -> None:
    """Give lists back to the maker as a new revision; every signature stays on the old one. Raises `WrongBatchState`, `NotAllowed`."""
    for batch in _locked(batch_ids):
        require(actor, Right.RETURN_FOR_REVISION, unit=batch.paying_unit)
        if batch.status not in (BatchStatus.SUBMITTED, BatchStatus.APPROVED):
            raise WrongBatchState(conflicts=[str(batch.pk)])
        batch.status, batch.revision, batch.return_note, batch.status_at = (
            BatchStatus.DRAFT,
            batch.revision + 1,
            note[:300],
            now,
        )
        batch.save(update_fields=["status", "revision", "return_note", "status_at"])


def list_digest(batch_id: int) -> str:
    """The digest (SHA-256, hex) over every line of the list: whom, how much, into which account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_list_digest(%s)", [batch_id])
        digest: str = cursor.fetchone()[0]
    return digest


def _locked(batch_ids: Sequence[int]) -> list[PaymentBatch]:
    """The lists in the order of their ids, locked: two who sign at once wait for each other instead of deadlocking."""
    return list(
        PaymentBatch.objects.select_for_update(of=("self",))
        .select_related("paying_unit")
        .filter(pk__in=batch_ids)
        .order_by("pk")
    )


@transaction.atomic
def _sign_all(stage: _Stage, *, batch_ids: Sequence[int], actor: User, now: datetime) -> None:
    for batch in _locked(batch_ids):
        _sign(stage, batch=batch, actor=actor, now=now)


def _sign(stage: _Stage, *, batch: PaymentBatch, actor: User, now: datetime) -> None:
    require(actor, stage.right, unit=batch.paying_unit)
    if batch.status != stage.before:
        raise WrongBatchState(conflicts=[str(batch.pk)])
    if stage is SUBMIT and not batch.payments.exclude(status=PaymentStatus.CANCELLED).exists():
        raise ListIsEmpty(conflicts=[str(batch.pk)])
    digest = list_digest(batch.pk)
    signed = batch.signatures.filter(revision=batch.revision)
    if signed.exclude(digest=digest).exists():
        raise ListChangedSinceSigned(conflicts=[str(batch.pk)])
    try:
        with transaction.atomic():
            Signature.objects.create(
                batch=batch, revision=batch.revision, step=stage.step, signer=actor, digest=digest, signed_at=now
            )
    except IntegrityError as error:
        raise SignerAlreadySigned(conflicts=[str(batch.pk)]) from error
    batch.status, batch.status_at = stage.after, now
    batch.save(update_fields=["status", "status_at"])


def _require_funds(balances: dict[FundingAccount, int], *, batch_ids: Sequence[int], asked_at: datetime) -> None:
    """What is released now and what is released but not with the bank yet must be covered by its balance.

    The accounts are locked, so that two releases at once can't both count on the same money; what the bank took after it was asked
    for its balance is counted too.
    """
    list(FundingAccount.objects.select_for_update().filter(pk__in=[account.pk for account in balances]).order_by("pk"))
    for account, balance in balances.items():
        payments = Payment.objects.filter(batch__funding_account=account)
        new = payments.filter(batch__in=batch_ids, status=PaymentStatus.DRAFT)
        waiting = payments.filter(
            Q(status__in=(PaymentStatus.READY, PaymentStatus.SENT))
            | Q(status=PaymentStatus.PROCESSING, status_at__gte=asked_at)
        )
        if _total(new) + _total(waiting) > balance:
            raise NotEnoughFunds(conflicts=[account.code])


def _total(payments: QuerySet[Payment]) -> int:
    return payments.aggregate(total=Sum("amount"))["total"] or 0
