"""A line is explained once and a payment is explained once, whoever tries; and every explanation can be taken back with a reason."""

import io
import random
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from beneficiaries.services.numbers import reveal_account_number
from payments.models import FundingAccount, LedgerAccount, Payment, Posting, TopUp
from reconciliation.errors import AmountsDiffer, LineExplained, MatchUndone
from reconciliation.models import Discrepancy, Statement, StatementLine, StatementMatch
from reconciliation.services.lines.match_by_hand import explain_without_payment, link_to_payment, undo_match
from reconciliation.services.months.prove import prove_cycle
from reconciliation.services.statements.import_statement import import_statements
from staff.errors import NotAllowed
from staff.models import AdministrativeUnit
from tests.reconciliation.damages import charge_taken
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, TOP_UP, Page, PaidMonth

WHO = {"reason": "Ngân hàng xác nhận bằng văn bản 12.", "now": RECEIVED_AT}


def without_references(page: Page, **other: object) -> Page:
    return page.with_lines(
        *(
            replace(line, end_to_end_id=None, payment_id=None, id=f"x{at}", **other) if line.kind == "debit" else line
            for at, line in enumerate(page.lines)
        )
    )


def account_of(end_to_end_id: str | None) -> str:
    account = Payment.objects.get(end_to_end_id=end_to_end_id).bank_account
    return reveal_account_number(account.number.sealed, bank_bin=account.bank_bin, digest=account.number.digest)


class TestWithoutReferences:
    def test_the_account_the_amount_and_the_day_name_the_payment(self, month: PaidMonth) -> None:
        lines = [
            replace(
                line,
                end_to_end_id=None,
                payment_id=None,
                id=f"x{at}",
                counterparty_account=account_of(line.end_to_end_id),
            )
            if line.kind == "debit"
            else line
            for at, line in enumerate(month.pages[0].lines)
        ]

        month.receive(month.pages[0].with_lines(*lines))

        assert set(StatementMatch.objects.filter(kind="DEBIT").values_list("basis", flat=True)) == {"ACCOUNT"}
        assert not Discrepancy.objects.exists()

    def test_an_account_of_somebody_else_names_nobody(self, month: PaidMonth) -> None:
        month.receive(without_references(month.pages[0], counterparty_account="999"))

        assert not StatementMatch.objects.filter(kind="DEBIT").exists()
        assert Discrepancy.objects.filter(kind="UNEXPECTED_LINE").count() == len(month.pages[0].lines) - 1


class TestGuard:
    def test_the_database_refuses_to_explain_a_payment_twice(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        known = StatementMatch.objects.filter(kind="DEBIT").first()
        other = StatementMatch.objects.filter(kind="DEBIT").exclude(pk=known.pk).first()

        with pytest.raises(IntegrityError, match=r"explained once|debited once"), transaction.atomic():
            StatementMatch.objects.create(
                line=other.line,
                kind="DEBIT",
                basis="REFERENCE",
                amount=known.amount,
                payment=known.payment,
                matched_at=RECEIVED_AT,
            )

    def test_a_line_explains_only_what_its_own_account_paid(self, month: PaidMonth) -> None:
        """Another account's statement with the very lines: references and amounts agree, the account does not."""
        elsewhere = AdministrativeUnit.objects.exclude(code="971").first()
        FundingAccount.objects.create(code="TK-KHAC", bank_account_id="fa_khac", paying_unit=elsewhere)
        pages = [io.BytesIO(month.pages[0].written(account="fa_khac"))]
        import_statements(sources=pages, actor=month.checker, now=RECEIVED_AT)
        debit = StatementLine.objects.filter(amount__lt=0).first()
        given = {"line": debit, "basis": "REFERENCE", "amount": debit.amount, "matched_at": RECEIVED_AT}

        assert not StatementMatch.objects.exists()
        with pytest.raises(IntegrityError, match="its own account"), transaction.atomic():
            payment = Payment.objects.get(end_to_end_id=debit.reference)
            StatementMatch.objects.create(kind="DEBIT", payment=payment, **given)
        credit = StatementLine.objects.filter(reference=TOP_UP).get()
        with pytest.raises(IntegrityError, match="its own account"), transaction.atomic():
            own = TopUp.objects.get(reference=TOP_UP)
            StatementMatch.objects.create(
                **given | {"line": credit, "kind": "TOP_UP", "amount": credit.amount, "top_up": own}
            )

    def test_nobody_edits_or_deletes_a_match(self, month: PaidMonth) -> None:
        month.receive(*month.pages)

        for change in (
            "UPDATE reconciliation_statementmatch SET amount = -1",
            "DELETE FROM reconciliation_statementmatch",
        ):
            with pytest.raises(Exception, match=r"append|denied"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(change)


class TestByHand:
    def test_a_charge_gets_a_journal_entry(self, month: PaidMonth, charged: StatementLine) -> None:
        explain_without_payment(line=charged, kind=StatementMatch.Kind.CHARGE, actor=month.checker, **WHO)

        booked = dict(Posting.objects.filter(entry__source__startswith="match:").values_list("account__kind", "amount"))
        assert booked == {LedgerAccount.Kind.FUNDS: charged.amount, LedgerAccount.Kind.CHARGES: -charged.amount}

    def test_a_line_can_not_be_called_two_things(self, month: PaidMonth, charged: StatementLine) -> None:
        explain_without_payment(line=charged, kind=StatementMatch.Kind.CHARGE, actor=month.checker, **WHO)

        with pytest.raises(LineExplained):
            explain_without_payment(line=charged, kind=StatementMatch.Kind.INTEREST, actor=month.checker, **WHO)

    def test_only_finance_may_say_so(self, month: PaidMonth, charged: StatementLine) -> None:
        with pytest.raises(NotAllowed):
            explain_without_payment(line=charged, kind=StatementMatch.Kind.CHARGE, actor=month.maker, **WHO)

    def test_a_difference_is_not_linked_away(self, month: PaidMonth, charged: StatementLine) -> None:
        payment = Payment.objects.filter(status="POSTED", batch__channel="ACCOUNT").first()

        with pytest.raises(AmountsDiffer):
            link_to_payment(line=charged, payment=payment, actor=month.checker, **WHO)

    def test_what_was_taken_back_is_explained_anew_and_the_cycle_is_proven_again(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        match = StatementMatch.objects.filter(kind="DEBIT").order_by("pk").first()

        counter = undo_match(match=match, actor=month.checker, **WHO)
        unproven = prove_cycle(month=MONTH)
        link_to_payment(line=match.line, payment=match.payment, actor=month.checker, **WHO)

        assert counter.amount == -match.amount
        assert not unproven.proven
        assert prove_cycle(month=MONTH).proven

    def test_a_match_is_taken_back_once(self, month: PaidMonth) -> None:
        month.receive(*month.pages)
        match = StatementMatch.objects.filter(kind="DEBIT").first()
        undo_match(match=match, actor=month.checker, **WHO)

        with pytest.raises(MatchUndone):
            undo_match(match=match, actor=month.checker, **WHO)


@pytest.fixture
def charged(month: PaidMonth) -> StatementLine:
    """A charge on the second statement that no payment explains."""
    first, second, _ = charge_taken(*month.pages, random.Random(1))
    month.receive(first, second)
    return StatementLine.objects.get(statement=Statement.objects.get(sequence_number=2), is_return=False)
