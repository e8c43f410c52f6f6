"""Opening and closing balance of a table, and whether every row's balance follows on the row before it.

Rows may stand oldest first, newest first, or as somebody sorted them: balances that form one chain in any order are as good.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reconciliation.parsers.interface import Doubt


@dataclass(frozen=True, slots=True)
class Movement:
    """One row's number in the sheet, its signed amount and the balance it says to leave, None where it says none."""

    row: int
    amount: int
    balance: int | None


@dataclass(frozen=True, slots=True)
class Chained:
    """The balances before and after the movements as their own balances say; None where they don't."""

    opening: int | None
    closing: int | None
    doubts: tuple[Doubt, ...] = ()
    newest_first: bool = False


def follow_balances(movements: Sequence[Movement]) -> Chained:
    """Read opening and closing off the balance column, and name the first row that does not follow."""
    known = [(one.row, one.amount, one.balance) for one in movements if one.balance is not None]
    if not known or len(known) < len(movements):
        return Chained(opening=None, closing=None)
    forward, backward = _breaks(known), _breaks(known[::-1])
    newest_first = len(backward) < len(forward)
    breaks = backward if newest_first else forward
    (_, amount, first), (*_, last) = (known[-1], known[0]) if newest_first else (known[0], known[-1])
    if breaks and (ends := _ends_of_chain(known)) is not None:
        return Chained(*ends)
    doubts = [
        Doubt(
            key="row",
            ours=expected,
            theirs=balance,
            sentence=f"Dòng {row} của tệp: số dư không bằng số dư dòng liền trước cộng phát sinh ({len(breaks)} dòng như vậy).",
        )
        for row, expected, balance in breaks[:1]
    ]
    return Chained(opening=first - amount, closing=last, doubts=tuple(doubts), newest_first=newest_first)


def _breaks(known: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """(row, balance expected, balance said) of each that does not follow on the one before."""
    return [
        (row, before + amount, balance)
        for (_, _, before), (row, amount, balance) in pairwise(known)
        if before + amount != balance
    ]


def _ends_of_chain(known: Sequence[tuple[int, int, int]]) -> tuple[int | None, int | None] | None:
    """Where a chain of all rows in some order begins and ends (a ring: nobody knows where); None when they form none."""
    starts = Counter(balance - amount for _, amount, balance in known)
    ends = Counter(balance for *_, balance in known)
    opening, closing = list((starts - ends).elements()), list((ends - starts).elements())
    if not opening and not closing:
        return None, None
    return (opening[0], closing[0]) if len(opening) == len(closing) == 1 else None
