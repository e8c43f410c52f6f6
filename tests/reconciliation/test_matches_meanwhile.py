"""Somebody who matches a line is not deleted meanwhile: two transactions at the same time, for real."""

from threading import Thread

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, connections, transaction

from payments.models import FundingAccount, Payment
from reconciliation.models import Statement, StatementLine, StatementMatch
from staff.models import Role, User
from tests.payments.province import AUGUST, Clock, make_province
from tests.reconciliation.paid_month import RECEIVED_AT


@pytest.mark.usefixtures("committed_db")
def test_the_deletion_waits_for_the_match_and_is_refused() -> None:
    statement = _statement_of_one_line()
    somebody = User.objects.create(username="tam", full_name="Tạm", role=Role.CHECKER, password=make_password(None))
    refused: list[Exception] = []
    deleting = Thread(target=_delete, args=(somebody.pk, refused))

    with transaction.atomic():
        StatementMatch.objects.create(
            line=statement.lines.get(), kind="DEBIT", basis="BY_HAND", amount=-1, payment=Payment.objects.get(), reason="x",
            matched_by=somebody, matched_at=RECEIVED_AT,
        )  # fmt: skip
        deleting.start()
        deleting.join(0.5)
        assert deleting.is_alive()
    deleting.join(10)

    assert [type(error) for error in refused] == [IntegrityError]
    assert User.objects.filter(pk=somebody.pk).exists()


@pytest.mark.usefixtures("committed_db")
def test_a_match_is_not_written_where_those_of_others_are_not_seen() -> None:
    """Under a snapshot taken before another match was committed, the line would look unexplained, and be explained twice."""
    statement = _statement_of_one_line()
    somebody = User.objects.create(username="tam", full_name="Tạm", role=Role.CHECKER, password=make_password(None))
    given = {
        "line": statement.lines.get(), "kind": "DEBIT", "basis": "BY_HAND", "amount": -1, "payment": Payment.objects.get(), "reason": "x",
        "matched_by": somebody, "matched_at": RECEIVED_AT,
    }  # fmt: skip

    def match_meanwhile() -> None:
        StatementMatch.objects.create(**given)
        connections.close_all()

    with pytest.raises(IntegrityError, match="those of others"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            cursor.execute("SELECT count(*) FROM reconciliation_statementmatch")
        other = Thread(target=match_meanwhile)
        other.start()
        other.join(10)
        StatementMatch.objects.create(**given)
    assert StatementMatch.objects.count() == 1


@pytest.mark.usefixtures("committed_db")
def test_who_matches_at_the_same_time_waits_and_is_refused() -> None:
    """Two lines that are wholly one payment, each plain in itself (ADR 63): neither sees the other's match before it is committed."""
    statement, payment = _statement_of_one_line(), Payment.objects.get()
    first, second = (
        StatementLine.objects.create(statement=statement, ordinal=at, amount=-payment.amount, booked_on=AUGUST, sealed_counterparty=b"")
        for at in (2, 3)
    )  # fmt: skip
    refused: list[Exception] = []
    other = Thread(target=_match, args=(second, payment, refused))

    with transaction.atomic():
        _match(first, payment, refused)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(30)

    assert [str(error).splitlines()[0] for error in refused] == ["a payment is debited once and returned once"]
    assert list(StatementMatch.objects.values_list("line", flat=True)) == [first.pk]


def _match(line: StatementLine, payment: Payment, refused: list[Exception]) -> None:
    try:
        StatementMatch.objects.create(
            line=line, kind="DEBIT", basis="REFERENCE", amount=line.amount, payment=payment, matched_at=RECEIVED_AT
        )
    except IntegrityError as error:
        refused.append(error)
    finally:
        if not connection.in_atomic_block:
            connections.close_all()


def _statement_of_one_line() -> Statement:
    province = make_province(clock=Clock())
    province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    statement = Statement.objects.create(
        funding_account=FundingAccount.objects.get(code="TK-971"), content_digest=b"x", statement_id="S", from_on=AUGUST, to_on=AUGUST,
        opening=1, closing=0, line_count=1, received_at=RECEIVED_AT,
    )  # fmt: skip
    StatementLine.objects.create(statement=statement, ordinal=1, amount=-1, booked_on=AUGUST, sealed_counterparty=b"")
    return statement


def _delete(pk: int, refused: list[Exception]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM staff_user WHERE id = %s", [pk])
    except IntegrityError as error:
        refused.append(error)
    finally:
        connections.close_all()
