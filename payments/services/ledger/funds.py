"""What a funding account's money may still be promised to: the bank's balance, less whatever of ours it may not have known of when it told it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Sum

from banks.transfers import Transfers
from payments.errors import NotEnoughFunds
from payments.models import FundingAccount, HandOver, Payment, PaymentBatch
from payments.money import format_amount
from payments.services.ledger.transfers import HELD_BY_PROVIDER
from payments.states import BatchStatus, PaymentStatus

_NOT_WITH_THE_BANK = (PaymentStatus.READY, PaymentStatus.SENT)
_RELEASED = (BatchStatus.RELEASED, BatchStatus.CLOSED)
_HANDED_OVER = Exists(HandOver.objects.filter(batch=OuterRef("batch")))
# What a provider is to pay leaves the account as lump sums, of a programme, source and channel together: what it was given and has not paid yet, it
# has; the rest is here and spoken for. Reserves do not tell: all of a list's are freed with the first part of its lump sum. A cash list names no
# account: it is of its unit's, where lump sums for cash leave that one, else the cash is another office's.
_NOT_FORWARDED = f"""
WITH due AS (
    SELECT b.programme_id, b.budget_source, b.channel, array_agg(DISTINCT b.id ORDER BY b.id) AS lists,
           coalesce(sum(p.amount) FILTER (WHERE p.status IN ('READY', 'SENT', 'PROCESSING')), 0) AS amount
    FROM payments_paymentbatch b JOIN payments_handover h ON h.batch_id = b.id JOIN payments_payment p ON p.batch_id = b.id
    WHERE b.status = 'RELEASED' AND (b.funding_account_id = %(account)s OR (b.channel = 'CASH' AND b.paying_unit_id = %(unit)s AND EXISTS (
        SELECT 1 FROM payments_fundtransfer t JOIN payments_paymentbatch c ON c.id = t.batch_id AND c.channel = 'CASH'
        WHERE t.funding_account_id = %(account)s AND t.kind = 'FORWARDED'))) GROUP BY 1, 2, 3),
held AS (
    SELECT programme_id, budget_source, channel, sum(amount) AS amount FROM ({HELD_BY_PROVIDER}) of_lists GROUP BY 1, 2, 3)
SELECT array_to_string(d.lists, ', '), d.amount - coalesce(h.amount, 0) FROM due d LEFT JOIN held h USING (programme_id, budget_source, channel)
WHERE d.amount > coalesce(h.amount, 0) ORDER BY d.lists
"""
# An array each: a province has more orders on their way than a statement may have parameters.
_WENT_OUT = """
SELECT coalesce(sum(p.amount), 0) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id AND b.funding_account_id = %(account)s
WHERE p.status IN ('PROCESSING', 'POSTED') AND NOT EXISTS (SELECT 1 FROM payments_handover h WHERE h.batch_id = b.id)
  AND (p.id = ANY(%(waiting)s::bigint[]) OR NOT b.id = ANY(%(lists)s::bigint[]))
"""


class BalanceIsOld(Exception):
    """Not enough by the balance that was told, which need not know of what went out meanwhile: the bank is to be asked again."""


@dataclass(frozen=True)
class Told:
    """What the bank told of one account (đồng), and of our orders, from just before it was asked: those it had not answered for (`waiting`,
    ids) and the lists that were released (`lists`, ids).

    Whatever it has taken by now is either in its balance or was among these, or on a list released since. No clock is asked: what moved
    when is written down by whoever learned it, and by when they began to read.
    """

    account: FundingAccount
    balance: int
    waiting: list[int]
    lists: list[int]


def ask_for_balances(*, accounts: Iterable[FundingAccount], bank: Transfers) -> list[Told]:
    """Ask the bank, outside any transaction; raises `BankError`."""
    told = []
    for account in accounts:
        # Lists first: of one that is released between the two reads nothing is taken for known.
        released = PaymentBatch.objects.filter(funding_account=account, status__in=_RELEASED)
        lists = list(released.values_list("pk", flat=True))
        waiting = Payment.objects.filter(batch__in=lists, status__in=_NOT_WITH_THE_BANK)
        ids = list(waiting.values_list("pk", flat=True))
        told.append(Told(account, bank.balance(account.bank_account_id), ids, lists))
    return told


def require_funds(*, told: Sequence[Told], batch_ids: Sequence[int]) -> None:
    """What these lists need, and what is released and may not be out of the balance yet, must be covered by it. Within the releasing transaction.

    The accounts are locked, so that two releases at once can't both count on the same money. Raises `BalanceIsOld` where only what went out
    while the bank was asked is too much, `NotEnoughFunds` else: an order without an answer counts until it is known.
    """
    accounts = [one.account.pk for one in told]
    list(FundingAccount.objects.select_for_update().filter(pk__in=accounts).order_by("pk"))
    for one in told:
        payments = Payment.objects.filter(batch__funding_account=one.account)
        new = _total(payments.filter(batch__in=batch_ids, status=PaymentStatus.DRAFT))
        waiting = _total(payments.filter(~_HANDED_OVER, status__in=_NOT_WITH_THE_BANK))
        went_out = _went_out(one)
        lumps = _not_forwarded(one.account)
        needed = new + waiting + sum(lumps.values())
        if needed > one.balance:
            missing = f"cần {format_amount(needed)} đ, số dư {format_amount(one.balance)} đ, còn thiếu {format_amount(needed - one.balance)} đ"
            raise NotEnoughFunds(conflicts=[one.account.code, missing, *_said(waiting, lumps)])
        if needed + went_out > one.balance:
            raise BalanceIsOld


def _went_out(one: Told) -> int:
    """đồng that left while the bank was asked, or was released since."""
    with connection.cursor() as cursor:
        cursor.execute(_WENT_OUT, {"account": one.account.pk, "waiting": one.waiting, "lists": one.lists})
        return int(cursor.fetchone()[0])


def _not_forwarded(account: FundingAccount) -> dict[str, int]:
    """đồng by the lists of one programme and source, as they are named."""
    with connection.cursor() as cursor:
        cursor.execute(_NOT_FORWARDED, {"account": account.pk, "unit": account.paying_unit_id})
        return {lists: int(amount) for lists, amount in cursor.fetchall()}


def _said(waiting: int, lumps: dict[str, int]) -> list[str]:
    """What else the balance must cover, in words."""
    said = [f"đã duyệt chi, ngân hàng chưa trả lời: {format_amount(waiting)} đ"] if waiting else []
    return said + [
        f"danh sách {lists} đã giao tổ chức chi trả, chưa ghi lần chuyển tiền: {format_amount(amount)} đ"
        for lists, amount in lumps.items()
    ]


def _total(payments: QuerySet[Payment]) -> int:
    return payments.aggregate(total=Sum("amount"))["total"] or 0
