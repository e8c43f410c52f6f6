"""Whether a statement follows on what is stored: its own sum, the bank's count, the balance before it, its number."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from payments.money import format_amount
from reconciliation.models import Discrepancy, Statement, StatementLine
from reconciliation.parsers.interface import StatementReading


def name_balance_gaps(statement: Statement, reading: StatementReading, *, now: datetime) -> None:
    """Raise a discrepancy for each thing that does not follow; the statement is kept all the same."""
    for doubt in reading.doubts:
        _gap(statement, key=doubt.key, ours=doubt.ours, theirs=doubt.theirs, sentence=doubt.sentence, now=now)
    if not reading.balances_tie:
        _gap(
            statement,
            key="sum",
            ours=(statement.opening or 0) + reading.total,
            theirs=statement.closing or 0,
            now=now,
            sentence="Số dư đầu kỳ cộng phát sinh không bằng số dư cuối kỳ trên sao kê.",
        )
    if not reading.entries_tie:
        _gap(
            statement,
            key="count",
            ours=statement.line_count,
            theirs=reading.statement.declared_entries or 0,
            now=now,
            sentence="Số bút toán trong tệp không bằng số bút toán ngân hàng ghi ở đầu sao kê.",
        )
    for gap in gaps_in_chain(statement):
        _gap(statement, key=gap.key, ours=gap.ours, theirs=gap.theirs, sentence=gap.sentence, now=now)


@dataclass(frozen=True)
class Gap:
    """One thing that does not follow on the statement before; balances in đồng, or numbers of statements."""

    key: str
    ours: int
    theirs: int
    sentence: str


def gaps_in_chain(statement: Statement) -> list[Gap]:
    """What does not follow, by what is stored now: a statement that comes late closes the gap it left."""
    before = _before(statement)
    if before is None or before.closing is None or statement.opening is None:
        return []
    gaps = []
    expected = balance_at_start(statement.from_on, before=before)
    if statement.opening not in (expected, before.closing):
        gaps.append(Gap("chain", expected, statement.opening, _between(before, statement, expected=expected)))
    numbers = (before.sequence_number, statement.sequence_number)
    if None not in numbers and (numbers[0] or 0) + 1 != numbers[1]:
        missing = (
            f"Thiếu sao kê ở giữa: sao kê số {numbers[0]} đến ngày {before.to_on:%d/%m/%Y}, sao kê tiếp theo đã nạp là số {numbers[1]}, "
            f"từ ngày {statement.from_on:%d/%m/%Y}."
        )
        gaps.append(Gap("sequence", (numbers[0] or 0) + 1, numbers[1] or 0, missing))
    return gaps


def _between(before: Statement, statement: Statement, *, expected: int) -> str:
    """The gap is neither's: both statements by name, what one leaves and what the other begins with."""
    begins = f"sao kê từ ngày {statement.from_on:%d/%m/%Y} bắt đầu với {format_amount(statement.opening or 0)} đ"
    if before.to_on < statement.from_on:
        ends = f"sao kê đến ngày {before.to_on:%d/%m/%Y} kết thúc với {format_amount(expected)} đ"
    else:
        ends = f"theo sao kê từ {before.from_on:%d/%m/%Y} đến {before.to_on:%d/%m/%Y}, đầu ngày đó còn {format_amount(expected)} đ"
    apart = format_amount(abs((statement.opening or 0) - expected))
    return f"Số dư không nối tiếp giữa hai sao kê, lệch {apart} đ: {ends}, {begins}."


def _before(statement: Statement) -> Statement | None:
    """The statement this one follows on: by number where both have one, else by its days."""
    others = Statement.objects.filter(funding_account=statement.funding_account_id, opening__isnull=False).exclude(
        pk=statement.pk
    )
    if statement.sequence_number is not None:
        numbered = others.filter(sequence_number__lt=statement.sequence_number).order_by("sequence_number").last()
        if numbered:
            return numbered
    earlier = others.filter(Q(from_on__lt=statement.from_on) | Q(from_on=statement.from_on, pk__lt=statement.pk))
    return earlier.order_by("to_on", "pk").last()


def balance_at_start(day: date, *, before: Statement) -> int:
    """The balance at the beginning of `day`, from a statement (no notification) of earlier days: its closing, unless it reaches over the day."""
    if before.to_on < day:
        return before.closing or 0
    moved = StatementLine.objects.filter(
        statement__funding_account=before.funding_account_id,
        booked_on__gte=before.from_on,
        booked_on__lt=day,
    ).aggregate(total=Sum("amount"))["total"]
    return (before.opening or 0) + (moved or 0)


def _gap(statement: Statement, *, key: str, ours: int, theirs: int, sentence: str, now: datetime) -> None:
    Discrepancy.objects.get_or_create(
        key=f"gap:{statement.pk}:{key}",
        defaults={
            "kind": Discrepancy.Kind.BALANCE_GAP,
            "statement": statement,
            "ours": ours,
            "theirs": theirs,
            "sentence": sentence,
            "found_at": now,
        },
    )
