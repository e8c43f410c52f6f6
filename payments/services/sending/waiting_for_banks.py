"""What waits for a bank and not for people: which banks take nothing now, and how much is meant for them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet, Sum, Value

from payments.models import BankLane, Payment
from payments.services.sending.lanes import EVERY_BANK, shut_lanes
from payments.states import BatchStatus, Channel, PaymentStatus, SendsBy


@dataclass(frozen=True)
class WaitsForBank:
    """`people` and `amount` (đồng) meant for one bank, or for `EVERY_BANK` while our own is closed; `silent`: it does not answer, else it is closed."""

    bank_bin: str
    silent: bool
    people: int
    amount: int


def waiting_for_banks(payments: QuerySet[Payment], *, now: datetime) -> list[WaitsForBank]:
    """Of these payments, what would have left but for its bank's hours or its silence; what people hold waits for them, and is not told here."""
    would_leave = payments.filter(
        status=PaymentStatus.READY,
        hold_code="",
        batch__status=BatchStatus.RELEASED,
        batch__channel=Channel.ACCOUNT,
        batch__funding_account__sends_by=SendsBy.API,
    )
    shut = shut_lanes(now=now)
    if shut.everything:
        would_leave = would_leave.annotate(meant_for=Value(EVERY_BANK))
    else:
        would_leave = would_leave.filter(bank_account__bank_bin__in=shut.banks)
        would_leave = would_leave.annotate(meant_for=F("bank_account__bank_bin"))
    silent = set(BankLane.objects.filter(open_until__isnull=False).values_list("bank_bin", flat=True))
    rows = would_leave.order_by().values_list("meant_for").annotate(people=Count("pk"), amount=Sum("amount"))
    return [WaitsForBank(bank, bank in silent, people, amount) for bank, people, amount in sorted(rows)]
