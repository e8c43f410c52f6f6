"""What the open-work indexes bring and cost: `make bench-open-work`. A claim of 200 behind `ROWS` payments that are done, and moving 20,000.

Works on a temporary copy of the payments' table with its other indexes, in one session, interleaved rounds, medians; nothing is kept.
"""

import os
import statistics
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 -- settings come first

ROWS, OPEN, MOVED, ROUNDS = 300_000, 1_000, 20_000, 5
LIST = 3_000  # payments on one list
TABLE = "CREATE TEMP TABLE work (LIKE payments_payment INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING INDEXES)"
FILL = """
INSERT INTO work (id, batch_id, ordinal, beneficiary_id, payee_name, bank_account_id, amount, end_to_end_id, attempt, status, cause, status_at, lease_by,
                  hold_code, bank_reference, return_code)
SELECT n, n / %s, n, n, 'A', n, 500000, 'k' || n, 1, CASE WHEN n <= %s THEN 'POSTED' ELSE 'READY' END, 'BUILD', now(), '', '', '', ''
FROM generate_series(1, %s) n
"""
CLAIM = "SELECT id FROM work WHERE batch_id = %s AND status = 'READY' AND hold_code = '' ORDER BY id LIMIT 200 FOR UPDATE SKIP LOCKED"
MOVE = "UPDATE work SET status = %s WHERE id <= %s"
INDEXES = {
    "payment_of_list_to_send": "CREATE INDEX open_ready ON work (batch_id, id) WHERE status = 'READY'",
    "payment_offered": "CREATE INDEX open_sent ON work (id) WHERE status = 'SENT' AND lease_until IS NOT NULL",
}


def main() -> None:
    """Measure both ways in turn and print the medians."""
    seconds: dict[tuple[bool, str], list[float]] = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'work' AND indexdef LIKE '%WHERE%status%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP INDEX "{name}"')
        cursor.execute(FILL, [LIST, ROWS, ROWS + OPEN])
        cursor.execute("ANALYZE work")
        for _ in range(ROUNDS):
            for indexed in (False, True):
                for statement in INDEXES.values() if indexed else ():
                    cursor.execute(statement)
                for name, statement, given in (
                    ("claim", CLAIM, [ROWS // LIST + 1]),
                    ("move", MOVE, ["SENT", MOVED]),
                    ("back", MOVE, ["POSTED", MOVED]),
                ):
                    began = time.perf_counter()
                    cursor.execute(statement, given)
                    seconds.setdefault((indexed, name), []).append(time.perf_counter() - began)
                cursor.execute("DROP INDEX IF EXISTS open_ready, open_sent")
                cursor.execute("VACUUM work")
    for name in ("claim", "move"):
        without, with_ = (statistics.median(seconds[indexed, name]) for indexed in (False, True))
        print(f"{name:6} without {without * 1000:8.1f} ms   with {with_ * 1000:8.1f} ms   ratio {without / with_:.2f}")


if __name__ == "__main__":
    main()
