"""What must agree in everything that is handed over, each side from its own table; and how each month was proven."""

from typing import Any

from django.db.models import Sum

from payments.models import Cycle, LedgerAccount, Payment, Posting
from payments.states import Channel, PaymentStatus
from reconciliation.services.months.prove import prove_cycle

Kind = LedgerAccount.Kind
BALANCED = "Tổng các dòng bút toán (ghi kép)"
BY_ACCOUNT = "Khoản chi đã ghi có qua tài khoản, và đã chi trừ hoàn trả trên sổ"
BY_CASH = "Khoản chi đã trả tiền mặt, và đã chi tiền mặt trên sổ"
# The name of a tie, the channel of the payments and the ledger accounts that stand against them.
OF_PAYMENTS = (
    (BY_ACCOUNT, Channel.ACCOUNT, (Kind.PAID, Kind.RETURNED)),
    (BY_CASH, Channel.CASH, (Kind.PAID_CASH,)),
)


def ties() -> list[dict[str, Any]]:
    """Pairs of sums in đồng. They may differ where a decision wrote something off or a return waits for its statement; the first never does."""
    posted = dict(
        Payment.objects.filter(status=PaymentStatus.POSTED)
        .values_list("batch__channel")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    booked = dict(Posting.objects.values_list("account__kind").annotate(total=Sum("amount")).order_by())
    found = [{"name": BALANCED, "ours": sum(booked.values()), "theirs": 0}]
    return found + [
        {"name": name, "ours": posted.get(channel, 0), "theirs": sum(booked.get(kind, 0) for kind in kinds)}
        for name, channel, kinds in OF_PAYMENTS
    ]


def proofs() -> list[dict[str, Any]]:
    """Each month: whether it is proven, and how many differences are named."""
    found = []
    for cycle in Cycle.objects.filter(opening=False).order_by("month"):
        proof = prove_cycle(month=cycle.month)
        found.append(
            {
                "month": f"{cycle.month:%Y-%m}",
                "proven": proof.proven,
                "checks": len(proof.checks),
                "differences": len(proof.differences),
                "closed": cycle.closed_at is not None,
            }
        )
    return found
