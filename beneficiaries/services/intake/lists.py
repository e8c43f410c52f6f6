"""Take in lists of offices and banks: accounts, decisions. Idempotent by content; a bad row never stops the rest."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from beneficiaries.linkage.dates import age_on
from beneficiaries.linkage.holder_names import SAME, compare_holder
from beneficiaries.linkage.names import name_key
from beneficiaries.models import BankAccount, Decision, Enrolment, PayeeKind
from beneficiaries.parsers.faults import about as about_column
from beneficiaries.parsers.faults import of_row
from beneficiaries.parsers.office_lists import (
    ACCOUNT_COLUMNS,
    DECISION_COLUMNS,
    AccountRow,
    DecisionRow,
    ListRow,
    read_accounts,
    read_decisions,
)
from beneficiaries.parsers.values import read_digits
from beneficiaries.services.accounts.change_account import begin_changes
from beneficiaries.services.decisions import Draft, record_drafts
from beneficiaries.services.intake.receive import note_received, row_digest
from beneficiaries.services.intake.recorded_payees import OF_AGE
from beneficiaries.services.numbers import keep_account_numbers
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.free_text import without_numbers

NO_SUCH_FILE = about_column("Mã hồ sơ hưởng", "không có hồ sơ này trên địa bàn; mời kiểm tra mã.")
NOT_A_CHILD = about_column(
    ACCOUNT_COLUMNS["holder_kind"],
    f"cha, mẹ chỉ đứng tên thay người dưới {OF_AGE} tuổi, người này đã đủ {OF_AGE} tuổi; mời ghi Chính chủ, Người giám hộ, "
    "Người được ủy quyền hoặc Người chăm sóc theo giấy tờ.",
)
CAME_BACK = frozenset({"INVALID_ACCOUNT", "ACCOUNT_BLOCKED", "ACCOUNT_CLOSED", "RETURNED", "DECLINED"})


@dataclass(frozen=True)
class ListIntake:
    """What taking in a list did; `problems` are sentences "Dòng 12: …"."""

    rows: int
    applied: int
    problems: list[str] = field(default_factory=list)
    repeated: bool = False


def begin_list(
    rows: Sequence[ListRow], *, kind: str, unit: AdministrativeUnit, actor: User, now: datetime, about: str = ""
) -> tuple[bool, dict[str, Enrolment], list[str]]:
    """Find the enrolments within the unit; say what is wrong row by row; note the file. A file with problems may be sent again."""
    known = {
        enrolment.code: enrolment
        for enrolment in Enrolment.objects.filter(
            code__in=[row.code for row in rows], unit__path__startswith=unit.path
        ).select_related("beneficiary")
    }
    problems = [of_row(row.row_number, problem) for row in rows for problem in row.problems]
    problems += [of_row(row.row_number, NO_SUCH_FILE) for row in rows if row.code not in known and not row.problems]
    file = note_received(
        kind=kind,
        digests=[row_digest(row.raw) for row in rows],
        unit=unit,
        actor=actor,
        now=now,
        rejected=len(problems),
        about=about,
    )
    return file is None, known, problems


@transaction.atomic
def import_accounts(
    *, content: bytes, bank_bin: str, unit: AdministrativeUnit, actor: User, now: datetime, on: date | None = None
) -> ListIntake:
    """Accounts a bank opened in bulk: link each to its person and compare the holder's name with who is to receive the money.

    `on` is the business day of the list (else the day of `now` in Vietnam). Where a person has another account in use, the list's is a
    change that a second person decides. Raises `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.IMPORT_ACCOUNTS, unit=unit)
    rows = list(read_accounts(content))
    repeated, known, problems = begin_list(rows, kind="ACCOUNTS", unit=unit, actor=actor, now=now, about=bank_bin)
    if repeated:
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    told = _Told(bank_bin=bank_bin, actor=actor, now=now, on=on or timezone.localdate(now))
    usable = [row for row in rows if not row.problems and row.code in known]
    grown = {
        row.row_number
        for row in usable
        if row.holder_kind == PayeeKind.PARENT and _is_grown(known[row.code], on=told.on)
    }
    problems += [of_row(number, NOT_A_CHILD) for number in sorted(grown)]
    usable = [row for row in usable if row.row_number not in grown]
    numbers = keep_account_numbers((bank_bin, row.number) for row in usable)
    existing = {
        (account.beneficiary_id, account.number_id): account
        for account in BankAccount.objects.filter(
            beneficiary__in={enrolment.beneficiary_id for enrolment in known.values()}
        )
    }
    fresh, confirmed, first_told = [], [], []
    for row in usable:
        account = _account(row, enrolment=known[row.code], number_id=numbers[(bank_bin, row.number)], told=told)
        before = existing.get((account.beneficiary_id, account.number_id))
        if before is None:
            fresh.append(account)
            existing[(account.beneficiary_id, account.number_id)] = account
        elif before.pk and _is_news(account, before=before):
            account.pk = before.pk
            confirmed.append(account)
            first_told += [before.pk] if before.opened_on is None and before.last_credited_month is None else []
            existing[(account.beneficiary_id, account.number_id)] = account
    BankAccount.objects.bulk_create(fresh, batch_size=2000)
    _confirm(confirmed, told=told)
    begin_changes(account_ids=[*(account.pk for account in fresh), *first_told], actor=actor, now=now)
    return ListIntake(rows=len(rows), applied=len(usable), problems=problems)


def _is_grown(enrolment: Enrolment, *, on: date) -> bool:
    """Certainly of age: whose day of birth nobody knows may still be the youngest of their year."""
    one = enrolment.beneficiary
    if one.birth_date is not None:
        return age_on(on, born=one.birth_date) >= OF_AGE
    return one.birth_year is not None and on.year - one.birth_year > OF_AGE


def _is_news(account: BankAccount, *, before: BankAccount) -> bool:
    """A list confirms what only the ward knew; a later one may close an account or name another holder, not talk away money that came back."""
    if before.status not in ("OPENED", "VERIFIED"):
        return False
    if before.opened_on is None or account.status == "CLOSED":
        return True
    return before.reason not in CAME_BACK and name_key(account.holder_name) != name_key(before.holder_name)


@dataclass(frozen=True)
class _Told:
    """Who told us of accounts, and when."""

    bank_bin: str
    actor: User
    now: datetime
    on: date


_CONFIRM = """
UPDATE beneficiaries_bankaccount a
SET holder_name = v.holder, holder_kind = v.kind, name_verdict = v.verdict, name_score = v.score, reason = v.reason, opened_on = v.opened,
    closed_on = v.closed, source = 'BANK', status = v.status, status_at = %(now)s, status_on = %(on)s, changed_by_id = %(actor)s, note = '',
    cause = CASE WHEN v.status = 'CLOSED' THEN 'CLOSE' WHEN a.status = 'VERIFIED' THEN 'HOLDER_CHANGED' ELSE 'REGISTER' END,
    -- Confirmed under one name and now under another: what was credited before proves nothing of who would receive it today.
    last_credited_month = CASE WHEN a.status = 'VERIFIED' AND v.reason = 'NAME_MISMATCH' THEN NULL ELSE a.last_credited_month END
FROM (SELECT unnest(%(id)s::bigint[]) AS id, unnest(%(holder)s::text[]) AS holder, unnest(%(kind)s::text[]) AS kind,
             unnest(%(verdict)s::text[]) AS verdict, unnest(%(score)s::int[]) AS score, unnest(%(status)s::text[]) AS status,
             unnest(%(reason)s::text[]) AS reason, unnest(%(opened)s::date[]) AS opened, unnest(%(closed)s::date[]) AS closed) v
WHERE a.id = v.id
"""


def _confirm(accounts: list[BankAccount], *, told: _Told) -> None:
    """Accounts known before, now as the bank holds them; one statement for all."""
    columns = {
        "id": "pk",
        "holder": "holder_name",
        "kind": "holder_kind",
        "verdict": "name_verdict",
        "score": "name_score",
        "status": "status",
        "reason": "reason",
        "opened": "opened_on",
        "closed": "closed_on",
    }
    given = {name: [getattr(account, field) for account in accounts] for name, field in columns.items()}
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, {**given, "now": told.now, "on": told.on, "actor": told.actor.pk})


def _account(row: AccountRow, *, enrolment: Enrolment, number_id: int, told: _Told) -> BankAccount:
    expected = enrolment.beneficiary.full_name if row.holder_kind == "OWN" else enrolment.payee_name
    name = compare_holder(row.holder, expected)
    if not row.is_open:
        status, reason = "CLOSED", "ACCOUNT_CLOSED"
    elif name.verdict == SAME:
        status, reason = "OPENED", ""
    else:
        status, reason = "OPENED", "NAME_MISMATCH"
    return BankAccount(
        beneficiary_id=enrolment.beneficiary_id,
        number_id=number_id,
        bank_bin=told.bank_bin,
        holder_name=row.holder,
        holder_kind=row.holder_kind,
        name_verdict=name.verdict,
        name_score=name.score,
        source="BANK",
        status=status,
        cause="REGISTER",
        reason=reason,
        status_at=told.now,
        status_on=told.on,
        changed_by=told.actor,
        opened_on=row.opened_on,
        closed_on=None if row.is_open else told.on,
    )


_VERIFY = """
UPDATE beneficiaries_bankaccount a
SET status = 'VERIFIED', cause = 'VERIFY', verified_on = %(on)s, reason = '', status_on = %(on)s, status_at = clock_timestamp(), changed_by_id = NULL, note = ''
FROM beneficiaries_beneficiary b JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE b.id = a.beneficiary_id AND a.status = 'OPENED' AND a.opened_on IS NOT NULL AND b.identity_status = 'MATCHED'
  AND a.reason IN ('', 'IDENTITY_CHECK') AND starts_with(u.path, %(path)s)
"""
_DOUBT = """
UPDATE beneficiaries_bankaccount a SET reason = 'IDENTITY_CHECK', status_on = %(on)s, status_at = clock_timestamp(), changed_by_id = NULL, note = ''
FROM beneficiaries_beneficiary b JOIN staff_administrativeunit u ON u.id = b.unit_id
WHERE b.id = a.beneficiary_id AND a.status = 'OPENED' AND a.reason = '' AND b.identity_status <> 'MATCHED' AND starts_with(u.path, %(path)s)
"""


@transaction.atomic
def verify_accounts(*, on: date, unit: AdministrativeUnit | None = None) -> int:
    """VERIFIED: open at the bank, in the right name, and the beneficiary's identity is not in doubt. Returns how many became so.

    Only of people of `unit`, if given: who sends a file dates what lies in their own reach, nothing beyond it.
    """
    given: dict[str, Any] = {"on": on, "path": unit.path if unit else ""}
    with connection.cursor() as cursor:
        cursor.execute(_VERIFY, given)
        verified = int(cursor.rowcount)
        cursor.execute(_DOUBT, given)
    return verified


@transaction.atomic
def import_decisions(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> ListIntake:
    """Decisions of all kinds but moving in, in the order they were signed. Raises `FileUnreadable`, `NotAllowed`, `DecisionImpossible`."""
    require(actor, Right.RECORD_DECISION, unit=unit)
    rows = list(read_decisions(content))
    repeated, known, problems = begin_list(rows, kind="DECISIONS", unit=unit, actor=actor, now=now)
    if repeated:
        return ListIntake(rows=len(rows), applied=0, repeated=True)
    units = dict(
        AdministrativeUnit.objects.filter(code__in={row.to_unit for row in rows if row.to_unit}).values_list(
            "code", "pk"
        )
    )
    readable: list[tuple[DecisionRow, Draft]] = []
    for row in sorted((row for row in rows if not row.problems and row.code in known), key=_signed):
        draft = _draft(row, units=units)
        if isinstance(draft, str):
            problems.append(of_row(row.row_number, draft))
        else:
            readable.append((row, draft))
    found = record_drafts(drafts=[(known[row.code].pk, draft) for row, draft in readable], actor=actor, now=now)
    refused = [
        of_row(
            row.row_number,
            about_column(DECISION_COLUMNS[_COLUMN_OF.get(problem.about, problem.about)], problem.sentence),
        )
        for (row, _), problem in zip(readable, found, strict=True)
        if problem
    ]
    return ListIntake(rows=len(rows), applied=len(readable) - len(refused), problems=problems + refused)


_COLUMN_OF = {
    "signed_on": "signed",
    "effective_month": "effective",
    "to_unit_id": "to_unit",
    "pay_between": "between",
    "monthly_ceiling": "ceiling",
    "payee_name": "payee",
}


def _signed(row: DecisionRow) -> tuple[date, int]:
    return row.signed_on or date.max, row.row_number


def _draft(row: DecisionRow, *, units: dict[str, int]) -> Draft | str:
    """The decision a row holds, or what is wrong with it."""
    if row.signed_on is None or row.effective_month is None:
        raise ValueError(f"row {row.row_number} was read with a problem and may not be applied")
    if row.to_unit and row.to_unit not in units:
        return about_column(DECISION_COLUMNS["to_unit"], "không có xã nào mang mã này; mời ghi mã xã theo danh mục.")
    sums = [read_digits(text) for text in (row.amount, row.ceiling)]
    return Draft(
        kind=row.kind,
        number=row.number,
        signed_on=row.signed_on,
        effective_month=row.effective_month,
        signer=row.signer,
        reason=without_numbers(row.reason),
        coefficient=row.coefficient if row.kind == Decision.Kind.ADJUST else None,
        last_month=row.last_month if row.kind == Decision.Kind.TRANSFER_OUT else None,
        to_unit_id=units.get(row.to_unit) if row.kind == Decision.Kind.TRANSFER_OUT else None,
        to_place=without_numbers(row.to_place) if row.kind == Decision.Kind.TRANSFER_OUT else "",
        pay_between=row.pay_between if row.kind == Decision.Kind.RESUME else None,
        amount=sums[0] if row.kind == Decision.Kind.RECOVER else None,
        monthly_ceiling=sums[1] if row.kind == Decision.Kind.RECOVER else None,
        payee_name=row.payee if row.kind == Decision.Kind.PAY_OUT else "",
    )
