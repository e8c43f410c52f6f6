"""The same booking counts once: by what it says, whatever the file's name, format, order of lines or period."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from payments.models import FundingAccount
from reconciliation.models import Statement, StatementLine
from reconciliation.parsers.interface import ParsedLine, ParsedStatement


class Said(NamedTuple):
    """What a stored line, or a line of a file, says; "" where it says nothing."""

    booked_on: date
    amount: int
    reference: str
    bank_reference: str
    is_return: bool


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


def not_stored_yet(lines: Sequence[ParsedLine], *, head: ParsedStatement, account: FundingAccount) -> list[ParsedLine]:
    """The lines no earlier statement of the account brought: periods may overlap, a booking twice on one statement stays two.

    Formats differ in what they say of a booking. A line of another format is the same booking when a reference they share says so; on days
    another format covered whole, its day and amount are enough where one of the two has no reference.
    """
    if not lines:
        return []
    days = [line.booked_on for line in lines]
    stored: Counter[Said] = Counter()
    elsewhere: Counter[Said] = Counter()
    found = StatementLine.objects.filter(statement__funding_account=account, booked_on__range=(min(days), max(days)))
    for day, amount, reference, bank_reference, is_return, written in found.values_list(
        "booked_on", "amount", "reference", "bank_reference", "is_return", "statement__format"
    ):
        known = Said(day, amount, reference, bank_reference, is_return)
        stored[known] += 1
        elsewhere[known] += written != head.format
    fresh = []
    for line in lines:
        said = _said(line)
        if stored[said] > 0:
            stored[said] -= 1
            elsewhere[said] = min(elsewhere[said], stored[said])
        else:
            fresh.append(line)
    return _not_said_otherwise(fresh, +elsewhere, head=head, account=account) if fresh and +elsewhere else fresh


def _not_said_otherwise(
    lines: list[ParsedLine], elsewhere: Counter[Said], *, head: ParsedStatement, account: FundingAccount
) -> list[ParsedLine]:
    covered = _days_covered(head, account=account)
    lines = _pair(lines, elsewhere, ground=lambda said: said.reference or None, one_says_less=False)
    lines = _pair(lines, elsewhere, ground=lambda said: said.bank_reference or None, one_says_less=True)
    return _pair(lines, elsewhere, ground=lambda said: "" if said.booked_on in covered else None, one_says_less=True)


def _pair(
    lines: list[ParsedLine],
    elsewhere: Counter[Said],
    *,
    ground: Callable[[Said], str | None],
    one_says_less: bool,
) -> list[ParsedLine]:
    """The lines left when each was paired with at most one stored line of its day and amount that has the same ground.

    `one_says_less`: only where one of the two has no reference; two that differ are two bookings.
    """
    waiting: dict[tuple[date, int, str, bool], list[Said]] = {}
    for said, count in elsewhere.items():
        if (on := ground(said)) is not None:
            waiting.setdefault((said.booked_on, said.amount, on, bool(said.reference)), []).extend([said] * count)
    left = []
    for line in lines:
        said = _said(line)
        on = ground(said)
        either = (False,) if one_says_less and said.reference else (True, False)
        stacks = [] if on is None else [waiting.get((said.booked_on, said.amount, on, named)) for named in either]
        stack = next((one for one in stacks if one), None)
        if stack is None:
            left.append(line)
        else:
            elsewhere[stack.pop()] -= 1
    return left


def _days_covered(head: ParsedStatement, *, account: FundingAccount) -> set[date]:
    """Days of `head` of which it, or what is stored in another format, says all."""
    if head.opening is not None:
        spans = [(head.from_on, head.to_on)]
    else:
        whole = Statement.objects.filter(funding_account=account, opening__isnull=False).exclude(format=head.format)
        spans = list(whole.filter(from_on__lte=head.to_on, to_on__gte=head.from_on).values_list("from_on", "to_on"))
    return {first + timedelta(days=at) for first, last in spans for at in range(min((last - first).days + 1, 400))}


def _said(line: ParsedLine) -> Said:
    return Said(
        line.booked_on,
        line.amount,
        (line.end_to_end_id or "")[:35],
        (line.bank_reference or "")[:64],
        line.is_return,
    )
