"""Write off a difference by decision (xử lý chênh lệch theo quyết định): two people sign, neither of whom released the payment (I10)."""

from datetime import datetime

from reconciliation.errors import (
    NotForThisKind,
    SecondSignerIsTheFirst,
    WrongDiscrepancyState,
    WroteOffWhatTheyReleased,
)
from reconciliation.models import Discrepancy, DiscrepancyStep
from reconciliation.models.discrepancies import PROVIDER_KINDS
from reconciliation.services.differences.discrepancies import locked
from reconciliation.services.differences.reevaluate import end_discrepancy
from reconciliation.services.differences.write_off_entries import book_write_off
from reconciliation.services.differences.write_off_signers import releasers_of, who_signs
from staff.models import User
from staff.rights import Right

Step = DiscrepancyStep.Kind


def may_be_written_off(item: Discrepancy) -> bool:
    """Whether money of ours is in question: else nothing moved, and an answer ends it."""
    return item.kind != Discrepancy.Kind.LATE and item.kind not in PROVIDER_KINDS


def may_propose(item: Discrepancy, *, actor: User) -> bool:
    """Whether the first signature would be taken from the actor: nobody proposes twice, nor about what they released."""
    return may_be_written_off(item) and item.write_off_by_id is None and actor.pk not in releasers_of(item)


def may_sign(item: Discrepancy, *, actor: User) -> bool:
    """Whether the second signature would be taken from the actor, whose role signs."""
    first = item.write_off_by_id
    return first is not None and first != actor.pk and actor.pk not in releasers_of(item)


def propose_write_off(*, discrepancy_id: int, note: str, actor: User, now: datetime) -> None:
    """The first signature; `note` names the decision and why. It stays open until a second person signs.

    Raises `NotForThisKind`, `WroteOffWhatTheyReleased`, `WrongDiscrepancyState` (proposed already), `NotAllowed`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.RECONCILE) as item:
        if not may_be_written_off(item):
            raise NotForThisKind(conflicts=[str(item.pk)])
        if item.write_off_by_id is not None:
            raise WrongDiscrepancyState(conflicts=[str(item.pk)])
        _refuse_releaser(item, actor)
        _write(item, kind=Step.PROPOSED, note=note, actor=actor, now=now)
        item.write_off_by = actor
        item.save(update_fields=["write_off_by"])


def sign_write_off(*, discrepancy_id: int, note: str, actor: User, now: datetime) -> None:
    """The second signature: the difference ends and its entry is booked.

    Raises `SecondSignerIsTheFirst`, `WroteOffWhatTheyReleased`, `WrongDiscrepancyState` (nobody proposed), `PeriodIsClosed`, `NotAllowed`.
    """
    with locked(discrepancy_id, actor=actor, right=Right.SIGN_WRITE_OFF) as item:
        if item.write_off_by_id is None:
            raise WrongDiscrepancyState(conflicts=[str(item.pk)])
        if item.write_off_by_id == actor.pk:
            raise SecondSignerIsTheFirst(
                f"{SecondSignerIsTheFirst.sentence} {who_signs(item)}", conflicts=[str(item.pk)]
            )
        _refuse_releaser(item, actor)
        end_discrepancy(item, ground=Discrepancy.Ground.WRITTEN_OFF, note=note, actor=actor, now=now)
        book_write_off(item, now=now)


def decline_write_off(*, discrepancy_id: int, note: str, actor: User, now: datetime) -> None:
    """The second person does not agree: it goes on being open. Raises `WrongDiscrepancyState`, `NotAllowed`."""
    with locked(discrepancy_id, actor=actor, right=Right.SIGN_WRITE_OFF) as item:
        if item.write_off_by_id is None:
            raise WrongDiscrepancyState(conflicts=[str(item.pk)])
        _write(item, kind=Step.DECLINED, note=note, actor=actor, now=now)
        item.write_off_by = None
        item.save(update_fields=["write_off_by"])


def _refuse_releaser(item: Discrepancy, actor: User) -> None:
    if actor.pk in releasers_of(item):
        raise WroteOffWhatTheyReleased(
            f"{WroteOffWhatTheyReleased.sentence} {who_signs(item)}", conflicts=[str(item.pk)]
        )


def _write(item: Discrepancy, *, kind: DiscrepancyStep.Kind, note: str, actor: User, now: datetime) -> None:
    DiscrepancyStep.objects.create(discrepancy=item, kind=kind, note=note, made_by=actor, made_at=now)
