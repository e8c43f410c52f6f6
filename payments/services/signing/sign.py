"""People sign a list one after the other, each for themselves or by delegation, over the digest of the list as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction

from banks.transfers import Transfers
from payments.errors import (
    FundingAccountClosed,
    ListChangedSinceRead,
    ListChangedSinceSigned,
    ListIsEmpty,
    MakerSignsAsMakerOnly,
    NotEnoughFunds,
    NotYourTurn,
    SignerAlreadySigned,
    WrongBatchState,
)
from payments.errors.signing import SignatureOutOfTime
from payments.models import Payment, PaymentBatch, Signature
from payments.services.ledger.funds import BalanceIsOld, ask_for_balances, require_funds
from payments.services.ledger.journal import reserve_for_release
from payments.services.lists.conflicts import require_settled
from payments.services.lists.emptied import cancel_emptied
from payments.services.signing.authority import authority_of, title_of
from payments.services.signing.freeze import require_not_frozen
from payments.services.signing.stop import stop_changed_since_signed
from payments.states import SIGNED_AT, BatchStatus, Cause, Step
from staff.errors import NotAllowed, Refusal, constraint_of
from staff.models import Delegation, User
from staff.rights import Right, require

Seen = Mapping[int, str]
"""By list id, the digest of the list as the signer read it: another list than that is not signed."""

STILL_MOVING = "lệnh chi của tài khoản đang được gửi đi trong lúc hỏi số dư: chờ vài phút rồi duyệt chi lại"
_ASKED_AT_MOST = 3  # for balances: while orders of the same account go out, one answer may be old when it comes
_REFUSED_BY: dict[str, type[Refusal]] = {
    "signer_once_per_batch_revision": SignerAlreadySigned,
    "step_once_per_batch_revision": WrongBatchState,
    "maker_signs_as_maker_only": MakerSignsAsMakerOnly,
    "list_is_signed_in_order": NotYourTurn,
    "signer_has_the_role_of_the_step": NotAllowed,
    "signature_is_of_its_moment": SignatureOutOfTime,
}


def submit(*, batch_ids: Sequence[int], actor: User, now: datetime, seen: Seen | None = None) -> None:
    """The maker signs lists and hands them on. All or none; raises a `Refusal`: a hard conflict, or a warning nobody looked into, stops it.

    Here and at every step a list that was cancelled because nobody is left on it is passed over: there is nothing to sign. `ListIsEmpty` when all
    of them are such. One that emptied after it was submitted is still signed, or returned, which cancels it; it pays nothing.
    """
    _sign_all(Step.MAKER, batch_ids=batch_ids, actor=actor, now=now, seen=seen)


def review(*, batch_ids: Sequence[int], actor: User, now: datetime, seen: Seen | None = None) -> None:
    """The leader of the professional unit signs, where a rule asks for it. All or none; raises a `Refusal`."""
    _sign_all(Step.REVIEWER, batch_ids=batch_ids, actor=actor, now=now, seen=seen)


def approve(*, batch_ids: Sequence[int], actor: User, now: datetime, seen: Seen | None = None) -> None:
    """The checker signs lists and hands them to the releaser. All or none; raises a `Refusal`."""
    _sign_all(Step.CHECKER, batch_ids=batch_ids, actor=actor, now=now, seen=seen)


def cosign(*, batch_ids: Sequence[int], actor: User, now: datetime, seen: Seen | None = None) -> None:
    """The further signer of a large list signs, where a rule asks for it. All or none; raises a `Refusal`."""
    _sign_all(Step.COSIGNER, batch_ids=batch_ids, actor=actor, now=now, seen=seen)


def release(*, batch_ids: Sequence[int], actor: User, now: datetime, bank: Transfers, seen: Seen | None = None) -> int:
    """The releaser signs: what changed for the worse since signing is stopped, the rest becomes READY. Returns how many payments.

    The bank is asked for its balances first, outside the transaction. Raises `NotEnoughFunds`, `FundingAccountClosed`, `PaymentIsSuspended`, and
    the refusals of signing.
    """
    batches = PaymentBatch.objects.filter(pk__in=batch_ids).select_related("paying_unit", "funding_account")
    for batch in batches:
        authority_of(actor=actor, step=Step.RELEASER, unit=batch.paying_unit, now=now)
    if closed := [str(batch.pk) for batch in batches if batch.funding_account and batch.funding_account.closed_at]:
        raise FundingAccountClosed(conflicts=closed)
    # Said before the bank is asked, and once more where no freeze can come between.
    require_not_frozen(*(batch for batch in batches if batch.status == BatchStatus.APPROVED))
    accounts = {batch.funding_account for batch in batches if batch.funding_account}
    for _ in range(_ASKED_AT_MOST):
        told = ask_for_balances(accounts=accounts, bank=bank)
        try:
            with transaction.atomic():
                _locked(batch_ids)  # lists before funding accounts, as everybody holds them (ADR 71)
                require_funds(told=told, batch_ids=batch_ids)
                _sign_all(Step.RELEASER, batch_ids=batch_ids, actor=actor, now=now, seen=seen)
                stop_changed_since_signed(batch_ids=batch_ids, now=now)
                released = Payment.objects.filter(batch__in=batch_ids).apply(Cause.RELEASE, now=now)
                reserve_for_release(batch_ids=batch_ids, now=now)
        except BalanceIsOld:
            continue
        return released
    raise NotEnoughFunds(conflicts=[*sorted(account.code for account in accounts), STILL_MOVING])


@transaction.atomic
def return_for_revision(*, batch_ids: Sequence[int], actor: User, note: str, now: datetime) -> None:
    """Give lists back to the maker as a new revision; every signature stays on the old one. One nobody is left on is cancelled instead.

    Raises `WrongBatchState`, `NotAllowed`.
    """
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
    cancel_emptied(batch_ids=batch_ids, now=now)


def list_digest(batch_id: int) -> str:
    """The digest (SHA-256, hex) over every line of the list: whom, how much, into which account."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT payments_list_digest(%s)", [batch_id])
        digest: str = cursor.fetchone()[0]
    return digest


def _locked(batch_ids: Sequence[int]) -> list[PaymentBatch]:
    """The lists in the order of their ids, locked: two who sign at once wait for each other instead of deadlocking.

    Not against who merely names one of them, holding its account already, such as a lump sum that is recorded.
    """
    return list(
        PaymentBatch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("paying_unit", "cycle")
        .filter(pk__in=batch_ids)
        .order_by("pk")
    )


@transaction.atomic
def _sign_all(step: Step, *, batch_ids: Sequence[int], actor: User, now: datetime, seen: Seen | None = None) -> None:
    batches = _locked(batch_ids)
    delegations = {batch.pk: authority_of(actor=actor, step=step, unit=batch.paying_unit, now=now) for batch in batches}
    batches = _with_people(batches, now=now)
    before, _ = SIGNED_AT[step]
    if wrong := [str(batch.pk) for batch in batches if batch.status != before]:
        raise WrongBatchState(conflicts=wrong)
    if step is Step.RELEASER:
        require_not_frozen(*batches)
    require_settled(batches=batches, step=step)
    for batch in batches:
        _sign(
            step,
            batch=batch,
            delegation=delegations[batch.pk],
            actor=actor,
            now=now,
            seen=(seen or {}).get(batch.pk),
        )


def _sign(
    step: Step,
    *,
    batch: PaymentBatch,
    delegation: Delegation | None,
    actor: User,
    now: datetime,
    seen: str | None,
) -> None:
    digest = list_digest(batch.pk)
    if seen is not None and seen != digest:
        raise ListChangedSinceRead(conflicts=[str(batch.pk)])
    signed = batch.signatures.filter(revision=batch.revision)
    if signed.exclude(digest=digest).exists():
        raise ListChangedSinceSigned(conflicts=[str(batch.pk)])
    try:
        with transaction.atomic():
            Signature.objects.create(
                batch=batch,
                revision=batch.revision,
                step=step,
                signer=actor,
                delegation=delegation,
                signed_as=title_of(step=step, batch=batch, delegation=delegation),
                digest=digest,
                signed_at=now,
            )
    except IntegrityError as error:
        raise _refusal(error)(conflicts=[str(batch.pk)]) from error
    _, after = SIGNED_AT[step]
    if batch.status != after:
        batch.status, batch.status_at = after, now
        batch.save(update_fields=["status", "status_at"])


def _with_people(batches: Sequence[PaymentBatch], *, now: datetime) -> list[PaymentBatch]:
    """Those of the locked lists on which anybody is left; the others are cancelled. Raises `ListIsEmpty` if none is left."""
    cancel_emptied(batch_ids=[batch.pk for batch in batches], now=now)
    cancelled = PaymentBatch.objects.filter(pk__in=[batch.pk for batch in batches], status=BatchStatus.CANCELLED)
    empty = {*cancelled.values_list("pk", flat=True)}
    left = [batch for batch in batches if batch.pk not in empty]
    if empty and not left:
        raise ListIsEmpty(conflicts=[str(pk) for pk in sorted(empty)])
    return left


def _refusal(error: IntegrityError) -> type[Refusal]:
    """What the database's guard said, as a refusal; anything it never says of a signature is a fault of ours and propagates."""
    refusal = _REFUSED_BY.get(constraint_of(error))
    if refusal is None:
        raise error
    return refusal
