"""Alarms of silence: what should have happened and did not, counted from rows; raised once, cleared when it is over, logged without persons."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Value

from payments.models import Alarm, FundingAccount, Heartbeat
from payments.services.ledger.balances import below_nothing
from payments.services.sending.books import Standing, books_standing
from payments.services.sending.not_sending import accounts_nobody_sends_for
from payments.services.sending.send import REPLAY_FOR
from payments.services.sending.unread_accounts import unread_for_long
from staff.models import AdministrativeUnit

logger = logging.getLogger(__name__)
PROCESSING_FOR = timedelta(days=2)
UNSIGNED_FOR = timedelta(days=2)
UNRECORDED_FOR = timedelta(days=5)
MATCHING_FOR = timedelta(hours=3)
UNCOMPARED_FOR = timedelta(hours=30)
RING_TRIES = 8  # about twenty minutes after the first
RINGS_SHOWN = 100
BOOKS = "books"
CLOCK, CLOCK_SILENT_FOR = "clock", timedelta(minutes=3)

# subject, unit, count, since; one row per thing that is silent.
_SILENT = {
    Alarm.Kind.PROCESSING_LONG: """
        SELECT 'list:' || b.id, b.paying_unit_id, count(*), min(p.status_at) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE b.status = 'RELEASED' AND b.channel = 'ACCOUNT' AND p.status = 'PROCESSING' AND p.status_at < %(processing)s GROUP BY b.id
    """,
    Alarm.Kind.OUTCOME_UNKNOWN: """
        SELECT 'list:' || b.id, b.paying_unit_id, count(*), min(p.first_used_at) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.status = 'SENT' AND p.first_used_at < %(unknown)s AND p.lease_until < %(now)s GROUP BY b.id
    """,
    Alarm.Kind.HELD: """
        SELECT 'list:' || b.id, b.paying_unit_id, count(*), min(p.status_at) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id
        WHERE p.status = 'READY' AND p.hold_code <> '' GROUP BY b.id
    """,
    Alarm.Kind.WAITS_FOR_SIGNATURE: """
        SELECT 'list:' || b.id, b.paying_unit_id, 1, b.status_at FROM payments_paymentbatch b
        WHERE b.status IN ('DRAFT', 'SUBMITTED', 'APPROVED') AND b.status_at < %(unsigned)s
    """,
    # How many payments wait for it, released or on a list that only its releaser has not signed; a freeze nobody remembers is silent from its first minute.
    Alarm.Kind.FROZEN: """
        SELECT 'freeze:' || f.id, f.unit_id, (
            SELECT count(*) FROM payments_payment p JOIN payments_paymentbatch b ON b.id = p.batch_id JOIN staff_administrativeunit w ON w.id = b.paying_unit_id
            WHERE (p.status = 'READY' OR (p.status = 'DRAFT' AND b.status = 'APPROVED'))
              AND starts_with(w.path, u.path) AND (f.programme_id IS NULL OR f.programme_id = b.programme_id)), f.began_at
        FROM payments_freeze f JOIN staff_administrativeunit u ON u.id = f.unit_id WHERE f.ended_at IS NULL
    """,
    # Since it was first seen: when the books were put here nobody wrote down.
    Alarm.Kind.BOOKS_NOT_READ: f"""
        SELECT '{BOOKS}', NULL::bigint, 1, coalesce((SELECT since FROM payments_alarm WHERE kind = 'BOOKS_NOT_READ' AND cleared_at IS NULL), %(now)s)
        WHERE payments_books_standing() IN ('ELSEWHERE', 'BEHIND')
    """,
    Alarm.Kind.BANK_SILENT: """
        SELECT 'bank:' || l.bank_bin, NULL::bigint, l.failures, l.opened_at FROM payments_banklane l WHERE l.opened_at IS NOT NULL
    """,
    # The last run was refused or does not end; or a list came, its people are compared with nobody, and a night went by; or somebody was put
    # right, or taken in while it ran, and no night since looked for them.
    Alarm.Kind.MATCHING_LATE: """
        SELECT 'matching', NULL::bigint, 1, f.since FROM (
            SELECT CASE WHEN o.stage = 'REFUSED' THEN o.finished_at
                        WHEN o.stage = 'WAITING' AND o.ordered_at < %(unmatched)s THEN o.ordered_at
                        WHEN r.received_at < %(uncompared)s
                             AND EXISTS (SELECT 1 FROM beneficiaries_beneficiary WHERE identity_status = 'UNCHECKED') THEN r.received_at
                        WHEN o.ordered_at < %(uncompared)s
                             AND EXISTS (SELECT 1 FROM beneficiaries_beneficiary WHERE identity_status = 'UNCHECKED')
                             AND NOT EXISTS (SELECT 1 FROM beneficiaries_receivedfile WHERE kind = 'REGISTRY' AND received_at >= %(uncompared)s)
                             AND NOT EXISTS (SELECT 1 FROM beneficiaries_correction WHERE decided_at >= %(uncompared)s) THEN o.ordered_at END AS since
            FROM (SELECT max(id) AS id FROM beneficiaries_matchorder) last LEFT JOIN beneficiaries_matchorder o ON o.id = last.id
            CROSS JOIN LATERAL (SELECT min(received_at) AS received_at FROM beneficiaries_receivedfile
                                WHERE kind = 'REGISTRY' AND received_at > coalesce(o.ordered_at, '-infinity')) r) f
        WHERE f.since IS NOT NULL
    """,
    # Told by the newest code; its row and the log say where. Over a day after the last.
    Alarm.Kind.FAULT: """
        SELECT 'fault:' || (array_agg(f.code ORDER BY f.at DESC, f.id DESC))[1], NULL::bigint, count(*), min(f.at) FROM staff_fault f
        WHERE f.at > %(day_ago)s HAVING count(*) > 0
    """,
    Alarm.Kind.RING_UNFOLLOWED: """
        SELECT 'ring:' || e.id, NULL::bigint, e.tries, e.received_at FROM payments_bankevent e
        WHERE e.handled_at IS NULL AND e.tries >= %(tries)s ORDER BY e.id LIMIT %(shown)s
    """,
    # Nothing of its account is confirmed as unpaid until somebody has asked the bank and says so.
    Alarm.Kind.BANK_REPORT_WRONG: """
        SELECT 'bank-report:' || r.id, f.paying_unit_id, 1, r.received_at
        FROM payments_bankreport r JOIN payments_fundingaccount f ON f.id = r.funding_account_id
        WHERE r.problem <> '' AND r.closed_by_id IS NULL ORDER BY r.id LIMIT %(shown)s
    """,
}


@dataclass(frozen=True)
class Silence:
    """One thing that is silent: `subject` as in `Alarm`, the unit it lies in (None: everybody's), how many, since when."""

    subject: str
    unit_id: int | None
    count: int
    since: datetime


def watch(*, now: datetime) -> int:
    """Note that the clock rang, look for every kind of silence, and keep the alarms. Returns how many were raised."""
    Heartbeat.objects.update_or_create(name=CLOCK, defaults={"at": now})
    given: dict[str, Any] = {
        "now": now,
        "processing": now - PROCESSING_FOR,
        "unknown": now - REPLAY_FOR,
        "unsigned": now - UNSIGNED_FOR,
        "unmatched": now - MATCHING_FOR,
        "uncompared": now - UNCOMPARED_FOR,
        "day_ago": now - timedelta(days=1),
        "tries": RING_TRIES,
        "shown": RINGS_SHOWN,
    }
    raised = 0
    for kind, statement in _SILENT.items():
        with connection.cursor() as cursor:
            cursor.execute(statement, given)
            found = [Silence(*row) for row in cursor.fetchall()]
        raised += keep_alarms(kind=kind, found=found, now=now)
    raised += keep_alarms(kind=Alarm.Kind.LEDGER_NEGATIVE, found=_below_nothing(before=now - UNRECORDED_FOR), now=now)
    unsent = [
        Silence(f"account:{one.code}", one.unit_id, one.count, one.since) for one in accounts_nobody_sends_for(now=now)
    ]
    unsent += [Silence(f"unread:{one.code}:{one.why}", None, 1, one.since) for one in unread_for_long(now=now)]
    return raised + keep_alarms(kind=Alarm.Kind.NOT_SENDING, found=unsent, now=now)


def _below_nothing(*, before: datetime) -> list[Silence]:
    """Whoever records a top-up or a lump sum has some days for it."""
    units = dict(FundingAccount.objects.values_list("pk", "paying_unit"))
    codes = dict(FundingAccount.objects.values_list("pk", "code"))
    return [
        Silence(f"{codes[below.account_id]}:{below.kind}", units[below.account_id], 1, below.since)
        for below in below_nothing()
        if below.since < before
    ]


@transaction.atomic
def keep_alarms(*, kind: Alarm.Kind, found: Sequence[Silence], now: datetime) -> int:
    """Make the open alarms of `kind` those in `found`: new ones are raised, known ones counted anew, the others cleared. Returns the raised."""
    still = [silence.subject for silence in found]
    standing = Alarm.objects.filter(kind=kind, cleared_at__isnull=True)
    standing.exclude(subject__in=still).update(cleared_at=now)
    known = set(standing.values_list("subject", flat=True))
    Alarm.objects.bulk_create(
        [
            Alarm(
                kind=kind,
                subject=silence.subject,
                unit_id=silence.unit_id,
                count=silence.count,
                since=silence.since,
                raised_at=now,
            )
            for silence in found
        ],
        update_conflicts=False,
        ignore_conflicts=True,
    )
    _recount([silence for silence in found if silence.subject in known], kind=kind)
    fresh = [silence for silence in found if silence.subject not in known]
    for silence in fresh:
        logger.warning("alarm %s %s: %d since %s", kind, silence.subject, silence.count, silence.since.isoformat())
    return len(fresh)


def _recount(known: Sequence[Silence], *, kind: Alarm.Kind) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE payments_alarm a SET count = v.count, since = v.since "
            "FROM (SELECT unnest(%s::text[]) AS subject, unnest(%s::int[]) AS count, unnest(%s::timestamptz[]) AS since) v "
            "WHERE a.kind = %s AND a.subject = v.subject AND a.cleared_at IS NULL AND (a.count, a.since) IS DISTINCT FROM (v.count, v.since)",
            [[s.subject for s in known], [s.count for s in known], [s.since for s in known], kind],
        )


def alarms_in_reach(*, unit: AdministrativeUnit | None) -> QuerySet[Alarm]:
    """Open alarms of units of the subtree, those that are everybody's, and freezes from above; the oldest silence first. Unread books: `books_unread`."""
    path = unit.path if unit else "-"
    reach = (
        Q(unit__isnull=True)
        | Q(unit__path__startswith=path)
        | Q(kind=Alarm.Kind.FROZEN, reader__startswith=F("unit__path"))
    )
    open_ones = Alarm.objects.annotate(reader=Value(path)).filter(reach, cleared_at__isnull=True)
    open_ones = open_ones.exclude(kind=Alarm.Kind.BOOKS_NOT_READ)
    return open_ones.select_related("unit").order_by("since", "pk")


def books_unread(*, now: datetime) -> Alarm | None:
    """The alarm of books nobody read since they were restored, as it is this moment, whatever the clock has raised or cleared.

    Not in the seconds after a start of the server: a bank that is silent then is told by what waits unsent.
    """
    if books_standing() in (Standing.READ, Standing.NOT_COMPARED):
        return None
    raised = Alarm.objects.filter(kind=Alarm.Kind.BOOKS_NOT_READ, cleared_at=None).first()
    return raised or Alarm(kind=Alarm.Kind.BOOKS_NOT_READ, subject=BOOKS, count=1, since=now, raised_at=now)


def clock_silence(*, now: datetime) -> Alarm | None:
    """The alarm nobody can raise while the clock stands still: computed by whoever reads; not stored."""
    beat = Heartbeat.objects.filter(name=CLOCK).first()
    if beat is not None and beat.at >= now - CLOCK_SILENT_FOR:
        return None
    since = beat.at if beat else now
    return Alarm(kind=Alarm.Kind.CLOCK_SILENT, subject=CLOCK, count=1, since=since, raised_at=now)
