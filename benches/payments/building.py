"""Building and signing a list beside the bare INSERT … SELECT of the same rows, and beside `bulk_create`.

The bare tables have every column, index, check and foreign key of ours, and no triggers. They get the very rows we built. We also decide
who is payable and why, choose accounts, look for what earlier months left, and compute the digest.
"""

import time
from collections.abc import Callable

import psycopg
from django.db import connection, connections, transaction

from benches.payments.rounds import Line, in_turn
from benches.payments.world import filled_province
from payments.models import Cycle, Entitlement, Payment, PaymentBatch
from payments.services.signing.sign import list_digest
from tests.databases import owner_url_of
from tests.payments.province import AUGUST, Province

BARE = {"bare_payment": "payments_payment", "bare_entitlement": "payments_entitlement"}
SAMPLE = 20_000  # rows for bulk_create, whose pace does not depend on how many
OURS, PAYMENTS, ROWS, BULK = "build and digest", "bare payments", "bare payments and entitlements", "bulk_create"


def measure(*, people: int, rounds: int) -> list[Line]:
    """People per second of each way, over whole lists of `people`."""
    with filled_province("ansinh_bench_build", people=people) as province:
        make_bare_tables()
        ways: dict[str, Callable[[], float]] = {
            OURS: lambda: _ours(province, people),
            PAYMENTS: lambda: _insert(["bare_payment"], people),
            ROWS: lambda: _insert(list(BARE), people),
            BULK: lambda: _bulk_create(min(SAMPLE, people)),
        }
        reached = in_turn(ways, rounds=rounds)
    return [
        reached.line(f"build {people:,}, beside INSERT … SELECT of the payments", OURS, PAYMENTS, 0.5),
        reached.line("… of the payments and entitlements", OURS, ROWS, 0.5),
        reached.line("… beside bulk_create of both", OURS, BULK, 5),
    ]


def make_bare_tables() -> None:
    """Tables like ours with their indexes, checks and foreign keys, and no triggers."""
    for bare, ours in BARE.items():
        _as_owner(f"CREATE TABLE {bare} (LIKE {ours} INCLUDING ALL)")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
                [ours],
            )
            for name, definition in cursor.fetchall():
                _as_owner(f'ALTER TABLE {bare} ADD CONSTRAINT "{name}" {definition}')


def _ours(province: Province, people: int) -> float:
    """The last month's list is emptied first, so that every round builds into empty tables."""
    _as_owner("TRUNCATE payments_cycle CASCADE")
    began = time.perf_counter()
    province.build(AUGUST)
    for pk in PaymentBatch.objects.values_list("pk", flat=True):
        list_digest(pk)
    took = time.perf_counter() - began
    if Payment.objects.count() != people or Entitlement.objects.count() != people:
        raise SystemExit("not everybody was built")
    return people / took


def _insert(tables: list[str], people: int) -> float:
    _as_owner(f"TRUNCATE {', '.join(tables)}")
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {BARE[table]} ORDER BY id")
    return people / (time.perf_counter() - began)


def _bulk_create(people: int) -> float:
    """As a Django programme would: rows read, objects made and written, our triggers on; the decisions are taken from what we built."""
    wanted = (
        "batch_id",
        "ordinal",
        "beneficiary_id",
        "payee_name",
        "bank_account_id",
        "amount",
        "end_to_end_id",
        "status_at",
    )
    due = (
        "cycle_id",
        "enrolment_id",
        "programme_id",
        "month",
        "kind",
        "standard_amount",
        "coefficient",
        "amount",
        "channel",
    )
    built = list(Payment.objects.order_by("pk").values(*wanted)[:people])
    answers = list(Entitlement.objects.order_by("payment").values(*due)[:people])
    lists = list(PaymentBatch.objects.all())
    cycle = Cycle.objects.get()
    _as_owner("TRUNCATE payments_cycle CASCADE")
    cycle.save(force_insert=True)
    PaymentBatch.objects.bulk_create(lists)
    began = time.perf_counter()
    with transaction.atomic():
        payments = Payment.objects.bulk_create((Payment(**row) for row in built), batch_size=2000)
        carried = (Entitlement(payment=payment, **row) for payment, row in zip(payments, answers, strict=True))
        Entitlement.objects.bulk_create(carried, batch_size=2000)
    return people / (time.perf_counter() - began)


def _as_owner(statement: str) -> None:
    with psycopg.connect(owner_url_of(connections["default"].settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute(statement)  # type: ignore[arg-type]  # a text of ours, not a literal
