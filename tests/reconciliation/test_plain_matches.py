"""The guard takes a whole statement at once where every row is plain: what is wrong among right rows is refused by the rule it breaks."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.db import IntegrityError, connection, transaction

from payments.models import FundingAccount, Payment
from reconciliation.models import Statement, StatementLine, StatementMatch
from staff.models import AdministrativeUnit
from tests.reconciliation.paid_month import ACCOUNT_ID, RECEIVED_AT, PaidMonth

DAY = RECEIVED_AT.date()
NOBODY = 1  # beside the highest id: inside what the guard takes for a dense range


@dataclass
class Said:
    """Rows to write in one statement: (line, kind, amount, payment)."""

    statement: Statement
    payments: list[Payment]
    rows: list[tuple[int, str, int, int]] = field(default_factory=list)

    def line(self, amount: int, *, of: Statement | None = None) -> int:
        """A new line; its id follows the last one's."""
        statement = of or self.statement
        return StatementLine.objects.create(
            statement=statement, ordinal=statement.lines.count() + 1, amount=amount, booked_on=DAY, sealed_counterparty=b""
        ).pk  # fmt: skip

    def say(self, payment: Payment, *, kind: str = "DEBIT", amount: int | None = None) -> None:
        """One more line that is wholly this payment's."""
        whole = -payment.amount if kind == "DEBIT" else payment.amount
        whole = whole if amount is None else amount
        self.rows.append((self.line(whole), kind, whole, payment.pk))

    def write(self, rows: list[tuple[int, str, int, int]] | None = None) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reason, matched_at) "
                "SELECT line, kind, 'REFERENCE', amount, payment, '', %s "
                "FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[]) x (line, kind, amount, payment)",
                [RECEIVED_AT, *(list(column) for column in zip(*(rows or self.rows), strict=True))],
            )


@pytest.fixture
def said(month: PaidMonth) -> Said:
    """Each payment of the account's lists was debited, each in a line of its own; nothing of it is written yet."""
    account = FundingAccount.objects.get(bank_account_id=ACCOUNT_ID)
    statement = _statement(account, digest=b"plain")
    payments = list(Payment.objects.filter(batch__funding_account=account, batch__channel="ACCOUNT").order_by("pk"))
    said = Said(statement, payments)
    for payment in payments:
        said.say(payment)
    return said


def _statement(account: FundingAccount, *, digest: bytes) -> Statement:
    return Statement.objects.create(
        funding_account=account, content_digest=digest, statement_id="S", from_on=DAY, to_on=DAY, received_at=RECEIVED_AT, line_count=1
    )  # fmt: skip


def test_all_rows_of_a_statement_are_taken(said: Said) -> None:
    said.say(said.payments[0], kind="RETURN")

    said.write()

    assert StatementMatch.objects.count() == len(said.payments) + 1


def test_a_part_of_a_line_may_stay_open(said: Said) -> None:
    line, kind, amount, payment = said.rows[0]
    said.rows[0] = line, kind, amount // 2, payment

    said.write()
    said.write([(line, kind, amount - amount // 2, payment)])

    assert StatementMatch.objects.count() == len(said.payments) + 1


def _payment_twice(said: Said) -> None:
    said.say(said.payments[0])


def _payment_twice_in_place_of_another(said: Said) -> None:
    """As many rows as payments, and every amount agrees."""
    said.rows.pop()
    said.say(said.payments[0])


def _returned_twice(said: Said) -> None:
    for _ in range(2):
        said.say(said.payments[0], kind="RETURN")


def _more_than_the_payment(said: Said) -> None:
    said.rows.pop(0)
    said.say(said.payments[0], amount=-said.payments[0].amount - 1)


def _more_returned_than_paid(said: Said) -> None:
    said.say(said.payments[0], kind="RETURN", amount=said.payments[0].amount + 1)


def _money_that_came_is_a_debit(said: Said) -> None:
    said.rows.pop(0)
    said.say(said.payments[0], amount=said.payments[0].amount)


def _money_that_left_is_a_return(said: Said) -> None:
    line, _, amount, payment = said.rows.pop(0)
    said.rows.append((line, "RETURN", amount, payment))


def _nobodys_payment(said: Said) -> None:
    line, kind, amount, _ = said.rows.pop()
    said.rows.append((line, kind, amount, Payment.objects.order_by("-pk")[0].pk + NOBODY))


def _line_twice(said: Said) -> None:
    """Two payments of one amount, and one line for both."""
    line, _, amount, _ = said.rows[0]
    other = next(row for row in said.rows[1:] if row[2] == amount)
    said.rows.remove(other)
    said.rows.append((line, "DEBIT", amount, other[3]))


def _more_than_the_line(said: Said) -> None:
    _, kind, amount, payment = said.rows.pop(0)
    said.rows.append((said.line(amount + 1), kind, amount, payment))


def _nobodys_line(said: Said) -> None:
    line, kind, amount, payment = said.rows.pop()
    said.rows.append((line + NOBODY, kind, amount, payment))


def _one_line_of_another_account(said: Said) -> None:
    unit = AdministrativeUnit.objects.exclude(code="971").order_by("pk")[0]
    elsewhere = FundingAccount.objects.create(code="TK-KHAC", bank_account_id="fa_khac", paying_unit=unit)
    _, kind, amount, payment = said.rows.pop()
    said.rows.append((said.line(amount, of=_statement(elsewhere, digest=b"other")), kind, amount, payment))


def _all_lines_of_another_account(said: Said) -> None:
    unit = AdministrativeUnit.objects.exclude(code="971").order_by("pk")[0]
    elsewhere = FundingAccount.objects.create(code="TK-KHAC", bank_account_id="fa_khac", paying_unit=unit)
    other = _statement(elsewhere, digest=b"other")
    said.rows = [(said.line(amount, of=other), kind, amount, payment) for _, kind, amount, payment in said.rows]


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ("payment is debited once", _payment_twice),
        ("payment is debited once", _payment_twice_in_place_of_another),
        ("payment is debited once", _returned_twice),
        ("payment is debited once", _more_than_the_payment),
        ("payment is debited once", _more_returned_than_paid),
        ("payment is debited once", _money_that_came_is_a_debit),
        ("payment is debited once", _money_that_left_is_a_return),
        ("payment is debited once", _nobodys_payment),
        ("line is explained once", _line_twice),
        ("line is explained once", _more_than_the_line),
        ("line is explained once", _nobodys_line),
        ("its own account", _one_line_of_another_account),
        ("its own account", _all_lines_of_another_account),
    ],
    ids=lambda given: getattr(given, "__name__", "rule").strip("_"),
)
def test_one_wrong_row_refuses_all(said: Said, rule: str, wrong: Callable[[Said], None]) -> None:
    wrong(said)

    with pytest.raises(IntegrityError, match=rule):
        said.write()
    assert not StatementMatch.objects.exists()


class TestWhatWasSaidBefore:
    def test_nothing_is_said_again(self, said: Said) -> None:
        said.write()

        with pytest.raises(IntegrityError, match="explained once"):
            said.write()
        assert StatementMatch.objects.count() == len(said.payments)

    def test_a_payment_of_an_earlier_statement_is_not_debited_again(self, said: Said) -> None:
        """Whole and plain in itself: only what stood there before is against it."""
        said.write([said.rows[0]])
        again = said.line(said.rows[0][2])
        said.rows[0] = again, *said.rows[0][1:]

        with pytest.raises(IntegrityError, match="debited once"):
            said.write()

    def test_a_line_is_not_said_to_be_a_second_payments(self, said: Said) -> None:
        line, kind, amount, _ = said.rows[0]
        other = next(row for row in said.rows[1:] if row[2] == amount)
        said.write([said.rows[0]])

        with pytest.raises(IntegrityError, match="line is explained once"):
            said.write([(line, kind, amount, other[3])])
