"""The same booking counts once: by what it says, whatever the file's name, format, order of lines or period."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import F

from payments.models import FundingAccount
from reconciliation.models import Statement, StatementLine
from reconciliation.parsers.interface import ParsedLine, ParsedStatement

Said = tuple[object, ...]


def content_digest(head: ParsedStatement, lines: Iterable[ParsedLine]) -> bytes:
    """Over what the statement says, not how: the same statement in another order of lines gives the same digest."""
    said = [head.account, head.currency, str(head.from_on), str(head.to_on), str(head.opening), str(head.closing)]
    said += sorted(
        f"{line.amount}|{line.booked_on}|{line.end_to_end_id}|{line.bank_reference}|{line.is_return}" for line in lines
    )
    return hashlib.sha256("\n".join(said).encode()).digest()


def is_known(head: ParsedStatement, lines: Sequence[ParsedLine], *, account: FundingAccount) -> bool:
    """Whether a stored statement of the same days and balances has the same bookings: another format says less, never otherwise.

    References are compared where both formats carry them, so that a statement whose references changed is not taken for known.
    """
    twins = Statement.objects.filter(
        funding_account=account,
        from_on=head.from_on,
        to_on=head.to_on,
        opening=head.opening,
        closing=head.closing,
        line_count=len(lines),
    )
    return any(_same(twin, lines) for twin in twins)


def _same(statement: Statement, lines: Sequence[ParsedLine]) -> bool:
    stored = Counter(
        StatementLine.objects.filter(
            statement__funding_account=statement.funding_account_id,
            booked_on__range=(statement.from_on, statement.to_on),
        ).values_list("booked_on", "amount", "reference")
    )
    ours = Counter((line.booked_on, line.amount, (line.end_to_end_id or "")[:35]) for line in lines)
    if stored == ours:
        return True
    blank = all(not reference for *_, reference in ours) or all(not reference for *_, reference in stored)
    return blank and _without_reference(stored) == _without_reference(ours)


def _without_reference(lines: Counter[tuple[date, int, str]]) -> Counter[tuple[date, int]]:
    bare: Counter[tuple[date, int]] = Counter()
    for (day, amount, _), count in lines.items():
        bare[day, amount] += count
    return bare


def not_stored_yet(lines: Sequence[ParsedLine], *, account: FundingAccount) -> list[ParsedLine]:
    """The lines no earlier statement of the account brought: periods may overlap, a booking twice on one statement stays two."""
    if not lines:
        return []
    days = [line.booked_on for line in lines]
    stored: Counter[Said] = Counter(
        StatementLine.objects.filter(
            statement__funding_account=account, booked_on__range=(min(days), max(days))
        ).values_list("booked_on", "amount", "reference", "bank_reference", F("is_return"))
    )
    fresh = []
    for line in lines:
        said: Said = (
            line.booked_on,
            line.amount,
            (line.end_to_end_id or "")[:35],
            (line.bank_reference or "")[:64],
            line.is_return,
        )
        if stored[said] > 0:
            stored[said] -= 1
        else:
            fresh.append(line)
    return fresh
