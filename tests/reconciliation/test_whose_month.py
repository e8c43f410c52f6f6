"""A month's proof stands on what belongs to it: all that happened by its last day, and whatever concerns its own payments, however late."""

from dataclasses import replace
from datetime import date

from mockbank.statement_lines import StatementLine
from payments.models import Cycle, Payment
from reconciliation.models import Discrepancy
from reconciliation.models import Statement as Stored
from reconciliation.services.differences.discrepancies import accept_answer
from reconciliation.services.months.prove import Proof, prove_cycle
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth
from tests.reconciliation.paid_month import Page as Statement

SEPTEMBER = date(2024, 9, 1)


def unknown(day: date, *, reference: str | None = None, amount: int = -50_000) -> StatementLine:
    return StatementLine(
        id=f"txn_{day:%m%d}", kind="debit", amount=amount, booked_on=day, payment_id=None, end_to_end_id=reference, message_id=None,
        counterparty_name=None, counterparty_account=None, counterparty_bank=None, text="Khong ro", return_reason=None,
    )  # fmt: skip


def september(month: PaidMonth, *lines: StatementLine) -> Statement:
    before = month.pages[-1]
    closing = before.closing + sum(line.amount for line in lines)
    days = (date(2024, 9, 1), date(2024, 9, 30))
    return Statement(lines=lines, opening=before.closing, closing=closing, declared=len(lines), sequence=3, days=days)


def prove_september() -> Proof:
    Cycle.objects.create(month=SEPTEMBER, listed_on=date(2024, 8, 18), pay_on=date(2024, 9, 5), built_at=RECEIVED_AT)
    return prove_cycle(month=SEPTEMBER)


class TestDifferencesOfOtherMonths:
    def test_what_nobody_knows_in_september_leaves_august_proven(self, month: PaidMonth):
        month.receive(*month.pages, september(month, unknown(date(2024, 9, 3))))

        assert prove_cycle(month=MONTH).differences == []
        assert prove_september().discrepancies == [Discrepancy.objects.get().pk]

    def test_a_gap_before_septembers_statement_is_septembers(self, month: PaidMonth):
        month.receive(*month.pages, replace(september(month), opening=1, closing=1))

        assert prove_cycle(month=MONTH).differences == []
        assert len(prove_september().discrepancies) == 1

    def test_what_nobody_knows_in_august_stops_september_too_for_its_balance_carries_it(self, month: PaidMonth):
        first, second = month.pages
        odd = unknown(date(2024, 8, 31))
        last = replace(second.with_lines(*second.lines, odd), closing=second.closing + odd.amount, declared=2)
        month.receive(first, last)

        found = Discrepancy.objects.get().pk
        assert prove_cycle(month=MONTH).discrepancies == [found]
        assert prove_september().discrepancies == [found]

    def test_a_second_debit_in_september_of_an_august_payment_is_augusts(self, month: PaidMonth):
        paid = month.pages[0].lines[1]
        month.receive(*month.pages, september(month, replace(paid, id="again", booked_on=date(2024, 9, 3))))

        again = Discrepancy.objects.get()
        assert again.kind == "DUPLICATE_DEBIT"
        assert prove_cycle(month=MONTH).discrepancies == [again.pk]

    def test_a_return_of_an_august_payment_that_stands_nowhere_is_augusts(self, month: PaidMonth):
        first, second = month.pages
        month.receive(first, replace(second.with_lines(), closing=second.opening, declared=0))

        missing = Discrepancy.objects.get()
        assert missing.kind == "MISSING_ON_STATEMENT"
        assert prove_cycle(month=MONTH).discrepancies == [missing.pk]
        assert prove_september().discrepancies == [missing.pk]

    def test_a_debit_missing_in_august_stops_september_too(self, month: PaidMonth):
        first, second = month.pages
        gone = first.lines[2]
        opening = first.closing - gone.amount
        first = replace(_without(first, gone), closing=opening, declared=first.declared - 1)
        month.receive(first, replace(second, opening=opening, closing=second.closing - gone.amount))

        missing = Discrepancy.objects.get()
        assert prove_cycle(month=MONTH).discrepancies == [missing.pk]
        assert prove_september().discrepancies == [missing.pk]

    def test_what_is_missing_of_no_day_counts_from_its_statements_first(self, month: PaidMonth):
        """A payment found not to have arrived has lost its day; the question about it is not gone with it."""
        month.receive(*month.pages)
        payment = Payment.objects.filter(credited_on=None, returned_on=None).order_by("pk")[0]
        missing = Discrepancy.objects.create(
            kind="MISSING_ON_STATEMENT", key="missing", statement=Stored.objects.order_by("pk")[0], payment=payment,
            ours=-payment.amount, theirs=0, sentence="Không thấy.", found_at=RECEIVED_AT,
        )  # fmt: skip

        assert prove_cycle(month=MONTH).discrepancies == [missing.pk]
        assert prove_september().discrepancies == [missing.pk]


class TestTheMonthsEnd:
    """The bank says a day, its statement the next: at a month's end the two are of two months."""

    def test_a_debit_the_bank_booked_only_in_september_is_augusts_until_it_answers_and_then_counts_by_the_statement(
        self, month: PaidMonth
    ):
        first, second = month.pages
        moved = first.lines[2]
        opening = first.closing - moved.amount
        first = replace(_without(first, moved), closing=opening, declared=first.declared - 1)
        second = replace(second, opening=opening, closing=second.closing - moved.amount)
        month.receive(first, second)
        assert not prove_cycle(month=MONTH).proven

        later = replace(moved, booked_on=date(2024, 9, 1))
        month.receive(replace(september(month, later), opening=second.closing, closing=second.closing + moved.amount))

        late = Discrepancy.objects.get(status="OPEN")
        assert (late.kind, prove_cycle(month=MONTH).discrepancies) == ("LATE", [late.pk])
        accept_answer(discrepancy_id=late.pk, note="Ngân hàng đã giải thích.", actor=month.checker, now=RECEIVED_AT)
        proof = prove_cycle(month=MONTH)
        assert proof.differences == []
        assert [check.name for check in proof.checks if "sao kê ghi khác kỳ ngân hàng báo" in check.name]
        assert prove_september().differences == []

    def test_a_return_the_statement_has_only_in_september_too(self, month: PaidMonth):
        first, second = month.pages
        (back,) = second.lines
        empty = replace(second.with_lines(), closing=second.opening, declared=0)
        later = replace(back, booked_on=date(2024, 9, 1))
        page = replace(september(month, later), opening=empty.closing, closing=empty.closing + back.amount)
        month.receive(first, empty, page)

        late = Discrepancy.objects.get(status="OPEN")
        accept_answer(discrepancy_id=late.pk, note="Ngân hàng đã giải thích.", actor=month.checker, now=RECEIVED_AT)
        assert prove_cycle(month=MONTH).differences == []
        assert prove_september().differences == []


def _without(page: Statement, gone: StatementLine) -> Statement:
    return page.with_lines(*(line for line in page.lines if line is not gone))
