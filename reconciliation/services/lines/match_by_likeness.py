"""Lines that carry no reference of ours: account, amount and day name the payment, else name, amount and day; and only one payment may fit.

Few lines come here, so counterparties are opened in memory, compared, and never written; account numbers are compared by digest.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from beneficiaries.linkage.names import name_key
from beneficiaries.services.numbers import account_digest
from payments.models import Payment
from payments.states import PaymentStatus
from reconciliation.models import Statement, StatementLine, StatementMatch
from staff.encryption import unseal

COUNTERPARTY = "statement-counterparty"
DAYS_APART = timedelta(days=1)  # 23:59 here is another day in UTC, and a transfer after cut-off is booked the day after
MOST_LINES = 5_000  # beyond that the references are missing from the whole file: a question to the bank, not a guess

Kind, Basis = StatementMatch.Kind, StatementMatch.Basis
TAKEN = {Kind.DEBIT: (PaymentStatus.POSTED, PaymentStatus.RETURNED), Kind.RETURN: (PaymentStatus.RETURNED,)}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A line, opened."""

    line: StatementLine
    kind: StatementMatch.Kind
    account: str
    name: str


def match_by_likeness(*, statement: Statement, now: datetime) -> int:
    """Match lines without a known reference where exactly one payment and one line fit each other; return how many.

    Within the caller's transaction; the lines no stronger ground explained stand in `open_line` (see `matching.OPEN_LINES`).
    """
    wanted = list(_open_lines())
    if not wanted or len(wanted) > MOST_LINES:
        return 0
    found: dict[tuple[int, StatementMatch.Kind], list[tuple[_Wanted, StatementMatch.Basis]]] = defaultdict(list)
    payments = {kind: _candidates(statement, wanted, kind=kind) for kind in TAKEN}
    for item in wanted:
        fitting = [(payment, basis) for payment in payments[item.kind] if (basis := _fits(item, payment))]
        strongest = [fit for fit in fitting if fit[1] is Basis.ACCOUNT] or fitting
        if len(strongest) == 1:
            payment, basis = strongest[0]
            found[payment.pk, item.kind].append((item, basis))
    sure = {key: items[0] for key, items in found.items() if len(items) == 1}
    StatementMatch.objects.bulk_create(
        StatementMatch(line=item.line, kind=kind, basis=basis, amount=item.line.amount, payment_id=pk, matched_at=now)
        for (pk, kind), (item, basis) in sure.items()
    )
    return len(sure)


def opened_counterparty(line: StatementLine) -> tuple[str, str, str]:
    """Name, account number and content the bank wrote on a line, "" for what it did not; never for a log."""
    name, account, content = json.loads(unseal(bytes(line.sealed_counterparty), purpose=COUNTERPARTY))
    return str(name or ""), str(account or "").replace(" ", ""), str(content or "")


def _open_lines() -> Iterator[_Wanted]:
    lines = StatementLine.objects.filter(pk__in=RawSQL("SELECT id FROM open_line", []))
    named = Payment.objects.filter(end_to_end_id=OuterRef("reference"))
    for line in lines.filter(Q(reference="") | ~Exists(named)).order_by("ordinal")[: MOST_LINES + 1]:
        if (line.amount > 0) == line.is_return:
            name, account, _ = opened_counterparty(line)
            yield _Wanted(
                line=line,
                kind=Kind.RETURN if line.is_return else Kind.DEBIT,
                account=account,
                name=name_key(name),
            )


def _candidates(statement: Statement, wanted: list[_Wanted], *, kind: StatementMatch.Kind) -> list[Payment]:
    """Payments of this account the bank moved near these days, of these amounts, not explained yet."""
    lines = [item.line for item in wanted if item.kind is kind]
    if not lines:
        return []
    days = [line.booked_on for line in lines]
    live = StatementMatch.objects.filter(
        payment=OuterRef("pk"), kind=kind, reverses__isnull=True, reversed_by__isnull=True
    )
    payments: QuerySet[Payment] = Payment.objects.filter(
        ~Exists(live),
        batch__funding_account=statement.funding_account_id,
        status__in=TAKEN[kind],
        amount__in={abs(line.amount) for line in lines},
    )
    near = (min(days) - DAYS_APART, max(days) + DAYS_APART)
    on_day = Q(credited_on__range=near) | Q(credited_on__isnull=True, returned_on__range=near)
    payments = payments.filter(on_day if kind is Kind.DEBIT else Q(returned_on__range=near))
    return list(payments.select_related("bank_account__number", "beneficiary"))


def _fits(item: _Wanted, payment: Payment) -> StatementMatch.Basis | None:
    if payment.amount != abs(item.line.amount) or not _near(item.line.booked_on, _day(payment, item.kind)):
        return None
    account = payment.bank_account
    if item.account and account and account.number:
        same = account_digest(bank_bin=account.bank_bin, number=item.account) == bytes(account.number.digest)
        return Basis.ACCOUNT if same else None
    return Basis.NAME if item.name and name_key(payment.payee_name) == item.name else None


def _day(payment: Payment, kind: StatementMatch.Kind) -> date | None:
    return payment.returned_on if kind is Kind.RETURN else payment.credited_on or payment.returned_on


def _near(one: date, other: date | None) -> bool:
    return other is not None and abs(one - other) <= DAYS_APART
