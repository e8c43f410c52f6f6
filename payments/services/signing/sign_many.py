"""Many lists signed at once: all or none, or each for itself with a result per list; every signature has its own digest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from banks.errors import BankError
from banks.transfers import Transfers
from payments.errors import ListIsEmpty
from payments.models import PaymentBatch
from payments.services.signing.sign import Seen, approve, cosign, list_digest, release, review, submit
from payments.states import BatchStatus, Step
from staff.errors import Refusal
from staff.models import User

BANK_SILENT = "Ngân hàng tạm thời không trả lời, danh sách chưa được duyệt chi; mời thử lại sau."


@dataclass(frozen=True)
class Signed:
    """One list: signed over `digest`, or not signed with the refusal's code, sentence and conflicts."""

    batch_id: int
    signed: bool
    digest: str = ""
    code: str = ""
    sentence: str = ""
    conflicts: tuple[str, ...] = ()


_SIGN: dict[Step, Callable[..., None]] = {
    Step.MAKER: submit,
    Step.REVIEWER: review,
    Step.CHECKER: approve,
    Step.COSIGNER: cosign,
}


def sign_lists(
    *, step: Step, batch_ids: Sequence[int], actor: User, now: datetime, bank: Transfers, seen: Seen | None = None
) -> None:
    """Sign at `step`, all or none; raises the refusals of signing, and `BankError` when a release can't learn the balance."""
    if step is Step.RELEASER:
        release(batch_ids=batch_ids, actor=actor, now=now, bank=bank, seen=seen)
    else:
        _SIGN[step](batch_ids=batch_ids, actor=actor, now=now, seen=seen)


def sign_together(
    *, step: Step, batch_ids: Sequence[int], actor: User, now: datetime, bank: Transfers, seen: Seen | None = None
) -> list[Signed]:
    """As `sign_lists`: all that anybody is left on, or none. The others are named as empty, not as signed. In the order given, each once."""
    ids = list(dict.fromkeys(batch_ids))
    sign_lists(step=step, batch_ids=ids, actor=actor, now=now, bank=bank, seen=seen)
    empty = {*PaymentBatch.objects.filter(pk__in=ids, status=BatchStatus.CANCELLED).values_list("pk", flat=True)}
    return [_empty(pk) if pk in empty else Signed(pk, True, list_digest(pk)) for pk in ids]


def sign_each(
    *, step: Step, batch_ids: Sequence[int], actor: User, now: datetime, bank: Transfers, seen: Seen | None = None
) -> list[Signed]:
    """Sign each list for itself, in a transaction of its own: one that is refused holds no other up. In the order given, each once."""
    return [
        _sign_one(step=step, batch_id=pk, actor=actor, now=now, bank=bank, seen=seen) for pk in dict.fromkeys(batch_ids)
    ]


def _empty(batch_id: int) -> Signed:
    return Signed(batch_id, False, "", ListIsEmpty.code, ListIsEmpty.sentence, (str(batch_id),))


def _sign_one(*, step: Step, batch_id: int, actor: User, now: datetime, bank: Transfers, seen: Seen | None) -> Signed:
    try:
        sign_lists(step=step, batch_ids=[batch_id], actor=actor, now=now, bank=bank, seen=seen)
    except Refusal as refusal:
        return Signed(batch_id, False, "", refusal.code, refusal.sentence, tuple(refusal.conflicts))
    except BankError:
        return Signed(batch_id, False, "", "BANK_SILENT", BANK_SILENT)
    return Signed(batch_id, True, list_digest(batch_id))
