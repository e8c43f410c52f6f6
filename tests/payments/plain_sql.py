"""Statements past every line of our Python, in the application's own role."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from payments.models import Payment


def run(statement: str, **values: object) -> None:
    """One statement in the application's role, in a savepoint, so that the test can go on after a refusal."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def seal_under_a_lost_key(payment: Payment) -> None:
    """Its account's number names key 255, which nobody ever had."""
    run(
        "UPDATE beneficiaries_accountnumber SET sealed = '\\xff'::bytea || substring(sealed from 2) WHERE id = %(number)s",
        number=payment.bank_account.number_id if payment.bank_account else None,
    )


def constraint_of(refusal: pytest.ExceptionInfo[DatabaseError]) -> str | None:
    cause = refusal.value.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.diag.constraint_name
