"""The visiting sheet comes back: what was heard at each door is kept, and each answer goes where it belongs. Nothing is guessed, nobody is stopped.

A wish for cash or an account at hand is a slip that was signed; a move or a death that was heard of asks a clerk, and changes nothing by itself.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.errors import AlreadyTheAccount
from beneficiaries.errors.files import FileTooLarge
from beneficiaries.errors.visits import VisitsChanged
from beneficiaries.linkage.names import name_key
from beneficiaries.models import (
    BankAccount,
    Beneficiary,
    CaseKind,
    Enrolment,
    HomeVisit,
    PayeeKind,
    ReceivedFile,
    RegistrationSlip,
)
from beneficiaries.parsers.faults import about
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.parsers.visits import COLUMNS, OPTIONAL, VisitRow, read_visits
from beneficiaries.parsers.workbook import open_columns
from beneficiaries.services.accounts.account_drive import people_of_drive
from beneficiaries.services.accounts.banks import BANKS, PROVIDERS, WALLETS, account_fault, account_named, bank_bin_of
from beneficiaries.services.accounts.register_slip import NamedAccount, register_slip
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.intake.annotated_file import NOT_TAKEN, annotate
from beneficiaries.services.intake.receive import note_received, row_digest
from beneficiaries.services.numbers import account_digest
from staff.errors import Refusal
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.free_text import without_numbers

Outcome = HomeVisit.Outcome
EARLIEST_VISIT = date(2000, 1, 1)
MOVED, DIED = "VISIT_SAYS_MOVED", "VISIT_SAYS_DIED"
_ASKS: Mapping[str, tuple[CaseKind, str]] = {
    Outcome.MOVED: (CaseKind.MOVE, MOVED),
    Outcome.DIED: (CaseKind.DECEASED, DIED),
}
_FOUND = """
WITH found AS (
    SELECT v.person AS beneficiary_id, NULL::bigint AS enrolment_id, NULL::bigint AS against_id, b.unit_id, %(reason)s AS reason, %(reason)s AS subject,
           jsonb_build_array(v.said) AS evidence
    FROM unnest(%(people)s::bigint[], %(said)s::text[]) AS v (person, said) JOIN beneficiaries_beneficiary b ON b.id = v.person
)"""


@dataclass
class VisitsIntake:
    """What a sheet says, and would do or did: `outcomes` by label, of rows that were taken; `repeated` rows said so before."""

    rows: int = 0
    taken: int = 0
    repeated: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)
    digest: str = ""


def look_at_visits(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> VisitsIntake:
    """What taking the sheet in would do: it is taken in and undone, so that the answer is the very one. Raises `FileUnreadable`, `NotAllowed`."""
    with transaction.atomic():
        intake = _take(content, unit=unit, actor=actor, now=now)
        transaction.set_rollback(True)
    return intake


@transaction.atomic
def take_visits(
    *, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime, seen: str = ""
) -> VisitsIntake:
    """Take the sheet in; a row that was taken before changes nothing. Raises `VisitsChanged` if it would do another thing than was `seen`."""
    intake = _take(content, unit=unit, actor=actor, now=now)
    if seen and intake.digest != seen:
        raise VisitsChanged
    return intake


def visits_with_reasons(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> bytes:
    """The sheet as it came, .xlsx, with one column more: which row is not taken and why. Raises `FileUnreadable`, `NotAllowed`."""
    problems = look_at_visits(content=content, unit=unit, actor=actor, now=now).problems
    reasons: dict[int, str] = {}
    for row, problem in problems:
        said = problem[:1].upper() + problem[1:]
        reasons[row] = f"{reasons[row]} {said}" if row in reasons else NOT_TAKEN + said
    return annotate(open_columns(content, columns=COLUMNS, optional=OPTIONAL), reasons)


def _take(content: bytes, *, unit: AdministrativeUnit, actor: User, now: datetime) -> VisitsIntake:
    require(actor, Right.MANAGE_ACCOUNTS, unit=unit)
    if len(content) > MAX_BYTES:
        raise FileTooLarge
    rows = list(read_visits(content))
    intake = VisitsIntake(rows=len(rows))
    people = _people(rows, unit=unit)
    not_asked = {
        one.beneficiary_id: one.not_in_own_name
        for one in people_of_drive(unit=unit, on=timezone.localdate(now))
        if one.not_in_own_name
    }
    counted: Counter[str] = Counter()
    asks: dict[str, dict[int, str]] = {Outcome.MOVED: {}, Outcome.DIED: {}}
    seen_in_this_sheet: set[int] = set()
    for row in rows:
        person = people.get(row.code)
        problems = list(row.problems) or _objections(row, person, not_asked=not_asked, today=timezone.localdate(now))
        if person is not None and not problems and person.pk in seen_in_this_sheet:
            problems = [about(COLUMNS["code"], "người này đã có ở dòng trên; mỗi người ghi một dòng.")]
        if person is None or problems or row.visited_on is None:
            intake.problems += [(row.row_number, problem) for problem in problems]
            continue
        seen_in_this_sheet.add(person.pk)
        try:
            with transaction.atomic():
                is_new = _keep(row, person, on=row.visited_on, actor=actor, now=now)
        except Refusal as refusal:
            intake.problems.append((row.row_number, about(_column_of(row), refusal.sentence)))
            continue
        intake.taken += is_new
        intake.repeated += not is_new
        if is_new:
            counted[str(Outcome(row.outcome).label)] += 1
            if row.outcome in asks:
                asks[row.outcome][person.pk] = _told(row)
    for outcome, told in asks.items():
        kind, reason = _ASKS[outcome]
        given = {"people": list(told), "said": list(told.values()), "reason": reason}
        if told:
            raise_cases(kind=kind, found=_FOUND, given=given, now=now)
    digests = [row_digest(row.raw) for row in rows]
    if rows:
        refused = len({number for number, _ in intake.problems})
        kind_of_file = ReceivedFile.Kind.VISITS
        note_received(kind=kind_of_file, digests=digests, unit=unit, actor=actor, now=now, rejected=refused)
    intake.outcomes = dict(sorted(counted.items()))
    said = [intake.taken, intake.repeated, intake.outcomes, intake.problems, sorted(one.hex() for one in digests)]
    intake.digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return intake


def _people(rows: Sequence[VisitRow], *, unit: AdministrativeUnit) -> dict[str, Beneficiary]:
    """By the code on the sheet; of records known to be one person the one that is kept."""
    enrolments = Enrolment.objects.filter(code__in={row.code for row in rows if row.code})
    kept = {
        one.code: one.beneficiary.same_as or one.beneficiary
        for one in enrolments.select_related("beneficiary__unit", "beneficiary__same_as__unit")
    }
    return {code: person for code, person in kept.items() if person.unit.path.startswith(unit.path)}


def _objections(row: VisitRow, person: Beneficiary | None, *, not_asked: Mapping[int, str], today: date) -> list[str]:
    """What keeps the row out, by column."""
    if person is None:
        return [about(COLUMNS["code"], "không có hồ sơ này ở nơi đang nạp; mời giữ nguyên mã trên tờ đã tải.")]
    found = []
    if name_key(row.name) != name_key(person.full_name):
        found.append(about(COLUMNS["name"], "không phải họ tên của hồ sơ này; mời xem dòng có bị lệch không."))
    if row.visited_on is not None and not EARLIEST_VISIT <= row.visited_on <= today:
        found.append(about(COLUMNS["day"], f"phải là một ngày không sau hôm nay, {today:%d/%m/%Y}."))
    bank = bank_bin_of(row.bank)
    if row.outcome in (Outcome.AGREES, Outcome.HAS) and bank is None:
        known = ", ".join((PROVIDERS if row.outcome == Outcome.HAS else BANKS).values())
        found.append(about(COLUMNS["bank"], f"chưa ghi hoặc không nhận ra ngân hàng; mời ghi một trong: {known}."))
    elif row.outcome == Outcome.AGREES and bank in WALLETS:
        found.append(about(COLUMNS["bank"], "ví, tiền di động người hưởng tự mở; mở rồi thì ghi “Đã có tài khoản”."))
    if row.outcome == Outcome.AGREES and person.pk in not_asked:
        found.append(about(COLUMNS["outcome"], not_asked[person.pk]))
    if row.outcome == Outcome.HAS and bank is not None:
        if not row.number:
            found.append(about(COLUMNS["number"], "chưa ghi; mời ghi số tài khoản hoặc số ví, định dạng ô là văn bản."))
        elif fault := account_fault(bank=row.bank, number=row.number):
            found.append(about(COLUMNS["number"], fault.sentence))
    if row.outcome in (Outcome.HAS, Outcome.CASH) and not row.signed:
        found.append(
            about(COLUMNS["signed"], "phải có phiếu đăng ký đã ký; ký rồi thì ghi x, chưa ký thì để trống dòng này.")
        )
    if row.outcome == Outcome.REFUSES and not row.said:
        found.append(about(COLUMNS["said"], "mời ghi vì sao không muốn mở."))
    return found


def _keep(row: VisitRow, person: Beneficiary, *, on: date, actor: User, now: datetime) -> bool:
    """Whether the row says something new: a visit, or of one told before another number, put right. Its slip is recorded with it, or neither is."""
    bank = (bank_bin_of(row.bank) or "") if row.outcome in (Outcome.AGREES, Outcome.HAS) else ""
    _, is_new = HomeVisit.objects.get_or_create(
        beneficiary=person,
        visited_on=on,
        outcome=row.outcome,
        bank_bin=bank,
        said=without_numbers(row.said),
        defaults={"recorded_by": actor, "recorded_at": now},
    )
    named = account_named(bank=row.bank, number=row.number) if row.outcome == Outcome.HAS else None
    if not is_new and (named is None or _is_known(person, named)):
        return False
    if row.outcome == Outcome.CASH:
        _sign(person, account=None, on=on, actor=actor, now=now)
    if named is not None:
        account = NamedAccount(bank_bin=named[0], number=named[1], holder_name=person.full_name)
        try:
            with transaction.atomic():
                _sign(person, account=account, on=on, actor=actor, now=now)
        except AlreadyTheAccount:
            return True  # another list named it first
    return True


def _is_known(person: Beneficiary, named: tuple[str, str]) -> bool:
    """Whether the person has or had this account: said again it is nothing new."""
    bank_bin, number = named
    digest = account_digest(bank_bin=bank_bin, number=number.replace(" ", ""))
    return BankAccount.objects.filter(beneficiary=person, number__digest=digest).exists()


def _sign(person: Beneficiary, *, account: NamedAccount | None, on: date, actor: User, now: datetime) -> None:
    """The slip that was signed at the door."""
    register_slip(
        beneficiary=person,
        method=RegistrationSlip.Method.ACCOUNT if account else RegistrationSlip.Method.CASH,
        account=account,
        signed_on=on,
        signer_kind=PayeeKind.OWN,
        signer_name=person.full_name,
        actor=actor,
        now=now,
    )


def _told(row: VisitRow) -> str:
    """What a clerk reads in the case; without numbers."""
    words = f": {without_numbers(row.said)}" if row.said else ""
    return f"Đi từng nhà ngày {row.visited_on:%d/%m/%Y}, nghe nói {Outcome(row.outcome).label.lower()}{words}"


def _column_of(row: VisitRow) -> str:
    return COLUMNS["number"] if row.outcome == Outcome.HAS else COLUMNS["outcome"]
