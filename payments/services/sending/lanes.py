"""Which receiving banks may be offered orders now: the circuit breaker of each, its cut-off times and holidays."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from banks.transfers import Accepted, NotTaken, Outcome, Unknown
from payments.models import BankLane

FAILURES_TO_OPEN = 10
# Each failed probe doubles the wait, so that a bank back from an outage waits two minutes at most.
OPEN_SECONDS, OPEN_SECONDS_AT_MOST = 30, 120
NO_CONNECTION = frozenset({"connect_timeout", "connection_refused"})
# Says nothing of the bank's health.
NEITHER = frozenset({"rate_limit", "idempotency_error", "answer_for_another_transfer"})
EVERY_BANK = ""

# A bank with hours keeps them on working days, by the one calendar (ADR 78): none on a day off; on a Saturday or Sunday worked instead a Monday's,
# where it has none of that day. A lane whose time is over lets one order through: whoever holds its row probes, all others pass it by.
_SHUT = """
WITH local AS (
    SELECT l.at, extract(isodow FROM l.at) - 1 AS weekday, c.working
    FROM (SELECT %(now)s::timestamptz AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at) l LEFT JOIN staff_calendarday c ON c.day = l.at::date
), hours AS (
    SELECT * FROM payments_bankhours h WHERE h.valid_from <= %(now)s AND (h.valid_to IS NULL OR h.valid_to > %(now)s)
)
SELECT h.bank_bin, 'CLOSED' FROM hours h, local GROUP BY h.bank_bin
HAVING NOT bool_or(local.working IS DISTINCT FROM false AND local.at::time >= h.opens_at AND local.at::time < h.closes_at
    AND (h.weekday = local.weekday OR (local.working AND h.weekday = 0
         AND NOT EXISTS (SELECT 1 FROM hours o WHERE o.bank_bin = h.bank_bin AND o.weekday = local.weekday))))
UNION ALL SELECT d.bank_bin, 'CLOSED' FROM payments_bankholiday d, local WHERE d.on = local.at::date
  AND d.valid_from <= %(now)s AND (d.valid_to IS NULL OR d.valid_to > %(now)s)
UNION ALL SELECT bank_bin, CASE WHEN open_until <= %(now)s THEN 'PROBE' ELSE 'BROKEN' END FROM payments_banklane WHERE open_until IS NOT NULL
"""
_PROBED = """
UPDATE payments_banklane SET open_until = %(until)s WHERE bank_bin = %(bank)s AND open_until <= %(now)s
"""
# Counted over all workers; a lane opens at the tenth failure in a row, and again after each probe that failed.
_FAILED = f"""
INSERT INTO payments_banklane AS l (bank_bin, failures, last_code, opened_at, open_until)
SELECT bank, failures, code, CASE WHEN failures >= %(most)s THEN %(now)s::timestamptz END,
       CASE WHEN failures >= %(most)s THEN %(now)s::timestamptz + make_interval(secs => {OPEN_SECONDS}) END
FROM (SELECT unnest(%(banks)s::text[]) AS bank, unnest(%(counts)s::int[]) AS failures, unnest(%(codes)s::text[]) AS code) v ORDER BY bank
ON CONFLICT (bank_bin) DO UPDATE SET failures = l.failures + excluded.failures, last_code = excluded.last_code,
    opened_at = CASE WHEN l.failures + excluded.failures >= %(most)s THEN coalesce(l.opened_at, %(now)s) END,
    open_until = CASE WHEN l.failures + excluded.failures >= %(most)s THEN %(now)s::timestamptz + make_interval(
        secs => least({OPEN_SECONDS_AT_MOST}, {OPEN_SECONDS} * power(2, least(l.failures + excluded.failures - %(most)s, 4)))) END
"""


@dataclass(frozen=True)
class Shut:
    """`banks` are offered nothing, `probes` one order each; `everything`: our own bank is closed."""

    banks: list[str]
    probes: list[str]
    everything: bool


def shut_lanes(*, now: datetime) -> Shut:
    """Which banks are closed or do not answer at `now`."""
    with connection.cursor() as cursor:
        cursor.execute(_SHUT, {"now": now})
        rows = cursor.fetchall()
    closed = {bank for bank, why in rows if why == "CLOSED"}
    broken = {bank for bank, why in rows if why != "CLOSED"}
    probes = sorted(bank for bank, why in rows if why == "PROBE" and bank not in closed)
    return Shut(banks=sorted(closed | broken), probes=probes, everything=EVERY_BANK in closed)


def take_probe(*, bank_bin: str, now: datetime) -> bool:
    """Whether the caller may probe the bank: one at a time, over all workers."""
    until = now + timedelta(seconds=OPEN_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(_PROBED, {"bank": bank_bin, "now": now, "until": until})
        return bool(cursor.rowcount)


def note_answers(answers: Iterable[tuple[str, Outcome]], *, now: datetime) -> None:
    """Learn from answers, (bank, outcome) in the order they came, whether banks answer at all."""
    failures: dict[str, tuple[int, str]] = {}
    answered: set[str] = set()
    repeated: set[str] = set()
    for bank, outcome in answers:
        code = _failure(outcome)
        if code is None:
            if isinstance(outcome, Unknown) and outcome.stored:
                repeated.add(bank)
            continue
        if code:
            failures[bank] = (failures.get(bank, (0, ""))[0] + 1, code)
        else:
            answered.add(bank)
            failures.pop(bank, None)
    if answered:
        BankLane.objects.filter(bank_bin__in=answered, failures__gt=0).update(
            failures=0, opened_at=None, open_until=None
        )
    # An open lane's probe told what was said before: the next one may go.
    if idle := repeated - answered - failures.keys():
        BankLane.objects.filter(bank_bin__in=idle, open_until__gt=now).update(open_until=now)
    if failures:
        with connection.cursor() as cursor:
            cursor.execute(
                _FAILED,
                {
                    "banks": list(failures),
                    "counts": [count for count, _ in failures.values()],
                    "codes": [code[:60] for _, code in failures.values()],
                    "most": FAILURES_TO_OPEN,
                    "now": now,
                },
            )


def _failure(outcome: Outcome) -> str | None:
    """The code of a failure, "" for an answer, None for what tells nothing."""
    if isinstance(outcome, Accepted):
        return ""
    if isinstance(outcome, NotTaken):
        return None if outcome.code in NEITHER else outcome.code if outcome.code in NO_CONNECTION else ""
    if isinstance(outcome, Unknown):
        return None if outcome.stored or outcome.code in NEITHER else outcome.code
    return None
