"""Two things said of one payment: kept with the last time they were said, until nothing speaks against its end any more (ADR 35, 40)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Exists, OuterRef, Q, Subquery

from payments.models import Contradiction, Finding, HandOver, Payment, PaymentFile, PaymentQuerySet
from payments.services.learning.cases import open_payment_cases, without_open_contradiction
from payments.services.sending.succession import HOLD, hold_successors
from payments.states import ON_A_SLIP, Cause, Channel, PaymentStatus

# Who tells may have begun to read before a letter was put on file, and says so afterwards all the same: told after every finding there is.
_TOLD = """
INSERT INTO payments_contradiction (payment_id, told_at)
SELECT x.id, greatest(%(now)s::timestamptz, (SELECT max(f.found_at) FROM payments_finding f WHERE f.payment_id = x.id)) FROM unnest(%(ids)s::bigint[]) AS x (id)
ON CONFLICT (payment_id) DO UPDATE SET told_at = greatest(payments_contradiction.told_at, excluded.told_at)
"""
# Of these nobody can be asked afresh about one payment: what went in a file, through a provider, or in hand.
NOBODY_TO_ASK = (
    Q(file__isnull=False)
    | Q(batch__channel=Channel.CASH)
    | Exists(HandOver.objects.filter(batch=OuterRef("batch")))
    | Exists(PaymentFile.objects.filter(batch=OuterRef("batch")))
)
# What was found to have arrived and was returned by the bank since left nothing either: nothing was said against it after the letter.
_ANSWERED = Exists(
    Finding.objects.filter(
        Q(outcome=Finding.Outcome.LEFT_NOTHING)
        | Q(outcome=Finding.Outcome.ARRIVED, payment__status=PaymentStatus.RETURNED),
        payment=OuterRef("payment"),
        confirmed_at__isnull=False,
        found_at__gt=OuterRef("told_at"),
    )
)
# A bank that changes its mind once more does not undo what two people last found: a payment that failed and arrived is never confirmed (ADR 44).
_LAST_FOUND = Finding.objects.filter(payment=OuterRef(OuterRef("pk")), confirmed_at__isnull=False).order_by(
    "-found_at", "-pk"
)
_LAST_ARRIVED = Exists(
    Finding.objects.filter(pk=Subquery(_LAST_FOUND.values("pk")[:1]), outcome=Finding.Outcome.ARRIVED)
)
FOUND_ARRIVED = Q(_LAST_ARRIVED, status__in=(PaymentStatus.FAILED, PaymentStatus.CANCELLED))
# What two people found to have arrived may be found wrong by two people, with another letter (ADR 48); what the bank returned is the bank's word.
MAY_BE_FOUND_WRONG = FOUND_ARRIVED | Q(_LAST_ARRIVED, status=PaymentStatus.POSTED, cause=Cause.FOUND_ARRIVED)
# A statement shows that it left: no answer of an API, no report, list or letter speaks louder than the money (ADR 40).
SHOWN_DEBITED = Exists(Contradiction.objects.filter(payment=OuterRef("pk"), debited_on__isnull=False))
# Held for good, or until a slip is signed: a contradiction, once answered, must not open either.
_HOLDS_MORE = ("account_number_altered", "account_key_missing", ON_A_SLIP)


def contradict(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """Each payment was contradicted now: told, its confirmation withdrawn, held while it waits, before a person, its successors too.

    `reason` and `evidence` as for `open_payment_cases`. Within the caller's transaction.
    """
    ids = sorted(payment_ids)
    if ids:
        _keep(ids, now=now)
        hold_contradicted(payment_ids=ids, reason=reason, now=now, evidence=evidence)


def hold_contradicted(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """The same of what was told before, as often as it is looked at: running it again changes nothing while nobody ended its case."""
    ids = sorted(payment_ids)
    if ids:
        Payment.objects.filter(pk__in=ids, confirmed_at__isnull=False).update(confirmed_at=None)
        waiting = Payment.objects.filter(pk__in=ids, status__in=(PaymentStatus.DRAFT, PaymentStatus.READY))
        waiting.exclude(hold_code__in=(HOLD, *_HOLDS_MORE)).update(hold_code=HOLD)
        open_payment_cases(payment_ids=ids, reason=reason, now=now, evidence=evidence)
        hold_successors(now=now)


def note_contradictions(*, payment_ids: Iterable[int], reason: str, now: datetime, evidence: str = "") -> None:
    """Keep that each payment was contradicted now, and put it before a person; `reason` and `evidence` as for `open_payment_cases`."""
    ids = sorted(payment_ids)
    if ids:
        _keep(ids, now=now)
        open_payment_cases(payment_ids=ids, reason=reason, now=now, evidence=evidence)


def _keep(ids: list[int], *, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"ids": ids, "now": now})


def unanswered(rows: PaymentQuerySet) -> PaymentQuerySet:
    """Contradicted, of a kind nobody can be asked about afresh, and no letter that two people read says since that it left nothing.

    Of any kind, while a statement shows that it left.
    """
    open_questions = Contradiction.objects.filter(~_ANSWERED, payment=OuterRef("pk"))
    return rows.filter(SHOWN_DEBITED | (NOBODY_TO_ASK & Exists(open_questions)))


def uncontradicted(rows: PaymentQuerySet) -> PaymentQuerySet:
    """Only such a payment may be confirmed to have left nothing, whoever asks, and however often: no case about it is open, none is unanswered.

    Where the bank can be asked afresh about the very payment, its answer decides, and a closed case is enough. Nothing is, while a statement
    shows that it left, or two people found that it arrived.
    """
    open_questions = Contradiction.objects.filter(~_ANSWERED, payment=OuterRef("pk"))
    return (
        without_open_contradiction(rows)
        .exclude(FOUND_ARRIVED)
        .filter(~SHOWN_DEBITED, ~NOBODY_TO_ASK | ~Exists(open_questions))
    )


def undecided() -> Q:
    """For rows of `Contradiction`: nobody confirmed anything by a letter put on file since it was last told."""
    confirmed = Finding.objects.filter(
        payment=OuterRef("payment"), confirmed_at__isnull=False, found_at__gt=OuterRef("told_at")
    )
    return ~Q(Exists(confirmed))
