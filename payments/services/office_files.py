"""Files of offices, banks and providers: kept sealed the moment they arrive, taken in by the background, each once by its content."""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from beneficiaries.errors.files import FileIsEmpty, FileTooLarge
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.accounts.account_files import import_opening_results, import_vneid
from beneficiaries.services.accounts.banks import bank_bin_of
from beneficiaries.services.identity.review_lists import import_reviews
from beneficiaries.services.intake.annotated_list import annotated_list
from beneficiaries.services.intake.file_names import keep_file_name
from beneficiaries.services.intake.insurance import import_insurance
from beneficiaries.services.intake.lists import ListIntake, import_accounts, import_decisions, verify_accounts
from payments.errors import (
    BankNotSaid,
    DayImpossible,
    NothingToCorrect,
)
from payments.models import OfficeFile
from payments.services.lists.opening import import_unclaimed
from payments.services.once.gift_list import import_gifts
from staff.encryption import seal, unseal
from staff.models import AdministrativeUnit, Order, User
from staff.rights import Right, may, require
from staff.services.assignments import at_work_in
from staff.services.orders import Clock, carry_out, one_that_waits

PURPOSE, REASONS = "office-file", "office-file-reasons"
EARLIEST_DAY = date(2000, 1, 1)
PROBLEMS_KEPT = 500
_PROBLEM = re.compile(r"(?:Dòng (?P<row>\d+): )?(?:[Cc]ột “(?P<column>[^”]+)”: )?(?P<sentence>.*)", re.DOTALL)


@dataclass(frozen=True)
class _Way:
    right: Right
    take_in: Callable[[OfficeFile, bytes, datetime], ListIntake]
    verifies: bool = False
    """Whether accounts may be fit to be paid into after it."""


def _plain(take_in: Callable[..., ListIntake]) -> Callable[[OfficeFile, bytes, datetime], ListIntake]:
    return lambda file, content, now: take_in(content=content, unit=file.unit, actor=file.ordered_by, now=now)


def _accounts(file: OfficeFile, content: bytes, now: datetime) -> ListIntake:
    return import_accounts(
        content=content, bank_bin=file.bank_bin, unit=file.unit, actor=file.ordered_by, now=now, on=file.said_on
    )


def _insurance(file: OfficeFile, content: bytes, now: datetime) -> ListIntake:
    return import_insurance(content=content, unit=file.unit, actor=file.ordered_by, now=now, on=file.said_on)


def _gifts(file: OfficeFile, content: bytes, now: datetime) -> ListIntake:
    return import_gifts(content=content, unit=file.unit, actor=file.ordered_by, now=now, seen=file.seen)


WAYS: dict[str, _Way] = {
    OfficeFile.Kind.ACCOUNTS: _Way(Right.IMPORT_ACCOUNTS, _accounts, verifies=True),
    OfficeFile.Kind.VNEID: _Way(Right.IMPORT_ACCOUNTS, _plain(import_vneid)),
    OfficeFile.Kind.OPENINGS: _Way(Right.REQUEST_ACCOUNTS, _plain(import_opening_results), verifies=True),
    OfficeFile.Kind.DECISIONS: _Way(Right.RECORD_DECISION, _plain(import_decisions)),
    OfficeFile.Kind.REVIEWS: _Way(Right.DECIDE_CASE, _plain(import_reviews), verifies=True),
    OfficeFile.Kind.UNCLAIMED: _Way(Right.TAKE_OVER, _plain(import_unclaimed)),
    OfficeFile.Kind.INSURANCE: _Way(Right.IMPORT_REGISTRY, _insurance),
    OfficeFile.Kind.GIFTS: _Way(Right.BUILD_LIST, _gifts),
}


def kinds_of(actor: User) -> list[str]:
    """The kinds of file the actor may send and see."""
    return [kind for kind, way in WAYS.items() if may(actor, way.right)]


def receive_office_file(
    *,
    kind: str,
    content: bytes,
    unit: AdministrativeUnit,
    actor: User,
    now: datetime,
    bank: str = "",
    said_on: date | None = None,
    seen: str = "",
    file_name: str = "",
) -> OfficeFile:
    """Keep the file sealed and let it wait; the same bytes still waiting are the same file.

    `bank` (BIN or name) is whose accounts they are, `said_on` the business day of the list, else the day of `now` in Vietnam,
    `seen` the digest of a gift list's preview: another outcome than it showed is refused, `file_name` what it was called where it came from.
    Raises `NotAllowed`, `FileTooLarge`, `FileIsEmpty`, `BankNotSaid`, `DayImpossible`; what else is wrong stands on the file afterwards.
    """
    require(actor, WAYS[kind].right, unit=unit)
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    if not content:
        raise FileIsEmpty
    bank_bin = (bank_bin_of(bank) or "") if kind == OfficeFile.Kind.ACCOUNTS else ""
    if kind == OfficeFile.Kind.ACCOUNTS and not bank_bin:
        raise BankNotSaid
    if said_on is not None and not EARLIEST_DAY <= said_on <= timezone.localdate(now):
        raise DayImpossible
    same: dict[str, Any] = {
        "kind": kind,
        "unit": unit,
        "bank_bin": bank_bin,
        "said_on": said_on or timezone.localdate(now),
        "file_digest": hmac.digest(settings.DATA_KEYS.digest, content, hashlib.sha256),
    }
    keep_file_name(digest=bytes(same["file_digest"]), unit=unit, name=file_name, now=now)
    return one_that_waits(
        OfficeFile.objects.filter(stage=Order.Stage.WAITING, **same),
        make=lambda: OfficeFile.objects.create(
            sealed=seal(content, purpose=PURPOSE), ordered_by=actor, ordered_at=now, seen=seen, **same
        ),
    )


def work_on_office_files(*, clock: Clock, file_id: int | None = None) -> int:
    """Take in what was received, oldest first; returns how many files came to an end. One refused stops none behind it."""
    return carry_out(OfficeFile, do=_take_in, clock=clock, order_id=file_id)


def _take_in(file: OfficeFile, now: datetime) -> None:
    way = WAYS[file.kind]
    file.ordered_by = at_work_in(file.ordered_by, file.unit, on=timezone.localdate(file.ordered_at))
    content = unseal(bytes(file.sealed or b""), purpose=PURPOSE)
    intake = way.take_in(file, content, now)
    if way.verifies:
        verify_accounts(on=file.said_on, unit=file.unit)
    file.rows, file.applied, file.repeated = intake.rows, intake.applied, intake.repeated
    problems = [problem_of(sentence) for sentence in intake.problems]
    file.problems = [problem.said() for problem in problems[:PROBLEMS_KEPT]]
    rows = {problem.row for problem in problems if problem.row is not None}
    file.rejected = len(rows) + sum(problem.row is None for problem in problems)
    if rows:
        sentences = [(problem.row, problem.whole) for problem in problems if problem.row is not None]
        annotated = annotated_list(kind=file.kind, content=content, problems=sentences)
        file.sealed_reasons = seal(annotated, purpose=REASONS)


def read_reasons(file: OfficeFile) -> bytes:
    """The list as it was sent with its column of reasons, .xlsx. Raises `NothingToCorrect` when no row was refused or it was forgotten."""
    if file.sealed_reasons is None:
        raise NothingToCorrect
    return unseal(bytes(file.sealed_reasons), purpose=REASONS)


def forget_reasons(*, now: datetime) -> int:
    """Drop lists with reasons that were kept long enough (`INTAKE_KEEP_DAYS`); returns how many. What was wrong stays on the file."""
    before = now - timedelta(days=settings.INTAKE_KEEP_DAYS)
    return OfficeFile.objects.filter(finished_at__lt=before, sealed_reasons__isnull=False).update(sealed_reasons=None)


@dataclass(frozen=True)
class Problem:
    """Why a row was not taken in; a sentence about no row or no column leaves them empty."""

    row: int | None
    column: str
    sentence: str

    @property
    def whole(self) -> str:
        """With its column in front."""
        return f"cột “{self.column}”: {self.sentence}" if self.column else self.sentence

    def said(self) -> dict[str, object]:
        """As it is kept and answered: {row, column, sentence}."""
        return {"row": self.row, "column": self.column, "sentence": self.sentence}


def problem_of(sentence: str) -> Problem:
    """ "Dòng 12: cột “Ngày mở”: …" taken apart."""
    found = _PROBLEM.fullmatch(sentence)
    if found is None:
        return Problem(row=None, column="", sentence=sentence)
    return Problem(
        row=int(found["row"]) if found["row"] else None, column=found["column"] or "", sentence=found["sentence"]
    )
