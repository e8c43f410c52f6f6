"""What matches and lines name exists and stays, though no foreign key says so: whoever writes, the owner of the database included."""

from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from reconciliation.models import StatementLine, StatementMatch
from staff.models import Role, User
from tests.reconciliation.paid_month import RECEIVED_AT, PaidMonth

NOBODY = 9_999_999


def _undone(match: StatementMatch) -> None:
    """What stood on the line is taken back, so that the line has room again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reconciliation_statementmatch (line_id, kind, basis, amount, payment_id, reverses_id, reason, matched_by_id, matched_at) "
            "SELECT line_id, kind, basis, -amount, payment_id, id, 'x', (SELECT min(id) FROM staff_user), matched_at "
            "FROM reconciliation_statementmatch WHERE id = %s",
            [match.pk],
        )


def _match(like: StatementMatch, **other: Any) -> None:
    given = {
        "line_id": like.line_id, "kind": like.kind, "basis": "REFERENCE", "amount": like.amount, "payment_id": like.payment_id,
        "reason": "", "matched_at": RECEIVED_AT,
    }  # fmt: skip
    StatementMatch.objects.create(**{**given, **other})


def _one() -> StatementMatch:
    found = StatementMatch.objects.filter(kind="DEBIT").order_by("pk").first()
    assert found is not None
    _undone(found)
    return found


class TestWhatIsWritten:
    def test_a_match_that_names_what_is_there_is_taken(self, reconciled: PaidMonth) -> None:
        _match(_one())

    @pytest.mark.parametrize(
        "wrong",
        [
            {"line_id": NOBODY},
            {"payment_id": NOBODY},
            {"kind": "TOP_UP", "payment_id": None, "top_up_id": NOBODY},
            {"kind": "TRANSFER", "payment_id": None, "fund_transfer_id": NOBODY},
            {"matched_by_id": NOBODY},
            {"reverses_id": NOBODY, "matched_by_id": 1, "reason": "x"},
        ],
        ids=lambda wrong: next(iter(sorted(wrong, key=lambda name: wrong[name] != NOBODY))),
    )
    def test_a_match_that_names_what_is_not_there_is_refused(
        self, reconciled: PaidMonth, wrong: dict[str, Any]
    ) -> None:
        like = _one()
        with pytest.raises(IntegrityError), transaction.atomic():
            _match(like, **wrong)

    def test_one_wrong_row_among_right_ones_refuses_all(self, reconciled: PaidMonth) -> None:
        like = _one()
        rows = [
            StatementMatch(
                line_id=line, kind="DEBIT", basis="REFERENCE", amount=like.amount, payment_id=payment, matched_at=RECEIVED_AT
            )
            for line, payment in ((like.line_id, like.payment_id), (NOBODY, like.payment_id))
        ]  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            StatementMatch.objects.bulk_create(rows)

    def test_a_line_of_no_statement_is_refused(self, reconciled: PaidMonth) -> None:
        line = StatementLine.objects.all()[0]
        with pytest.raises(IntegrityError, match="of a statement"), transaction.atomic():
            StatementLine.objects.create(
                statement_id=NOBODY, ordinal=1, amount=-1, booked_on=line.booked_on, sealed_counterparty=b""
            )


class TestWhatIsNamed:
    """By the owner, in a transaction where nothing waits to be checked."""

    @pytest.mark.parametrize(
        "statement",
        [
            *(
                f"{change} {table}"
                for table in ("reconciliation_statement", "reconciliation_statementline", "payments_payment", "payments_topup")
                for change in ("DELETE FROM", "TRUNCATE")
            ),
            "TRUNCATE staff_user CASCADE",
            "TRUNCATE payments_payment CASCADE",
            "TRUNCATE reconciliation_statementline CASCADE",
            "TRUNCATE reconciliation_statement CASCADE",
            *(
                f"UPDATE {table} SET id = id + 1000000"
                for table in ("reconciliation_statement", "reconciliation_statementline", "payments_payment", "payments_topup", "staff_user")
            ),
            "DELETE FROM staff_user WHERE id = (SELECT max(matched_by_id) FROM reconciliation_statementmatch)",
            "UPDATE payments_topup SET amount = amount + 1",
            "UPDATE payments_ledgeraccount SET kind = 'FEES' WHERE kind = 'PAID'",
            "DELETE FROM payments_ledgeraccount",
        ],
    )  # fmt: skip
    def test_stays(self, reconciled: PaidMonth, statement: str) -> None:
        _one()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match=r"append-only|never|still names|stays|foreign key"):
            _run(statement)

    def test_who_matched_nothing_may_go(self, reconciled: PaidMonth) -> None:
        somebody = User.objects.create(username="tam", full_name="Tạm", role=Role.CHECKER, password=make_password(None))
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM staff_user WHERE id = %s", [somebody.pk])
        assert not User.objects.filter(pk=somebody.pk).exists()


def _run(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
