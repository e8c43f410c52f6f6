"""Statements from the bank's API: whatever its pages do while they are read, no line is lost or doubled."""

import random
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from banks.errors import BankUnavailable
from banks.transactions import BankTransaction
from mockbank.statement_lines import StatementLine as BankLine
from payments.models import FundingAccount
from reconciliation.errors import DayBeforeAccount, DayNotOver, PeriodIsClosed, StatementKeepsChanging
from reconciliation.models import Discrepancy, PeriodStep, Statement, StatementLine
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.fetch_statement import fetch_missing_statements, fetch_statement
from reconciliation.services.statements.fetched_bookings import FetchedBookings
from reconciliation.services.statements.import_statement import StatementIntake
from tests.reconciliation.paid_month import ACCOUNT_ID, MONTH, RECEIVED_AT, PaidMonth

LAST = date(2024, 8, 31)
Bookings = list[BankTransaction]
Trick = Callable[[Bookings, random.Random], Bookings]


def booking(line: BankLine) -> BankTransaction:
    day = datetime(
        line.booked_on.year, line.booked_on.month, line.booked_on.day, 16, 59, tzinfo=UTC
    )  # 23:59 in Vietnam
    return BankTransaction(
        transaction_id=f"txn_{line.id}", amount=line.amount, booked_at=day, description="",
        flow_type="received_credit" if line.kind == "topup" else "outbound_payment", flow=line.payment_id or line.end_to_end_id or "",
    )  # fmt: skip


@dataclass
class Ledger:
    """A `Transactions` whose n-th reading is played a trick on; its balance is always right."""

    bookings: Bookings
    tricks: list[Trick] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    moving: int = 0
    readings: int = 0

    def booked_balance(self, financial_account: str) -> int:
        self.moving = max(self.moving - 1, 0)
        return sum(one.amount for one in self.bookings) + self.moving

    def pages_since(self, *, financial_account: str, since: datetime) -> Iterator[Bookings]:
        self.readings += 1
        found = sorted(
            (one for one in self.bookings if one.booked_at >= since), key=lambda one: one.booked_at, reverse=True
        )
        if self.tricks:
            found = self.tricks.pop(0)(found, self.chance)
        for at in range(0, len(found), 3):
            yield found[at : at + 3]


def lost(found: Bookings, chance: random.Random) -> Bookings:
    at = chance.randrange(len(found))
    return [*found[:at], *found[at + 1 :]]


def doubled(found: Bookings, chance: random.Random) -> Bookings:
    at = chance.randrange(len(found))
    return [*found[: at + 1], *found[at:]]


def changed(found: Bookings, chance: random.Random) -> Bookings:
    return [*lost(found, chance), chance.choice(found)]


def whole(found: Bookings, chance: random.Random) -> Bookings:
    return found


TRICKS: list[Trick] = [lost, doubled, changed, whole]


def bookings_of(month: PaidMonth) -> Bookings:
    return [booking(line) for page in month.pages for line in page.lines]


def fetch(month: PaidMonth, bank: Ledger, *, first: date = MONTH, last: date = LAST) -> StatementIntake:
    account = FundingAccount.objects.get(bank_account_id=ACCOUNT_ID)
    return fetch_statement(account=account, from_on=first, to_on=last, bank=bank, actor=month.checker, now=RECEIVED_AT)


class TestFetching:
    @pytest.mark.parametrize(
        "seed", [*range(10), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(10, 40))]
    )
    def test_pages_that_change_lose_and_double_nothing(self, month: PaidMonth, seed: int) -> None:
        chance = random.Random(seed)
        bank = Ledger(bookings_of(month), tricks=[chance.choice(TRICKS) for _ in range(3)], chance=chance)
        first, second = month.pages

        fetch(month, bank, last=first.days[1])
        bank.tricks = [chance.choice(TRICKS) for _ in range(3)]
        fetch(month, bank, first=second.days[0])

        assert StatementLine.objects.count() == len(first.lines) + len(second.lines)
        assert not Discrepancy.objects.exists()
        assert prove_cycle(month=MONTH).proven

    def test_begins_with_the_month_the_account_is_in_use_from(self, month: PaidMonth) -> None:
        bank = Ledger(bookings_of(month), tricks=[], chance=random.Random(1))

        with pytest.raises(DayBeforeAccount, match="từ 01/08/2024"):
            fetch(month, bank, first=date(2024, 7, 31))
        assert not Statement.objects.exists()

    def test_asks_no_bank_about_a_closed_month(self, month: PaidMonth) -> None:
        account = FundingAccount.objects.get(bank_account_id=ACCOUNT_ID)
        month.receive(*month.pages)
        PeriodStep.objects.create(
            funding_account=account, month=MONTH, kind="CLOSED", ordinal=1, made_by=month.checker, made_at=RECEIVED_AT,
        )  # fmt: skip
        bank = Ledger(bookings_of(month))

        with pytest.raises(PeriodIsClosed):
            fetch(month, bank)
        assert bank.readings == 0

    def test_one_reading_is_enough_where_the_last_statement_vouches_for_it(self, month: PaidMonth) -> None:
        month.receive(month.pages[0])
        bank = Ledger(bookings_of(month))

        fetch(month, bank, first=month.pages[1].days[0])

        assert bank.readings == 1

    def test_a_gap_that_is_really_there_is_named(self, month: PaidMonth) -> None:
        month.receive(month.pages[0])
        bank = Ledger(
            [one for one in bookings_of(month) if one.amount != min(line.amount for line in month.pages[0].lines)]
        )

        fetch(month, bank, first=month.pages[1].days[0])

        assert bank.readings == 5
        assert [item.key.rpartition(":")[2] for item in Discrepancy.objects.all()] == ["chain"]

    @pytest.mark.parametrize(
        ("kind", "twice", "more", "ours"),
        [("AMOUNT_DIFFERS", False, -1, None), ("AMOUNT_DIFFERS", False, 1, None), ("DUPLICATE_DEBIT", True, 0, 0)],
    )
    def test_a_debit_with_the_banks_number_alone_is_named_as_in_a_file(
        self, month: PaidMonth, *, kind: str, twice: bool, more: int, ours: int | None
    ) -> None:
        bookings = bookings_of(month)
        at = next(at for at, one in enumerate(bookings) if one.flow.startswith("obp_") and one.amount < 0)
        told = bookings[at]
        wrong = replace(told, amount=told.amount + more, transaction_id=f"{told.transaction_id}x")

        fetch(month, Ledger([*bookings[:at], *([told] if twice else []), wrong, *bookings[at + 1 :]]))

        found = Discrepancy.objects.exclude(kind="BALANCE_GAP").values_list(
            "kind", "payment__bank_reference", "ours", "theirs"
        )
        assert list(found.order_by("pk")) == [(kind, told.flow, told.amount if ours is None else ours, wrong.amount)]

    def test_what_never_settles_writes_nothing(self, month: PaidMonth) -> None:
        with pytest.raises(StatementKeepsChanging):
            fetch(month, Ledger(bookings_of(month), moving=100))
        assert not Statement.objects.exists()

    def test_a_day_that_is_not_over_is_refused(self, month: PaidMonth) -> None:
        with pytest.raises(DayNotOver):
            fetch(month, Ledger(bookings_of(month)), last=date(2024, 9, 1))

    def test_of_days_already_here_adds_nothing_and_the_file_after_it_neither(self, month: PaidMonth) -> None:
        fetch(month, Ledger(bookings_of(month)))
        before = (StatementLine.objects.count(), Discrepancy.objects.count())

        assert fetch(month, Ledger(bookings_of(month))).repeated
        month.receive(*month.pages)

        assert (StatementLine.objects.count(), Discrepancy.objects.count()) == before

    def test_the_clock_catches_up_with_every_day_not_covered(self, month: PaidMonth) -> None:
        bank = Ledger(bookings_of(month))

        assert [
            len(fetch_missing_statements(bank=bank, actor=month.checker, now=RECEIVED_AT).intakes) for _ in range(2)
        ] == [1, 0]
        assert prove_cycle(month=MONTH).proven

    def test_a_bank_that_is_down_is_noted_and_asked_again(self, month: PaidMonth) -> None:
        class Down(Ledger):
            def booked_balance(self, financial_account: str) -> int:
                raise BankUnavailable("outage")

        assert fetch_missing_statements(bank=Down([]), actor=month.checker, now=RECEIVED_AT).failed == ["TKCT-971"]


class TestDays:
    def test_a_day_is_vietnams_and_later_days_only_lead_back_to_the_closing_balance(self) -> None:
        late = BankTransaction("b", -7, datetime(2024, 8, 1, 17, 0, tzinfo=UTC), "other", "", "")  # 00:00 of the 2nd
        early = BankTransaction("a", 100, datetime(2024, 8, 1, 16, 59, tzinfo=UTC), "other", "", "")
        day = date(2024, 8, 1)

        with FetchedBookings() as bookings:
            bookings.keep([late, early])
            said = list(bookings.within(from_on=day, to_on=day))

            assert said == [early]
            assert (bookings.total(from_on=day), bookings.total(from_on=day, to_on=day), bookings.total()) == (
                93,
                100,
                93,
            )
        assert late.booked_at - early.booked_at == timedelta(minutes=1)


class TestManyBookings:
    def test_take_no_memory_however_many_they_are(self) -> None:
        def page(at: int) -> Bookings:
            moment = datetime(2024, 8, 5, tzinfo=UTC)
            return [BankTransaction(f"txn_{at:06d}_{n}", -1, moment, "other", f"flow {at}", "chi") for n in range(100)]

        with FetchedBookings() as bookings:
            tracemalloc.start()
            for at in range(500):
                bookings.keep(page(at))
            lines = sum(1 for _ in bookings.within(from_on=MONTH, to_on=LAST))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()

        assert lines == 50_000
        assert peak < 1_000_000

    def test_a_list_that_goes_in_circles_ends(self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch) -> None:
        class Circle(Ledger):
            def pages_since(self, *, financial_account: str, since: datetime) -> Iterator[Bookings]:
                while True:
                    yield from super().pages_since(financial_account=financial_account, since=since)

        monkeypatch.setattr("reconciliation.services.statements.fetch_statement.MOST_BOOKINGS", 1000)
        with pytest.raises(StatementKeepsChanging):
            fetch(month, Circle(bookings_of(month)))
        assert not Statement.objects.exists()
