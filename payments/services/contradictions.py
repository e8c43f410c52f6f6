"""Two things said of one payment: kept with the last time they were said, until nothing speaks against its end any more (ADR 35)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from payments.models import Contradiction, Finding, HandOver, PaymentFile, PaymentQuerySet
from payments.services.cases import open_payment_cases, without_open_contradiction
from payments.states import Channel

# Who tells may have begun to read before a letter was put on file, and says so afterwards all the same: told after every finding there is.
_TOLD = """
INSERT INTO payments_contradiction (payment_id, told_at)
SELECT x.id, greatest(%s::timestamptz, (SELECT max(f.found_at) FROM payments_finding f WHERE f.payment_id = x.id)) FROM unnest(%s::bigint[]) AS x (id)
ON CONFLICT (payment_id) DO UPDATE SET told_at = greatest(payments_contradiction.told_at, excluded.told_at)
"""
# Of these nobody can be asked afresh about one payment: what went in a file, through a provider, or in hand.
NOBODY_TO_ASK = (
    Q(file__isnull=False)
    | Q(batch__channel=Channel.CASH)
    | Exists(HandOver.objects.filter(batch=OuterRef("batch")))
    | Exists(PaymentFile.objects.filter(batch=OuterRef("batch")))
)
_ANSWERED = Exists(
    Finding.objects.filter(
        payment=OuterRef("payment"),
        outcome=Finding.Outcome.LEFT_NOTHING,
        confirmed_at__isnull=False,
        found_at__gt=OuterRef("told_at"),
    )
)


def note_contradictions(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """Keep that each payment was contradicted now, and put it before a person; `reason` and `evidence` as for `open_payment_cases`."""
    ids = sorted(payment_ids)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(_TOLD, [now, ids])
        open_payment_cases(payment_ids=ids, reason=reason, now=now, evidence=evidence)


def unanswered(rows: PaymentQuerySet) -> PaymentQuerySet:
    """Contradicted, of a kind nobody can be asked about afresh, and no letter that two people read says since that it left nothing."""
    return rows.filter(NOBODY_TO_ASK, Exists(Contradiction.objects.filter(~_ANSWERED, payment=OuterRef("pk"))))


def uncontradicted(rows: PaymentQuerySet) -> PaymentQuerySet:
    """Only such a payment may be confirmed to have left nothing, whoever asks, and however often: no case about it is open, none is unanswered.

    Where the bank can be asked afresh about the very payment, its answer decides, and a closed case is enough.
    """
    open_questions = Contradiction.objects.filter(~_ANSWERED, payment=OuterRef("pk"))
    return without_open_contradiction(rows).filter(~NOBODY_TO_ASK | ~Exists(open_questions))


def undecided() -> Q:
    """For rows of `Contradiction`: nobody confirmed anything by a letter put on file since it was last told."""
    confirmed = Finding.objects.filter(
        payment=OuterRef("payment"), confirmed_at__isnull=False, found_at__gt=OuterRef("told_at")
    )
    return ~Q(Exists(confirmed))
