"""Matching so many lines with so many payments, in a database of its own: the join alone, to durable, and what each is measured against."""

import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import django
import polars
import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, connections  # noqa: E402 -- settings come first

from payments.models import FundingAccount, Payment  # noqa: E402
from reconciliation.models import Statement, StatementLine, StatementMatch  # noqa: E402
from reconciliation.services.lines import matching  # noqa: E402
from reconciliation.services.lines.match_statement import match_lines  # noqa: E402
from staff.bulk import refresh_statistics  # noqa: E402
from tests.databases import owner_url_of  # noqa: E402
from tests.payments.province import AUGUST, Clock, make_province  # noqa: E402
from tests.simulation.database import own_database  # noqa: E402

NOW = datetime(2024, 9, 1, tzinfo=UTC)
DAY = date(2024, 8, 5)
LINES = """
INSERT INTO reconciliation_statementline
    (statement_id, ordinal, amount, booked_on, reference, bank_reference, return_code, is_return, description, sealed_counterparty)
SELECT %s, row_number() OVER (ORDER BY md5(p.end_to_end_id)), -p.amount, %s, p.end_to_end_id, p.bank_reference, '', false, '', '' FROM payments_payment p
"""
COPY = "INSERT INTO payments_payment ({names}) SELECT {chosen} FROM payments_payment t, generate_series(2, %s) n WHERE t.id = %s"
# The peers' way: a status on the payment, with the index every list page needs.
PLAIN = """
DROP TABLE IF EXISTS plain;
CREATE TABLE plain (LIKE payments_payment INCLUDING DEFAULTS INCLUDING INDEXES);
CREATE INDEX ON plain (status);
INSERT INTO plain SELECT * FROM payments_payment;
ANALYZE plain
"""
UPDATE = """
UPDATE plain p SET status = 'RECONCILED' FROM reconciliation_statementline l
WHERE l.statement_id = %s AND p.end_to_end_id = l.reference AND p.amount = -l.amount
"""


def measure_matching(*, rows: int, rounds: int) -> dict[str, float]:
    """Median seconds of `polars_reading`, `polars`, `match` (our join alone), `durable` (all grounds, rows and journal committed) and `update`.

    `polars_reading` is polars asked what `match` is: from rows in the database to pairs; `polars` the join alone, of frames that lie in memory
    already. Durable and update also as `durable_cpu` and `update_cpu`, processor time of the database's process: what else the machine does tells
    less there.
    """
    with own_database(f"ansinh_bench_matching_{rows}"):
        statement = _fill(rows)
        database = connections["default"].settings_dict["NAME"]
        payments, lines = _frames(statement.pk)
        taken: dict[str, list[float]] = defaultdict(list)
        with psycopg.connect(owner_url_of(database), autocommit=True) as owner:
            for _ in range(rounds):
                owner.execute("TRUNCATE reconciliation_statementmatch CASCADE")
                owner.execute(PLAIN)
                taken["polars_reading"].append(_seconds(lambda: _join(*_frames(statement.pk))))
                taken["polars"].append(_seconds(lambda: _join(payments, lines)))
                taken["match"].append(_seconds(lambda: _select(statement)))
                durable, processor = _server_seconds(
                    connection.connection, lambda: match_lines(statement=statement, now=NOW)
                )
                taken["durable"].append(durable)
                taken["durable_cpu"].append(processor)
                if StatementMatch.objects.count() != rows:
                    raise AssertionError("not every line was matched")
                update, processor = _server_seconds(owner, lambda: owner.execute(UPDATE, [statement.pk]))
                taken["update"].append(update)
                taken["update_cpu"].append(processor)
    return {name: statistics.median(values) for name, values in taken.items()}


def _fill(rows: int) -> Statement:
    """One list of so many credited payments, and a statement that shows them all in another order."""
    province = make_province(clock=Clock())
    province.open_account(province.enrol().beneficiary)
    province.build(AUGUST)
    one = Payment.objects.get()
    chosen = {
        "id": "t.id + n", "ordinal": "n", "end_to_end_id": "substr(t.end_to_end_id, 1, 8) || lpad(n::text, 6, '0')", "status": "'POSTED'",
        "cause": "'BANK_POSTED'", "bank_reference": "'obp_' || n", "credited_on": f"DATE '{DAY}'",
    }  # fmt: skip
    columns = [field.column for field in Payment._meta.concrete_fields]
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("ALTER TABLE payments_payment DISABLE TRIGGER USER")
        owner.execute(
            COPY.format(names=", ".join(columns), chosen=", ".join(chosen.get(name, f"t.{name}") for name in columns)),
            [rows, one.pk],
        )
        owner.execute(
            "UPDATE payments_payment SET status = 'POSTED', cause = 'BANK_POSTED', credited_on = %s WHERE id = %s",
            [DAY, one.pk],
        )
        owner.execute("ALTER TABLE payments_payment ENABLE TRIGGER USER")
    total = sum(Payment.objects.values_list("amount", flat=True))
    statement = Statement.objects.create(
        funding_account=FundingAccount.objects.get(code="TK-971"), content_digest=b"x", statement_id="S", from_on=DAY, to_on=DAY, opening=total,
        closing=0, line_count=rows, received_at=NOW,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(LINES, [statement.pk, DAY])
    refresh_statistics(Payment, StatementLine)
    return statement


def _frames(statement_id: int) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Payments and the statement's lines, as polars reads them from the database."""
    session = connection.connection
    return (
        polars.read_database("SELECT id AS payment, end_to_end_id AS reference, amount FROM payments_payment", session),
        polars.read_database(
            "SELECT id AS line, reference, -amount AS amount FROM reconciliation_statementline WHERE statement_id = %s",
            session,
            execute_options={"params": [statement_id]},
        ),
    )


def _join(payments: polars.DataFrame, lines: polars.DataFrame) -> None:
    found = lines.join(payments, on=["reference", "amount"])
    if len(found) != len(lines):
        raise AssertionError("polars lost a line")


def _select(statement: Statement) -> None:
    """The product's first ground without the writing."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM ({matching.REFERRING}) x",
            {"statement": statement.pk, "account": statement.funding_account_id},
        )


def _server_seconds(server: psycopg.Connection, work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of processor time of the server's process behind this connection."""
    stat = Path(f"/proc/{server.info.backend_pid}/stat")
    before, taken = _ticks(stat), _seconds(work)
    return taken, (_ticks(stat) - before) / os.sysconf("SC_CLK_TCK")


def _ticks(stat: Path) -> int:
    user, system = stat.read_text().rsplit(")", 1)[1].split()[11:13]
    return int(user) + int(system)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
