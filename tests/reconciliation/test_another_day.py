"""Entries without a booking date stand under their value date: another format of the same days has them under another day, and they are no second booking."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from mockbank.mt940 import write_mt940
from mockbank.statement_lines import StatementLine
from reconciliation.errors import DaysDiffer
from reconciliation.models import Discrepancy, Statement
from reconciliation.models import StatementLine as Stored
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from reconciliation.services.statements.preview_statement import preview_statements
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth
from tests.reconciliation.paid_month import Page as Sheet

Files = Callable[[Sheet], list[bytes]]


def by_value(page: Sheet) -> bytes:
    """camt.053 of a bank that gives no booking date; money is of value the day before."""

    def day_before(found: re.Match[bytes]) -> bytes:
        day = date.fromisoformat(found[1].decode()) - timedelta(days=1)
        return f"<ValDt><Dt>{day.isoformat()}</Dt></ValDt>".encode()

    dated = re.sub(rb"<BookgDt><Dt>[-0-9]*</Dt></BookgDt>", b"", page.written())
    return re.sub(rb"<ValDt><Dt>([-0-9]*)</Dt></ValDt>", day_before, dated)


def take_in(month: PaidMonth, *files: bytes) -> list[StatementIntake]:
    return [
        intake
        for file in files
        for intake in import_statements(sources=[io.BytesIO(file)], actor=month.checker, now=RECEIVED_AT)
    ]


def by_day(page: Sheet) -> list[bytes]:
    """The same days as MT940, one message a day, without a number."""
    files, opening, day = [], page.opening, page.days[0]
    while day <= page.days[1]:
        lines = tuple(line for line in page.lines if line.booked_on == day)
        closing = opening + sum(line.amount for line in lines)
        of_day = Sheet(lines, opening, closing, len(lines), None, (day, day))
        files.append(of_day.written(write=write_mt940))
        opening, day = closing, day + timedelta(days=1)
    return files


def charge(day: date, *, amount: int = -1_100) -> StatementLine:
    """Without any reference."""
    return StatementLine(
        id=f"c{day:%d}", kind="debit", amount=amount, booked_on=day, payment_id=None, end_to_end_id=None, message_id=None,
        counterparty_name=None, counterparty_account=None, counterparty_bank=None, text="Phi", return_reason=None,
    )  # fmt: skip


class TestAnotherFormatOfTheSameDays:
    @pytest.mark.parametrize("second", [lambda page: [page.written(write=write_mt940)], by_day], ids=["whole", "daily"])
    def test_adds_nothing_though_its_days_differ(self, month: PaidMonth, second: Files):
        first, last = (replace(page, sequence=None) for page in month.pages)
        take_in(month, by_value(first), by_value(last))
        stored = Stored.objects.count()

        take_in(month, *second(first), *second(last))

        assert Stored.objects.count() == stored == len(first.lines) + len(last.lines)
        assert not Discrepancy.objects.filter(status="OPEN").exists()
        assert prove_cycle(month=MONTH).proven

    def test_nor_does_the_one_without_booking_dates_when_it_comes_second(self, month: PaidMonth):
        first, last = (replace(page, sequence=None) for page in month.pages)
        take_in(month, *by_day(first), *by_day(last))
        stored = Stored.objects.count()

        take_in(month, by_value(first), by_value(last))

        assert Stored.objects.count() == stored
        assert prove_cycle(month=MONTH).proven

    def test_of_the_same_number_is_the_same_statement(self, month: PaidMonth):
        first, _ = month.pages
        take_in(month, by_value(first))

        (intake,) = take_in(month, first.written(write=write_mt940))

        assert (intake.repeated, Statement.objects.count()) == (True, 1)

    def test_with_one_booking_more_keeps_that_one(self, month: PaidMonth):
        first = replace(month.pages[0], sequence=None)
        take_in(month, by_value(first))
        again = replace(first.lines[1], id="again", booked_on=first.lines[1].booked_on + timedelta(days=1))
        more = replace(first.with_lines(*first.lines, again), closing=first.closing + again.amount)

        take_in(month, more.written(write=write_mt940))

        assert Stored.objects.count() == len(first.lines) + 1
        assert Discrepancy.objects.get(line__isnull=False).kind == "DUPLICATE_DEBIT"


class TestDayByDay:
    """The other format comes as one statement a day: what an earlier one of them brought is not brought again by a later one."""

    def test_a_second_debit_is_kept_though_the_other_format_has_only_the_first(self, month: PaidMonth):
        first = replace(month.pages[0], sequence=None)
        take_in(month, first.written())
        once = first.lines[1]
        again = replace(once, id="again", booked_on=once.booked_on + timedelta(days=2))
        more = replace(first.with_lines(*first.lines, again), closing=first.closing + again.amount)

        take_in(month, *by_day(more))

        assert Stored.objects.count() == len(first.lines) + 1
        assert Discrepancy.objects.get(line__isnull=False).kind == "DUPLICATE_DEBIT"

    @pytest.mark.parametrize("days", [-1, 1], ids=["before", "after"])
    def test_a_booking_that_another_statement_of_the_other_format_has_over_its_edge_is_one(
        self, month: PaidMonth, days: int
    ):
        """Of value on the last day of the page before, or booked on the last day of this one and of value on the first of the next."""
        first, last = (replace(page, sequence=None) for page in month.pages)
        edge = (last if days < 0 else first).days[0 if days < 0 else 1]
        (back,) = last.lines
        moved = replace(back, booked_on=edge)
        if days < 0:
            last = last.with_lines(moved)
        else:
            first = replace(first.with_lines(*first.lines, moved), closing=first.closing + moved.amount)
            last = replace(last.with_lines(), opening=last.opening + moved.amount)
        by_value_day = [
            page.written().replace(
                f"<BookgDt><Dt>{edge}</Dt></BookgDt><ValDt><Dt>{edge}</Dt></ValDt>".encode(),
                f"<ValDt><Dt>{edge + timedelta(days=days)}</Dt></ValDt>".encode(),
            )
            for page in (first, last)
        ]
        assert by_value_day != [first.written(), last.written()]
        take_in(month, *by_value_day)
        stored = Stored.objects.count()

        take_in(month, *by_day(first), *by_day(last))

        assert Stored.objects.count() == stored
        assert not Discrepancy.objects.filter(kind="DUPLICATE_DEBIT").exists()

    def test_two_references_are_two_bookings_though_the_bank_gives_one_number_to_both(self, month: PaidMonth):
        first = replace(month.pages[0], sequence=None)
        take_in(month, by_value(first))
        known = first.lines[1]
        other = replace(known, end_to_end_id="KHAC000001", booked_on=known.booked_on + timedelta(days=1))
        closing = first.closing + other.amount
        page = Sheet((other,), first.closing, closing, 1, None, (other.booked_on, other.booked_on))

        take_in(month, page.written(write=write_mt940))

        assert Stored.objects.filter(reference="KHAC000001").exists()

    def test_a_days_balance_is_held_against_its_own_formats_days(self, month: PaidMonth):
        first, last = (replace(page, sequence=None) for page in month.pages)
        both = replace(
            first.with_lines(*first.lines, *last.lines), closing=last.closing, days=(first.days[0], last.days[1])
        )
        take_in(month, first.written(), both.written(write=write_mt940))
        odd = Sheet((), 1, 1, 0, None, (date(2024, 8, 7), date(2024, 8, 7)))

        take_in(month, odd.written(write=write_mt940))

        assert Discrepancy.objects.get(status="OPEN").kind == "BALANCE_GAP"


class TestWhereOnlyTheAmountAgrees:
    def _with_charge(self, month: PaidMonth) -> Sheet:
        first = replace(month.pages[0], sequence=None)
        fee = charge(date(2024, 8, 6))
        return replace(first.with_lines(*first.lines, fee), closing=first.closing + fee.amount, declared=0)

    def test_it_is_refused_with_a_sentence_and_nothing_is_written(self, month: PaidMonth):
        page = self._with_charge(month)
        file = re.sub(rb"<AcctSvcrRef>c06</AcctSvcrRef>", b"", by_value(page))
        take_in(month, file)
        before = Stored.objects.count()

        with pytest.raises(DaysDiffer) as refused:
            take_in(month, *by_day(page))

        assert "khác ngày" in refused.value.sentence
        assert Stored.objects.count() == before

    def test_a_preview_says_so_before(self, month: PaidMonth):
        page = self._with_charge(month)
        take_in(month, re.sub(rb"<AcctSvcrRef>c06</AcctSvcrRef>", b"", by_value(page)))

        with pytest.raises(DaysDiffer):
            preview_statements(sources=[io.BytesIO(by_day(page)[5])], actor=month.checker)
