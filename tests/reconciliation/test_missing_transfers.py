"""Money beside payments that was ordered and stands on no statement is a difference by itself, until it comes."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from mockbank.statement_lines import StatementLine
from payments.models import FundingAccount, FundTransfer, PaymentBatch, Posting
from payments.services.ledger.transfers import record_transfer
from reconciliation.models import Discrepancy, StatementMatch
from reconciliation.services.differences.write_off import propose_write_off, sign_write_off
from reconciliation.services.lines.match_by_hand import undo_match
from reconciliation.services.months.prove import prove_cycle
from staff.models import Role, User
from tests.reconciliation.paid_month import MONTH, RECEIVED_AT, PaidMonth

AMOUNT = 300_000
SAID = {"note": "Theo công văn số 12 của tổ chức chi trả.", "now": RECEIVED_AT}


@pytest.fixture
def forwarded(month: PaidMonth) -> FundTransfer:
    """A lump sum for the cash list, ordered on 6 August: in the days of the first statement."""
    return record_transfer(
        account=FundingAccount.objects.get(), kind=FundTransfer.Kind.FORWARDED, amount=AMOUNT, reference="UNC-1", booked_on=date(2024, 8, 6),
        batch=PaymentBatch.objects.get(channel="CASH"), actor=month.checker, now=RECEIVED_AT,
    )  # fmt: skip


def line_of(transfer: FundTransfer, *, day: date) -> StatementLine:
    return StatementLine(
        id="txn_unc", kind="debit", amount=-transfer.amount, booked_on=day, payment_id=None, end_to_end_id=transfer.reference, message_id=None,
        counterparty_name=None, counterparty_account=None, counterparty_bank=None, text="Chuyen buu dien", return_reason=None,
    )  # fmt: skip


class TestMissingTransfer:
    def test_is_a_difference_with_its_own_sentence_and_stops_the_proof(self, month: PaidMonth, forwarded: FundTransfer):
        month.receive(*month.pages)

        found = Discrepancy.objects.get()
        assert (found.kind, found.fund_transfer, found.ours, found.theirs) == (
            "MISSING_ON_STATEMENT", forwarded, -AMOUNT, 0,
        )  # fmt: skip
        assert found.sentence == "Khoản chuyển tổ chức dịch vụ chi trả không thấy trên sao kê."
        assert prove_cycle(month=MONTH).discrepancies == [found.pk]

    def test_on_its_statement_is_none(self, month: PaidMonth, forwarded: FundTransfer):
        first, second = month.pages
        line = line_of(forwarded, day=date(2024, 8, 6))
        month.receive(
            replace(first.with_lines(*first.lines, line), closing=first.closing - AMOUNT, declared=first.declared + 1),
            replace(second, opening=second.opening - AMOUNT, closing=second.closing - AMOUNT),
        )

        assert not Discrepancy.objects.exists()

    def test_ends_when_it_comes_with_a_later_statement_and_opens_when_that_is_taken_back(
        self, month: PaidMonth, forwarded: FundTransfer
    ):
        first, second = month.pages
        month.receive(first)
        missing = Discrepancy.objects.get()

        line = line_of(forwarded, day=date(2024, 8, 12))
        month.receive(
            replace(
                second.with_lines(*second.lines, line), closing=second.closing - AMOUNT, declared=second.declared + 1
            )
        )

        missing.refresh_from_db()
        assert (missing.status, missing.ground) == ("RESOLVED", "FOUND_LATER")
        assert not Discrepancy.objects.filter(status="OPEN").exists()
        match = StatementMatch.objects.get(fund_transfer=forwarded)
        undo_match(match=match, actor=month.checker, reason="Nhầm", now=RECEIVED_AT)
        missing.refresh_from_db()
        assert missing.status == "OPEN"

    def test_written_off_books_nothing_for_it_never_was_in_the_books(self, month: PaidMonth, forwarded: FundTransfer):
        month.receive(*month.pages)
        missing, before = Discrepancy.objects.get(), Posting.objects.count()
        second = User.objects.create(
            username="checker2", password="!", full_name="Kế toán hai", role=Role.CHECKER, unit=month.checker.unit
        )

        propose_write_off(discrepancy_id=missing.pk, actor=month.checker, **SAID)
        sign_write_off(discrepancy_id=missing.pk, actor=second, **SAID)

        assert Posting.objects.count() == before
        assert prove_cycle(month=MONTH).discrepancies == []

    def test_stays_about_its_own_transfer(self, month: PaidMonth, forwarded: FundTransfer):
        month.receive(*month.pages)
        missing = Discrepancy.objects.get()
        with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
            Discrepancy.objects.filter(pk=missing.pk).update(fund_transfer=None)
