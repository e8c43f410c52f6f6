"""What stands against a signature, as a refusal names it (`list:kind:payment:other`), in words that lead to the payment."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.urls import reverse

from payments.models import Payment
from payments.services.lists.conflicts import LABELS, ConflictKind
from staff.pages.wording import Fault


def conflicts_in_words(conflicts: Sequence[str], *, reach: QuerySet[Payment]) -> list[Fault]:
    """One fault for each conflict: who, on which line, what it is and where the other payment stands, if it is within `reach`."""
    told = [conflict.split(":") for conflict in conflicts]
    wanted = {int(pk) for _, _, *pair in told for pk in pair}
    payments = reach.select_related("beneficiary").in_bulk(sorted(wanted))
    return [
        _fault(ConflictKind(kind), payments.get(int(one)), payments.get(int(other))) for _, kind, one, other in told
    ]


def _fault(kind: ConflictKind, payment: Payment | None, other: Payment | None) -> Fault:
    if payment is None:
        return Fault("", LABELS[kind])
    said = f"{_line(payment)}: {LABELS[kind]}"
    if kind is ConflictKind.SAME_PERSON and other == payment:
        said += " (trong cùng khoản chi của hộ: một người đứng hai lần; ghi quyết định thôi chi cho một hồ sơ rồi rút khoản này, kỳ sau chi lại phần đúng)"
    if other is not None and other != payment:
        where = "" if other.batch_id == payment.batch_id else f", danh sách {other.batch_id}"
        said += f" (khoản kia: {_line(other)}{where})"
    return Fault("", said, reverse("page-payment", args=[payment.batch_id, payment.pk]))


def _line(payment: Payment) -> str:
    return f"STT {payment.ordinal}, {payment.beneficiary.full_name}"
