"""Send requests to open accounts, learn what became of them. SENT is committed before the call; unknown is replayed, then looked for, never doubled."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min, QuerySet
from django.utils import timezone

from banks.accounts import Accounts, Opening, OpeningOutcome, OpeningRequest, OpeningState, Taken
from banks.errors import BankError, BankRefused
from banks.transfers import NotTaken
from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.models import AccountOpening, BankAccount
from beneficiaries.services.accounts.account_cases import open_account_cases
from beneficiaries.services.accounts.change_account import begin_changes
from beneficiaries.services.numbers import NumberUnreadable, keep_account_numbers, reveal_identity_number
from beneficiaries.states import AccountCause, OpeningStatus

logger = logging.getLogger(__name__)
KNOWN_BEFORE = "already_known"  # the bank opened an account the person is paid into already
CHUNK = 50
LEASE = timedelta(minutes=5)
REPLAY_WITHIN = timedelta(hours=20)  # banks may forget a key after a day; a replay later could open a second account
LIST_MARGIN = timedelta(days=1)

NUMBER_ALTERED = "identity_number_altered"
WHY = {NUMBER_ALTERED: "số định danh đã lưu không còn nguyên vẹn, chưa gửi ngân hàng"}


@dataclass
class Sent:
    """Counts of one run."""

    taken: int = 0
    not_taken: int = 0
    unknown: int = 0


def send_openings(*, bank: Accounts, clock: Callable[[], datetime], limit: int = 5000) -> Sent:
    """Offer every request that is READY, and again, under the same key, every one whose outcome is unknown and whose lease is over.

    Any number of workers may run it: a request is claimed by one at a time.
    """
    done = Sent()
    for _ in range(limit // CHUNK):
        claimed = _claim(now=clock())
        if not claimed:
            break
        for opening, first_use in claimed:
            try:
                request = _request(opening)
            except NumberUnreadable:
                if first_use:  # else the bank may have it: its list tells
                    refuse_openings([opening.pk], refusal=NUMBER_ALTERED, now=clock())
                    done.not_taken += 1
                continue
            _record(opening, bank.open(request, first_use=first_use), now=clock(), done=done)
    return done


@transaction.atomic
def _claim(*, now: datetime) -> list[tuple[AccountOpening, bool]]:
    mine = AccountOpening.objects.select_for_update(skip_locked=True, of=("self",)).filter(way=AccountOpening.Way.API)
    ready = list(_with_person(mine.filter(status=OpeningStatus.READY))[:CHUNK])
    unknown = _with_person(
        mine.filter(status=OpeningStatus.SENT, lease_until__lt=now, first_used_at__gt=now - REPLAY_WITHIN)
    )[: CHUNK - len(ready)]
    claimed = [(opening, True) for opening in ready] + [(opening, False) for opening in unknown]
    lease = now + LEASE
    AccountOpening.objects.filter(pk__in=[opening.pk for opening in ready]).update(
        status=OpeningStatus.SENT, first_used_at=now, lease_until=lease
    )
    AccountOpening.objects.filter(pk__in=[opening.pk for opening, first in claimed if not first]).update(
        lease_until=lease
    )
    return claimed


def _with_person(openings: QuerySet[AccountOpening]) -> QuerySet[AccountOpening]:
    return openings.select_related("account__beneficiary__identity__number").order_by("pk")


def _request(opening: AccountOpening) -> OpeningRequest:
    identity = opening.account.beneficiary.identity
    if identity is None:
        raise ValueError(f"request {opening.request_id} is for somebody whose identity is not confirmed")
    return OpeningRequest(
        request_id=opening.request_id,
        attempt=opening.attempt,
        bank_bin=opening.bank_bin,
        holder_name=identity.full_name,
        identity_number=reveal_identity_number(identity.number.sealed, digest=identity.number.digest),
        birth_date=identity.birth_date,
    )


def _record(opening: AccountOpening, outcome: OpeningOutcome, *, now: datetime, done: Sent) -> None:
    sent = AccountOpening.objects.filter(pk=opening.pk, status=OpeningStatus.SENT)
    if isinstance(outcome, Taken):
        done.taken += 1
        apply_openings([outcome.state], now=now)
    elif isinstance(outcome, NotTaken):
        done.not_taken += 1
        if outcome.retryable:
            sent.update(status=OpeningStatus.READY, lease_until=None)
        else:
            refuse_openings([opening.pk], refusal=outcome.code, now=now)
    else:
        done.unknown += 1


def fetch_openings(*, bank: Accounts, now: datetime) -> int:
    """Read the bank's list since the oldest request that is not decided and apply what it says. Returns how many were decided.

    One the bank took and the list does not show is asked for by its reference. A request whose key is too old to replay and that the list, read to
    its end, does not show was never taken: it is offered anew.
    """
    waiting = AccountOpening.objects.filter(
        way=AccountOpening.Way.API, status__in=(OpeningStatus.SENT, OpeningStatus.TAKEN)
    )
    first = waiting.aggregate(at=Min("first_used_at"))["at"]
    if first is None:
        return 0
    listed: set[str] = set()
    decided = 0
    try:
        for page in bank.openings_since(first - LIST_MARGIN):
            listed.update(state.request_id for state in page)
            decided += apply_openings(page, now=now)
        for state in _asked_one_by_one(waiting.exclude(request_id__in=listed), bank=bank):
            decided += apply_openings([state], now=now)
    except BankError as error:
        logger.warning("list of account openings not read: %s", type(error).__name__)
        return decided
    longest = timedelta(seconds=settings.BANK_MAX_PROCESSING_SECONDS)
    absent = waiting.filter(
        status=OpeningStatus.SENT, first_used_at__lt=now - REPLAY_WITHIN - longest, lease_until__lt=now - longest
    ).exclude(request_id__in=listed)
    for opening in absent:
        AccountOpening.objects.filter(pk=opening.pk, status=OpeningStatus.SENT).update(
            status=OpeningStatus.READY, attempt=opening.attempt + 1, lease_until=None
        )
    return decided


def _asked_one_by_one(unlisted: QuerySet[AccountOpening], *, bank: Accounts) -> Iterator[OpeningState]:
    """What the bank took and its list since then does not show (its clock may lie behind ours) is asked for by the bank's own reference.

    By chance, so that those a bank leaves undecided keep nobody out; a reference it no longer knows says nothing.
    """
    taken = unlisted.filter(status=OpeningStatus.TAKEN).order_by("?")
    for reference in list(taken.values_list("bank_reference", flat=True)[:CHUNK]):
        try:
            yield bank.enquire_opening(reference)
        except BankRefused:
            logger.warning("a request to open an account is not known to the bank that took it")


@transaction.atomic
def apply_openings(states: Iterable[OpeningState], *, now: datetime) -> int:
    """Apply what the bank says of our requests, in any order, repeated or late. Returns how many were decided by it."""
    ours = {state.request_id: state for state in states if state.request_id}
    openings = (
        AccountOpening.objects.select_for_update(of=("self",))
        .filter(request_id__in=ours, status__in=(OpeningStatus.SENT, OpeningStatus.TAKEN))
        .select_related("account__beneficiary", "requested_by")
        .order_by("pk")
    )
    decided = 0
    for opening in openings:
        state = ours[opening.request_id]
        if state.status is Opening.OPENED:
            decided += open_account(opening, state=state, now=now)
        elif state.status is Opening.REFUSED:
            decided += refuse_openings([opening.pk], refusal=state.refusal, now=now)
        else:
            AccountOpening.objects.filter(pk=opening.pk, status=OpeningStatus.SENT).update(
                status=OpeningStatus.TAKEN, bank_reference=state.bank_reference
            )
    return decided


def open_account(opening: AccountOpening, *, state: OpeningState, now: datetime) -> int:
    """The bank opened it: its number is kept sealed, the holder's name compared. Inside a transaction."""
    person = opening.account.beneficiary
    check = compare_holder(state.holder_name, person.full_name)
    number = keep_account_numbers([(opening.bank_bin, state.account_number)])[opening.bank_bin, state.account_number]
    if BankAccount.objects.filter(beneficiary=person, number=number).exists():
        return refuse_openings([opening.pk], refusal=KNOWN_BEFORE, now=now)
    moved = BankAccount.objects.filter(pk=opening.account_id).apply(
        AccountCause.BANK_OPENED,
        now=now,
        on=state.opened_on or timezone.localdate(now),
        actor=None,
        number=number,
        holder_name=state.holder_name,
        name_verdict=check.verdict,
        name_score=check.score,
        opened_on=state.opened_on,
        reason="" if check.verdict == SAME else "NAME_MISMATCH",
    )
    AccountOpening.objects.filter(pk=opening.pk).update(
        status=OpeningStatus.OPENED, bank_reference=state.bank_reference, decided_at=now
    )
    begin_changes(account_ids=[opening.account_id], actor=opening.requested_by, now=now)
    if check.verdict != SAME:
        open_account_cases(evidence_of={person.pk: list(check.reasons)}, reason="NAME_MISMATCH", now=now)
    return moved


def refuse_openings(pks: list[int], *, refusal: str, now: datetime) -> int:
    """The bank will not open these: the person is paid in cash, and somebody sees why. Inside a transaction."""
    openings = AccountOpening.objects.filter(pk__in=pks)
    accounts = list(openings.values_list("account_id", flat=True))
    openings.update(status=OpeningStatus.REFUSED, refusal=refusal[:60], decided_at=now)
    refused = BankAccount.objects.filter(pk__in=accounts)
    moved = refused.apply(
        AccountCause.BANK_REFUSED,
        now=now,
        on=timezone.localdate(now),
        actor=None,
        reason="NO_ACCOUNT",
        note=refusal[:60],
    )
    people = refused.values_list("beneficiary_id", flat=True)
    open_account_cases(
        evidence_of={pk: [WHY.get(refusal, "ngân hàng từ chối mở tài khoản")] for pk in people},
        reason="OPENING_REFUSED",
        now=now,
    )
    return moved
