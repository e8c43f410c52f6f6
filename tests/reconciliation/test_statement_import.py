"""Taking in statements: once by what they say, all or nothing, and every line is one payment's, one top-up's, or a discrepancy."""

import io
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext

from mockbank.mt940 import write_mt940
from payments.models import LedgerAccount, Payment, Posting
from reconciliation.errors import StatementDiffers, StatementNotAccepted, StatementOfAnotherAccount
from reconciliation.models import Discrepancy, Statement, StatementLine, StatementMatch
from reconciliation.services.lines.match_by_likeness import COUNTERPARTY
from reconciliation.services.lines.match_statement import match_statement
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import StatementIntake, import_statements
from reconciliation.services.statements.preview_statement import preview_statements
from staff.encryption import unseal
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit, User
from tests.reconciliation.paid_month import ACCOUNT_ID, MONTH, RECEIVED_AT, PaidMonth

BEGINS = "INSERT INTO reconciliation_statementmatch"


def count_rows() -> dict[str, int]:
    """Rows of every table statements are written to."""
    models = [*apps.get_app_config("reconciliation").get_models(), *apps.get_app_config("payments").get_models()]
    return {model._meta.db_table: model._default_manager.count() for model in models}


class TestReconciliation:
    def test_explains_every_line_of_a_clean_month(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        assert StatementMatch.objects.count() == StatementLine.objects.count() == 11
        assert not Discrepancy.objects.exists()

    def test_asks_no_weaker_ground_when_every_line_is_explained(self, month: PaidMonth) -> None:
        with CaptureQueriesContext(connection) as asked:
            month.receive(*month.pages)
        grounds = [sql for query in asked.captured_queries if (sql := query["sql"]).lstrip().startswith(BEGINS)]
        assert grounds
        assert not [sql for sql in grounds if "'BANK_REFERENCE'" in sql or "'LUMPED'" in sql or "'SPLIT'" in sql]

    def test_covers_posted_by_one_debit_and_returned_by_a_debit_and_a_credit(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        kinds = Counter(
            (payment.status, *sorted(payment.statement_matches.values_list("kind", flat=True)))
            for payment in Payment.objects.filter(batch__channel="ACCOUNT")
        )
        assert kinds == {("POSTED", "DEBIT"): 8, ("RETURNED", "DEBIT", "RETURN"): 1, ("CANCELLED",): 1}

    def test_books_what_the_bank_did_and_the_books_balance(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        (paid, returned, funds) = (
            Posting.objects.filter(account__kind=kind).aggregate(total=Sum("amount"))["total"]
            for kind in ("PAID", "RETURNED", "FUNDS")
        )
        held = month.bank.balance("fa_971")
        assert (paid + returned, funds) == (month.pages[0].lines[0].amount - held, held)
        assert Posting.objects.aggregate(total=Sum("amount"))["total"] == 0
        assert LedgerAccount.objects.count() >= 4

    def test_looks_at_a_statement_again_without_adding_anything(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        before = count_rows()
        match_statement(statement=Statement.objects.get(sequence_number=1), actor=month.checker, now=RECEIVED_AT)
        assert count_rows() == before

    def test_names_the_payments_of_the_days_a_statement_lacks_them(self, month: PaidMonth) -> None:
        empty = replace(month.pages[0].with_lines(), closing=0, declared=0)
        month.receive(empty)
        assert set(Discrepancy.objects.values_list("kind", flat=True)) == {"MISSING_ON_STATEMENT"}
        assert Discrepancy.objects.count() == 9

    def test_never_explains_a_debit_by_the_payment_of_another_amount(self, month: PaidMonth) -> None:
        first, *rest = month.pages[0].lines[1:]
        wrong = replace(first, amount=first.amount - 1)
        month.receive(month.pages[0].with_lines(month.pages[0].lines[0], wrong, *rest))
        assert not StatementMatch.objects.filter(payment__end_to_end_id=first.end_to_end_id).exists()

    def test_sees_a_debit_repeated_on_a_later_statement(self, month: PaidMonth) -> None:
        first, second = month.pages
        again = replace(first.lines[1], id="again", booked_on=date(2024, 8, 20))
        month.receive(
            first, replace(second, lines=(*second.lines, again), declared=2, closing=second.closing + again.amount)
        )
        assert list(Discrepancy.objects.values_list("kind", "line__reference")) == [
            ("DUPLICATE_DEBIT", again.end_to_end_id)
        ]

    def test_sees_money_that_left_for_a_payment_we_had_stopped(self, month: PaidMonth) -> None:
        stopped, first = Payment.objects.get(status="CANCELLED"), month.pages[0]
        debit = replace(first.lines[1], id="stopped", end_to_end_id=stopped.end_to_end_id, amount=-stopped.amount)
        month.receive(replace(first, lines=(*first.lines, debit), declared=11, closing=first.closing + debit.amount))
        assert list(Discrepancy.objects.values_list("kind", "payment")) == [("BANK_CONTRADICTS", stopped.pk)]


class TestProof:
    def test_lacks_the_banks_word_until_the_statements_are_there(self, month: PaidMonth) -> None:
        assert not prove_cycle(month=MONTH).proven
        month.receive(*month.pages)
        assert prove_cycle(month=MONTH).differences == []


class TestSameStatement:
    def test_counts_once_when_it_comes_twice(self, month: PaidMonth) -> None:
        month.receive(month.pages[0])
        before = count_rows()
        (again,) = month.receive(month.pages[0])
        assert (again.repeated, again.statement, count_rows()) == (True, None, before)

    @pytest.mark.parametrize("seed", range(3))
    def test_counts_once_with_its_lines_in_another_order(self, month: PaidMonth, seed: int) -> None:
        month.receive(month.pages[0])
        before = count_rows()
        shuffled = random.Random(seed).sample(month.pages[0].lines, len(month.pages[0].lines))
        (again,) = month.receive(month.pages[0].with_lines(*shuffled))
        assert (again.repeated, count_rows()) == (True, before)

    def test_with_other_content_under_its_number_is_refused(self, month: PaidMonth) -> None:
        month.receive(month.pages[0])
        before = count_rows()
        with pytest.raises(StatementDiffers) as refused:
            month.receive(month.pages[0].with_lines(*month.pages[0].lines[:-1]))
        assert refused.value.conflicts == ["TKCT-971/1"]
        assert count_rows() == before


class TestRefusedStatement:
    """Each is refused in a Vietnamese sentence, and nothing of it is written."""

    CASES: dict[str, Callable[[bytes], bytes]] = {
        "another currency in an entry": lambda content: content.replace(b'Ccy="VND"', b'Ccy="USD"'),
        "a fraction of a dong": lambda content: content.replace(b"</Amt>", b".50</Amt>", 1),
        "cut off": lambda content: content[:-200],
        "no XML": lambda content: b"PK\x03\x04" + content,
        "another message": lambda content: content.replace(b"camt.053.001.08", b"camt.052.001.08"),
        "without closing balance": lambda content: content.replace(b"CLBD", b"ITBD"),
        "an entity declared": lambda content: content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY x "y">]>', 1),
    }

    @pytest.mark.parametrize("case", CASES)
    def test_writes_nothing(self, month: PaidMonth, case: str) -> None:
        damaged, before = self.CASES[case](month.pages[0].written()), count_rows()
        with pytest.raises(StatementNotAccepted) as refused:
            import_statements(sources=[io.BytesIO(damaged)], actor=month.checker, now=RECEIVED_AT)
        assert "ao kê" in refused.value.sentence or "Định dạng" in refused.value.sentence
        assert count_rows() == before

    def test_of_an_account_that_is_not_ours_writes_nothing(self, month: PaidMonth) -> None:
        before = count_rows()
        with pytest.raises(StatementOfAnotherAccount):
            import_statements(
                sources=[io.BytesIO(month.pages[0].written(account="fa_999"))], actor=month.checker, now=RECEIVED_AT
            )
        assert count_rows() == before

    def test_an_account_of_another_district_is_as_unknown_as_none(self, month: PaidMonth) -> None:
        """Else a file made up to ask would tell which accounts there are."""
        there = AdministrativeUnit.objects.create(code="979", name="huyện khác", kind="DISTRICT", path="/97/979/")
        elsewhere = User.objects.create(username="noi.khac", role="CHECKER", unit=there)
        said = set()
        for account in (ACCOUNT_ID, "fa_999"):
            for ask in (import_statements, preview_statements):
                given = {"now": RECEIVED_AT} if ask is import_statements else {}
                with pytest.raises(StatementOfAnotherAccount) as refused:
                    ask(sources=[io.BytesIO(month.pages[0].written(account=account))], actor=elsewhere, **given)
                said.add((refused.value.sentence, tuple(refused.value.conflicts)))
        assert len(said) == 1

    def test_by_whoever_made_the_list_writes_nothing(self, month: PaidMonth) -> None:
        before = count_rows()
        with pytest.raises(NotAllowed):
            import_statements(sources=[io.BytesIO(month.pages[0].written())], actor=month.maker, now=RECEIVED_AT)
        assert count_rows() == before


class TestCounterparty:
    def test_is_sealed_and_stands_nowhere_in_clear(self, month: PaidMonth) -> None:
        month.receive(month.pages[0])
        line = StatementLine.objects.get(ordinal=2)
        kept = {
            key: value
            for key, value in StatementLine.objects.filter(pk=line.pk).values()[0].items()
            if key != "sealed_counterparty"
        }
        assert "5550100000" not in str(kept)
        assert b"5550100000" not in bytes(line.sealed_counterparty)
        assert b"5550100000" in unseal(line.sealed_counterparty, purpose=COUNTERPARTY)


class TestPages:
    """A long statement comes in several documents: all of them together are one statement, fewer are none."""

    def test_of_one_statement_are_taken_in_together_in_any_order(self, month: PaidMonth) -> None:
        files = month.pages[0].in_pages(4)

        (intake,) = take_in(month, *reversed(files))

        assert (intake.lines, Statement.objects.count(), StatementLine.objects.count()) == (10, 1, 10)
        assert list(StatementLine.objects.order_by("ordinal").values_list("ordinal", flat=True)) == [*range(1, 11)]
        month.receive(month.pages[1])
        assert not Discrepancy.objects.exists()
        assert prove_cycle(month=MONTH).proven

    def test_say_what_the_whole_statement_says(self, month: PaidMonth) -> None:
        take_in(month, *month.pages[0].in_pages(3))
        before = count_rows()

        month.receive(month.pages[0])

        assert count_rows() == before

    @pytest.mark.parametrize("missing", [0, 1, 2])
    def test_are_refused_while_one_is_missing(self, month: PaidMonth, missing: int) -> None:
        files = month.pages[0].in_pages(4)
        before = count_rows()

        with pytest.raises(StatementNotAccepted, match="Thiếu trang"):
            take_in(month, *(file for at, file in enumerate(files) if at != missing))

        assert count_rows() == before

    def test_a_line_lost_between_them_is_named_by_page(self, month: PaidMonth) -> None:
        page = month.pages[0]
        damaged = page.in_pages(4, without=page.lines[5])

        take_in(month, *damaged)

        gaps = Discrepancy.objects.filter(kind="BALANCE_GAP").values_list("key", flat=True)
        assert {key.rpartition(":")[2] for key in gaps} == {"page-2", "sum", "count"}


def take_in(month: PaidMonth, *files: bytes) -> list[StatementIntake]:
    """The checker chooses several files at once."""
    return import_statements(sources=[io.BytesIO(file) for file in files], actor=month.checker, now=RECEIVED_AT)


class TestOtherFormats:
    def test_mt940_of_the_same_days_adds_nothing(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        before = count_rows()

        for page in month.pages:
            (intake,) = import_statements(
                sources=[io.BytesIO(page.written(write=write_mt940))], actor=month.checker, now=RECEIVED_AT
            )
            assert intake.repeated

        assert count_rows() == before

    def test_mt940_alone_proves_the_cycle_as_camt_does(self, month: PaidMonth) -> None:
        for page in month.pages:
            import_statements(
                sources=[io.BytesIO(page.written(write=write_mt940))], actor=month.checker, now=RECEIVED_AT
            )

        assert not Discrepancy.objects.exists()
        assert prove_cycle(month=MONTH).proven

    def test_periods_that_overlap_bring_each_booking_once(self, month: PaidMonth) -> None:
        first, second = month.pages
        whole = replace(
            second, lines=(*first.lines, *second.lines), opening=first.opening, declared=len(first.lines) + 1,
            days=(first.days[0], second.days[1]),
        )  # fmt: skip

        month.receive(first, whole)

        assert StatementLine.objects.count() == len(first.lines) + len(second.lines)
        assert not Discrepancy.objects.exists()

    def test_statements_without_a_number_follow_by_their_days(self, month: PaidMonth) -> None:
        first, second = (replace(page, sequence=None) for page in month.pages)

        month.receive(first, second)
        month.receive(first, second)

        assert list(Statement.objects.order_by("pk").values_list("sequence_number", flat=True)) == [None, None]
        assert not Discrepancy.objects.exists()
