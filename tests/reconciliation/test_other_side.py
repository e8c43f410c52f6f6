"""A line nobody knows: whom it names, and which payments may be meant; offered to a person, never matched."""

import random
import unicodedata
from dataclasses import replace

import pytest

from payments.models import Payment
from reconciliation.models import Discrepancy, StatementLine, StatementMatch
from reconciliation.services.differences import discrepancies
from reconciliation.services.lines import other_side as module
from reconciliation.services.lines.other_side import likely_payments, other_side
from tests.reconciliation.damages import both_references_lost
from tests.reconciliation.paid_month import RECEIVED_AT, Page, PaidMonth

BANKS_NAME = "TRAN THI HOA"


def named(page: Page, *, name: str, account: str) -> Page:
    """The line to account 1 as a bank writes it."""
    return page.with_lines(
        *(
            replace(line, counterparty_name=name, counterparty_account=account)
            if line.counterparty_account == "1"
            else line
            for line in page.lines
        )
    )


@pytest.fixture
def stranger(month: PaidMonth) -> tuple[StatementLine, Payment]:
    """A debit without any reference of ours, to an account nobody gave; and the payment that is missing for it, of the same name."""
    first, second, expected = both_references_lost(*month.pages, random.Random(4))
    (missing,) = {key for kind, key in expected if kind == "MISSING_ON_STATEMENT"}
    payment = Payment.objects.get(end_to_end_id=missing)
    name = unicodedata.normalize("NFD", payment.payee_name.upper().replace("Đ", "D"))
    month.receive(named(first, name=name.encode("ascii", "ignore").decode(), account="98765434321"), second)
    line = Discrepancy.objects.get(kind="UNEXPECTED_LINE").line
    assert line is not None
    return line, payment


class TestWhoStandsThere:
    def test_is_told_by_name_and_four_digits_alone(self, month: PaidMonth):
        first, second, _ = both_references_lost(*month.pages, random.Random(4))
        month.receive(named(first, name=BANKS_NAME, account="9876 5434 321"), second)
        line = Discrepancy.objects.get(kind="UNEXPECTED_LINE").line
        assert line is not None

        said = other_side(line)

        assert (said.name, said.last_four) == (BANKS_NAME, "4321")

    def test_with_the_content_the_bank_wrote_and_no_number_in_it(self, month: PaidMonth):
        first, second, _ = both_references_lost(*month.pages, random.Random(4))
        odd = next(line for line in first.lines if line.counterparty_account == "1")
        told = replace(odd, text="Tra lai tien thang 8, TK 98765434321")
        month.receive(first.with_lines(*(told if line is odd else line for line in first.lines)), second)
        line = Discrepancy.objects.get(kind="UNEXPECTED_LINE").line
        assert line is not None

        content = other_side(line).content

        assert "Tra lai tien thang 8" in content
        assert "98765434321" not in content

    def test_is_nobody_where_the_bank_wrote_nothing(self, month: PaidMonth):
        first, second, _ = both_references_lost(*month.pages, random.Random(4))
        month.receive(named(first, name="", account=""), second)
        line = Discrepancy.objects.get(kind="UNEXPECTED_LINE").line
        assert line is not None

        assert (other_side(line).name, other_side(line).last_four) == ("", "")
        assert [each.why for each in likely_payments(line)] == ["đúng số tiền"]


class TestLikely:
    def test_is_the_payment_of_that_name_and_amount_which_nothing_explains(
        self, stranger: tuple[StatementLine, Payment]
    ):
        line, missing = stranger

        likely = likely_payments(line)

        assert [(each.payment, each.why, each.can_link) for each in likely] == [
            (missing, "đúng số tiền, đúng họ tên", True)
        ]
        assert not StatementMatch.objects.filter(line=line).exists()

    def test_and_a_person_links_it(self, month: PaidMonth, stranger: tuple[StatementLine, Payment]):
        line, _ = stranger
        item = Discrepancy.objects.get(kind="UNEXPECTED_LINE")
        offered = likely_payments(line)[0].payment

        discrepancies.link(discrepancy_id=item.pk, payment=offered, note="UNC 12", actor=month.checker, now=RECEIVED_AT)

        assert not Discrepancy.objects.filter(status="OPEN").exists()
        assert likely_payments(line) == []

    def test_is_never_one_another_line_explains(self, stranger: tuple[StatementLine, Payment]):
        line, _ = stranger
        explained = set(StatementMatch.objects.filter(kind="DEBIT").values_list("payment", flat=True))

        assert explained and not explained & {each.payment.pk for each in likely_payments(line)}

    def test_of_another_amount_is_told_by_its_account_and_can_not_be_linked(
        self, month: PaidMonth, monkeypatch: pytest.MonkeyPatch, stranger: tuple[StatementLine, Payment]
    ):
        line, missing = stranger
        line.amount -= 1
        account = missing.bank_account
        assert account is not None and account.number is not None
        monkeypatch.setattr(module, "account_digest", lambda **_: bytes(account.number.digest))

        assert [(each.payment, each.why, each.can_link) for each in likely_payments(line)] == [
            (missing, "đúng họ tên, đúng số tài khoản", False)
        ]

    def test_is_nobody_far_from_its_day_or_of_another_account(self, stranger: tuple[StatementLine, Payment]):
        line, _ = stranger
        near = line.booked_on
        line.booked_on = near.replace(month=near.month - 2)
        assert likely_payments(line) == []
        line.booked_on = near
        line.statement.funding_account_id = 0
        assert likely_payments(line) == []
