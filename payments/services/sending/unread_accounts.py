"""Accounts whose newest orders the bank did not tell since the server was started, why, since when: while there is one, nothing leaves (ADR 104)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from banks.errors import BankAnswerUnreadable, BankError, BankRefused
from payments.models import FundingAccount, Heartbeat
from payments.services.sending.books import Standing, books_standing

PREFIX = "unread:"
REFUSED, UNREADABLE, SILENT = "refused-", "unreadable", "silent"
ANSWERS_AGAIN_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class UnreadAccount:
    """Funding account `code`; `why` is "silent", "unreadable" or "refused-403", with the bank's own status."""

    code: str
    why: str
    since: datetime

    @property
    def refused(self) -> bool:
        """The bank answers, and says no: asking again gets the same answer."""
        return self.why.startswith(REFUSED)


def why_unread(error: BankError) -> str:
    """One word for the alarm."""
    if isinstance(error, BankRefused):
        return f"{REFUSED}{error.status}"
    return UNREADABLE if isinstance(error, BankAnswerUnreadable) else SILENT


def note_unread(found: Mapping[int, str], *, now: datetime) -> None:
    """What a comparison could not read, by id of account; known ones keep since when, all others are forgotten."""
    names = {f"{PREFIX}{pk}:{why}" for pk, why in found.items()}
    Heartbeat.objects.filter(name__startswith=PREFIX).exclude(name__in=names).delete()
    Heartbeat.objects.bulk_create([Heartbeat(name=name, at=now) for name in sorted(names)], ignore_conflicts=True)


def unread_accounts() -> list[UnreadAccount]:
    """Those the last comparison could not read, by code; none once the books are compared, or known to be old."""
    noted = [
        (beat.name.removeprefix(PREFIX).partition(":"), beat.at)
        for beat in Heartbeat.objects.filter(name__startswith=PREFIX)
    ]
    if not noted or books_standing() is not Standing.NOT_COMPARED:
        return []
    codes = dict(FundingAccount.objects.values_list("pk", "code"))
    return sorted((UnreadAccount(codes[int(pk)], why, at) for (pk, _, why), at in noted), key=lambda one: one.code)


def unread_for_long(*, now: datetime) -> list[UnreadAccount]:
    """Of which somebody is told: a refusal at once, a bank that is silent when it stays so."""
    return [one for one in unread_accounts() if one.refused or one.since <= now - ANSWERS_AGAIN_WITHIN]
