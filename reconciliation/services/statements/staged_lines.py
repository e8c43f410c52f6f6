"""The lines of a statement being taken in stand in a table of their own until it is known which of them are new: a million take no memory of ours."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from reconciliation.models import Statement
from reconciliation.parsers.interface import ParsedLine, StatementReading
from reconciliation.services.lines.match_by_likeness import COUNTERPARTY
from staff.bulk import copy_rows
from staff.encryption import seal

COLUMNS = (
    "ordinal", "amount", "booked_on", "reference", "bank_reference", "return_code", "is_return", "sealed_counterparty",
)  # fmt: skip
_MAKE = """
DROP TABLE IF EXISTS incoming_line;
CREATE TEMP TABLE incoming_line (ordinal integer, amount bigint, booked_on date, reference text, bank_reference text, return_code text,
                                 is_return boolean, sealed_counterparty bytea) ON COMMIT DROP
"""
_STORE = """
INSERT INTO reconciliation_statementline
    (statement_id, ordinal, amount, booked_on, reference, bank_reference, return_code, is_return, description, sealed_counterparty)
SELECT %s, ordinal, amount, booked_on, reference, bank_reference, return_code, is_return, '', sealed_counterparty FROM incoming_line ORDER BY ordinal
"""
_MODULUS = 2**256


@dataclass(frozen=True)
class Staged:
    """How many lines stand in `incoming_line`, their debits (without sign) and credits in đồng, and the digest of what the statement says.

    The digest is over what is said, not how: the same statement in another order of lines gives the same one.
    """

    count: int
    debits: int
    credits: int
    digest: bytes


def stage_lines(reading: StatementReading) -> Staged:
    """Write the lines into `incoming_line` as they are read. Within the caller's transaction. Raises what reading them raises."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
    tally = _Tally()
    copy_rows("incoming_line", COLUMNS, (tally.row(line) for line in reading.lines()))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE incoming_line")
    head = reading.statement  # what a statement on several pages says in the end
    said = f"{head.account}|{head.currency}|{head.from_on}|{head.to_on}|{head.opening}|{head.closing}|{tally.sum:x}"
    return Staged(tally.count, tally.debits, tally.credits, hashlib.sha256(said.encode()).digest())


def months_staged() -> set[date]:
    """First days of the months that lines in `incoming_line` are booked in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT date_trunc('month', booked_on)::date FROM incoming_line")
        return {month for (month,) in cursor.fetchall()}


def store_staged(statement: Statement) -> None:
    """What is left in `incoming_line` becomes lines of the statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [statement.pk])


class _Tally:
    """Counts while lines pass; a sum of digests does not depend on their order."""

    def __init__(self) -> None:
        self.count = self.debits = self.credits = self.sum = 0

    def row(self, line: ParsedLine) -> tuple[Any, ...]:
        self.count += 1
        self.debits -= min(line.amount, 0)
        self.credits += max(line.amount, 0)
        said = f"{line.amount}|{line.booked_on}|{line.end_to_end_id}|{line.bank_reference}|{line.is_return}"
        self.sum = (self.sum + int.from_bytes(hashlib.sha256(said.encode()).digest())) % _MODULUS
        counterparty = [line.counterparty_name, line.counterparty_account, line.description]
        return (
            line.ordinal,
            line.amount,
            line.booked_on,
            (line.end_to_end_id or "")[:35],
            (line.bank_reference or "")[:64],
            (line.return_code or "")[:10],
            line.is_return,
            seal(json.dumps(counterparty, ensure_ascii=False).encode(), purpose=COUNTERPARTY),
        )
