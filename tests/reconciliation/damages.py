"""What can be wrong with a bank's statement: each damage says what a reader of the statement must be told, by kind and subject."""

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from mockbank.statement_lines import StatementLine
from tests.reconciliation.paid_month import Page

Finding = tuple[str, str]
SUM: Finding = ("BALANCE_GAP", "sum")
COUNT: Finding = ("BALANCE_GAP", "count")
CHAIN: Finding = ("BALANCE_GAP", "chain")
SEQUENCE: Finding = ("BALANCE_GAP", "sequence")


@dataclass(frozen=True)
class Damaged:
    """The statements as they arrive, and all that must be found: nothing less, nothing else."""

    name: str
    pages: tuple[Page, Page]
    expected: frozenset[Finding]


def damage(pages: list[Page], *, seed: int) -> Damaged:
    """One damage to one place, chosen by the seed."""
    chance = random.Random(seed)
    kind = DAMAGES[seed % len(DAMAGES)]
    first, second, expected = kind(pages[0], pages[1], chance)
    return Damaged(name=kind.__name__, pages=(first, second), expected=frozenset(expected))


Result = tuple[Page, Page, set[Finding]]


def _debits(page: Page) -> list[StatementLine]:
    return [line for line in page.lines if line.kind == "debit"]


def _reference(line: StatementLine) -> str:
    return line.end_to_end_id or ""


def _swap(page: Page, old: StatementLine, *new: StatementLine) -> Page:
    at = page.lines.index(old)
    return page.with_lines(*page.lines[:at], *new, *page.lines[at + 1 :])


def debit_missing(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    return _swap(first, line), second, {("MISSING_ON_STATEMENT", _reference(line)), SUM, COUNT}


def debit_missing_and_balances_agree(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    page = replace(_swap(first, line), closing=first.closing - line.amount, declared=first.declared - 1)
    return page, second, {("MISSING_ON_STATEMENT", _reference(line)), CHAIN}


def debit_twice(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    return _swap(first, line, line, line), second, {("DUPLICATE_DEBIT", _reference(line)), SUM, COUNT}


def debit_twice_and_balances_agree(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    page = replace(_swap(first, line, line, line), closing=first.closing + line.amount, declared=first.declared + 1)
    return page, second, {("DUPLICATE_DEBIT", _reference(line)), CHAIN}


def return_missing(first: Page, second: Page, chance: random.Random) -> Result:
    (line,) = second.lines
    return first, _swap(second, line), {("MISSING_ON_STATEMENT", _reference(line)), SUM, COUNT}


def return_twice(first: Page, second: Page, chance: random.Random) -> Result:
    (line,) = second.lines
    return first, _swap(second, line, line, line), {("RETURN_UNEXPLAINED", _reference(line)), SUM, COUNT}


def one_dong_more_or_less(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    wrong = replace(line, amount=line.amount + chance.choice([-1, 1]))
    return (
        _swap(first, line, wrong),
        second,
        {("AMOUNT_DIFFERS", _reference(line)), SUM},
    )


def references_swapped(first: Page, second: Page, chance: random.Random) -> Result:
    one = chance.choice(_debits(first))
    other = chance.choice([line for line in _debits(first) if line.amount != one.amount])
    page = _swap(first, one, replace(one, end_to_end_id=other.end_to_end_id))
    page = _swap(page, other, replace(other, end_to_end_id=one.end_to_end_id))
    return page, second, {("AMOUNT_DIFFERS", _reference(line)) for line in (one, other)}


def reference_lost(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    page = _swap(first, line, replace(line, end_to_end_id=None))  # the bank's own reference still names the payment
    return page, second, set()


def both_references_lost(first: Page, second: Page, chance: random.Random) -> Result:
    """Amount alone is no ground: the counterparty's account is another one."""
    line = chance.choice(_debits(first))
    page = _swap(first, line, replace(line, end_to_end_id=None, payment_id=None, counterparty_account="1", id="x"))
    return page, second, {("UNEXPECTED_LINE", ""), ("MISSING_ON_STATEMENT", _reference(line))}


def split_in_two(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    part = chance.randrange(1, -line.amount)
    parts = replace(line, amount=line.amount + part), replace(line, amount=-part, id=f"{line.id}b")
    return replace(_swap(first, line, *parts), declared=first.declared + 1), second, set()


def split_and_a_dong_short(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    part = chance.randrange(2, -line.amount)
    parts = replace(line, amount=line.amount + part), replace(line, amount=1 - part, id=f"{line.id}b")
    page = replace(_swap(first, line, *parts), declared=first.declared + 1)
    return page, second, {("AMOUNT_DIFFERS", _reference(line)), SUM}


def unknown_debit(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    stranger = replace(line, end_to_end_id=f"ZZ{chance.randrange(10**6)}", amount=-chance.randrange(1, 10**7))
    return _swap(first, line, line, stranger), second, {("UNEXPECTED_LINE", _reference(stranger)), SUM, COUNT}


def charge_taken(first: Page, second: Page, chance: random.Random) -> Result:
    charge = replace(first.lines[-1], end_to_end_id=None, amount=-chance.randrange(1, 50_000), text="Phi dich vu")
    page = replace(second, lines=(*second.lines, charge), declared=2, closing=second.closing + charge.amount)
    return first, page, {("UNEXPECTED_LINE", "")}


def return_of_nothing_known(first: Page, second: Page, chance: random.Random) -> Result:
    (line,) = second.lines
    stranger = replace(line, end_to_end_id=f"ZZ{chance.randrange(10**6)}")
    return first, _swap(second, line, line, stranger), {("RETURN_UNEXPLAINED", _reference(stranger)), SUM, COUNT}


def top_up_missing(first: Page, second: Page, chance: random.Random) -> Result:
    return _swap(first, first.lines[0]), second, {SUM, COUNT}


def top_up_of_another_amount(first: Page, second: Page, chance: random.Random) -> Result:
    line = first.lines[0]
    return (
        _swap(first, line, replace(line, amount=line.amount - chance.randrange(1, 1000))),
        second,
        {("UNEXPECTED_LINE", _reference(line)), SUM},
    )


def direction_turned(first: Page, second: Page, chance: random.Random) -> Result:
    line = chance.choice(_debits(first))
    turned = replace(line, amount=-line.amount)
    return (
        _swap(first, line, turned),
        second,
        {("UNEXPECTED_LINE", _reference(line)), ("MISSING_ON_STATEMENT", _reference(line)), SUM},
    )


def closing_balance_wrong(first: Page, second: Page, chance: random.Random) -> Result:
    return first, replace(second, closing=second.closing + chance.choice([-1, 1, 500_000])), {SUM}


def balances_do_not_follow(first: Page, second: Page, chance: random.Random) -> Result:
    by = chance.choice([-1, 1, 500_000])
    return first, replace(second, opening=second.opening + by, closing=second.closing + by), {CHAIN}


def statement_between_is_missing(first: Page, second: Page, chance: random.Random) -> Result:
    return first, replace(second, sequence=second.sequence + chance.randrange(1, 9)), {SEQUENCE}


def fewer_entries_than_declared(first: Page, second: Page, chance: random.Random) -> Result:
    return first, replace(second, declared=second.declared + chance.randrange(1, 5)), {COUNT}


DAMAGES: list[Callable[[Page, Page, random.Random], Result]] = [
    debit_missing,
    debit_missing_and_balances_agree,
    debit_twice,
    debit_twice_and_balances_agree,
    return_missing,
    return_twice,
    one_dong_more_or_less,
    references_swapped,
    reference_lost,
    both_references_lost,
    split_in_two,
    split_and_a_dong_short,
    unknown_debit,
    charge_taken,
    return_of_nothing_known,
    top_up_missing,
    top_up_of_another_amount,
    direction_turned,
    closing_balance_wrong,
    balances_do_not_follow,
    statement_between_is_missing,
    fewer_entries_than_declared,
]
