"""Take in a ward's registry list: every row kept as received, what can be read becomes people, enrolments, decisions and accounts."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from beneficiaries.errors import UnknownUnit
from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.models import BankAccount, Beneficiary, BenefitCategory, Decision, Enrolment, PayeeKind, RegistryRow
from beneficiaries.parsers.registry import CellError, RegistryEntry, read_registry
from beneficiaries.services.banks import bank_bin_of
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from beneficiaries.services.receive import ROW, note_received, row_digest
from staff.bulk import copy_rows, draw_ids
from staff.encryption import seal
from staff.models import AdministrativeUnit, User
from staff.rights import Right, may, require


@dataclass(frozen=True)
class Intake:
    """What taking in one file did; `remarks` are (row number, what is wrong). `repeated`: the same content was there before."""

    rows: int
    added: int
    known: int
    rejected: int
    remarks: list[tuple[int, CellError]]
    repeated: bool = False


@transaction.atomic
def import_registry(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> Intake:
    """Import one commune's list. Raises `FileUnreadable` (nothing written) or `NotAllowed`.

    A row that can't be taken in is kept with its errors and does not stop the others; a code that is known is not touched: what changes
    an enrolment is a decision.
    """
    require(actor, Right.IMPORT_REGISTRY, unit=unit)
    if unit.kind != AdministrativeUnit.Kind.COMMUNE:
        raise UnknownUnit("Danh sách đối tượng là của một xã, phường; mời chọn đúng mã xã.")
    entries = list(read_registry(content))
    digests = [row_digest(entry.raw) for entry in entries]
    _check_categories(entries)
    _check_repeated_codes(entries)
    _check_codes_of_others(entries, unit=unit)
    rejected = sum(entry.rejected for entry in entries)
    file = note_received(kind="REGISTRY", digests=digests, unit=unit, actor=actor, now=now, rejected=rejected)
    if file is None:
        return Intake(rows=len(entries), added=0, known=len(entries), rejected=0, remarks=[], repeated=True)
    known = set(Enrolment.objects.filter(code__in=[entry.code for entry in entries]).values_list("code", flat=True))
    fresh = [entry for entry in entries if not entry.rejected and entry.code not in known]
    _remark_changes(entries, digests=digests)
    enrolment_ids = _add(fresh, unit=unit, take_over=may(actor, Right.TAKE_OVER))
    copy_rows(
        RegistryRow._meta.db_table,
        ("file_id", "row_number", "row_digest", "sealed", "errors", "rejected", "enrolment_id"),
        (
            (
                file.pk,
                entry.row_number,
                digest,
                seal(json.dumps(entry.raw, default=str, ensure_ascii=False).encode(), purpose=ROW),
                json.dumps([error.as_json() for error in entry.errors], ensure_ascii=False),
                entry.rejected,
                enrolment_ids.get(entry.code),
            )
            for entry, digest in zip(entries, digests, strict=True)
        ),
    )
    return Intake(
        rows=len(entries),
        added=len(fresh),
        known=len(entries) - len(fresh) - rejected,
        rejected=rejected,
        remarks=[(entry.row_number, error) for entry in entries for error in entry.errors],
    )


def _check_categories(entries: list[RegistryEntry]) -> None:
    known = dict(BenefitCategory.objects.values_list("neutral_code", "programme__code"))
    for entry in entries:
        if known.get(entry.category) != entry.programme:
            entry.wrong(
                "category",
                "CATEGORY_UNKNOWN",
                "Mã chính sách hoặc mã nhóm không có trong danh mục; mời chọn mã theo danh mục.",
                fatal=True,
            )


def _remark_changes(entries: list[RegistryEntry], *, digests: list[bytes]) -> None:
    """A known enrolment is changed by a decision, never by a list: say so beside every row that differs from the one taken in."""
    taken_in = {
        code: bytes(digest)
        for code, digest in RegistryRow.objects.filter(
            enrolment__code__in=[entry.code for entry in entries], rejected=False
        ).values_list("enrolment__code", "row_digest")
    }
    for entry, digest in zip(entries, digests, strict=True):
        if not entry.rejected and taken_in.get(entry.code, digest) != digest:
            entry.wrong(
                "code",
                "CHANGE_NOT_APPLIED",
                "Hồ sơ này đã có và dòng này khác lần nạp trước; thay đổi KHÔNG được cập nhật, phải theo quyết định.",
            )


def _check_codes_of_others(entries: list[RegistryEntry], *, unit: AdministrativeUnit) -> None:
    """A code that is another commune's would silently count as known, and the person behind this row be omitted."""
    elsewhere = set(
        Enrolment.objects.filter(code__in=[entry.code for entry in entries])
        .exclude(unit=unit)
        .values_list("code", flat=True)
    )
    for entry in entries:
        if entry.code in elsewhere:
            entry.wrong(
                "code",
                "CODE_OF_ANOTHER_UNIT",
                "Mã hồ sơ này đang thuộc xã khác; mời kiểm tra lại mã, hoặc hỏi Sở.",
                fatal=True,
            )


def _check_repeated_codes(entries: list[RegistryEntry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.code and entry.code in seen:
            entry.wrong("code", "CODE_REPEATED", "Mã hồ sơ này đã có ở dòng trên; mỗi hồ sơ chỉ một dòng.", fatal=True)
        seen.add(entry.code)


def _add(entries: list[RegistryEntry], *, unit: AdministrativeUnit, take_over: bool) -> dict[str, int]:
    if not entries:
        return {}
    numbers = keep_identity_numbers({entry.number for entry in entries if entry.number})
    beneficiary_ids = _add_beneficiaries(entries, numbers=numbers, unit=unit)
    enrolment_ids = dict(zip((entry.code for entry in entries), draw_ids(Enrolment, len(entries)), strict=True))
    _add_enrolments(entries, beneficiary_ids=beneficiary_ids, enrolment_ids=enrolment_ids, unit=unit)
    copy_rows(
        Decision._meta.db_table,
        ("enrolment_id", "kind", "number", "signed_on", "effective_month", "reason"),
        (
            (enrolment_ids[entry.code], "GRANT", entry.decision_number, entry.decision_date, entry.starts, "")
            for entry in entries
            if entry.decision_number and entry.decision_date
        ),
    )
    _add_accounts(entries, beneficiary_ids=beneficiary_ids, take_over=take_over)
    return enrolment_ids


def _add_beneficiaries(
    entries: list[RegistryEntry], *, numbers: dict[str, int], unit: AdministrativeUnit
) -> dict[str, int]:
    """One person per number, name and birth year within the commune; a row without such proof is a person of its own."""
    known = {
        (number, key, year): pk
        for pk, number, key, year in Beneficiary.objects.filter(unit=unit, number__in=numbers.values()).values_list(
            "id", "number_id", "name_key", "birth_year"
        )
    }
    fresh_ids = iter(draw_ids(Beneficiary, len(entries)))
    by_code: dict[str, int] = {}
    rows = []
    for entry in entries:
        key = name_key(entry.name)
        number = numbers.get(entry.number) if entry.number else None
        year = entry.birth.year if entry.birth else None
        same = known.get((number, key, year)) if number and year else None
        if same is None:
            same = next(fresh_ids)
            full = entry.birth.full if entry.birth else None
            rows.append(
                (
                    same,
                    entry.name,
                    key,
                    sort_key(entry.name),
                    full,
                    year,
                    entry.sex,
                    number,
                    unit.pk,
                    entry.hamlet[:60],
                    "UNCHECKED",
                )
            )
            if number and year:
                known[(number, key, year)] = same
        by_code[entry.code] = same
    copy_rows(
        Beneficiary._meta.db_table,
        (
            "id",
            "full_name",
            "name_key",
            "sort_key",
            "birth_date",
            "birth_year",
            "sex",
            "number_id",
            "unit_id",
            "hamlet",
            "identity_status",
        ),
        rows,
    )
    return by_code


def _add_enrolments(
    entries: list[RegistryEntry],
    *,
    beneficiary_ids: dict[str, int],
    enrolment_ids: dict[str, int],
    unit: AdministrativeUnit,
) -> None:
    categories = {
        code: (pk, programme)
        for code, pk, programme in BenefitCategory.objects.values_list("neutral_code", "id", "programme_id")
    }
    copy_rows(
        Enrolment._meta.db_table,
        (
            "id",
            "code",
            "beneficiary_id",
            "category_id",
            "programme_id",
            "unit_id",
            "coefficient",
            "starts_month",
            "paid_through_month",
            "payee_kind",
            "payee_name",
            "payee_paper_until",
        ),
        (
            (
                enrolment_ids[entry.code],
                entry.code,
                beneficiary_ids[entry.code],
                *categories[entry.category],
                unit.pk,
                entry.coefficient,
                entry.starts,
                entry.paid_through,
                entry.payee_kind,
                "" if entry.payee_kind == PayeeKind.OWN else entry.payee_name,
                entry.payee_until,
            )
            for entry in entries
        ),
    )


def _add_accounts(entries: list[RegistryEntry], *, beneficiary_ids: dict[str, int], take_over: bool) -> None:
    """The account that was being paid when the registry was taken over: proven by the month it was last credited.

    Only who may take over opening balances can say so; from a ward alone an account is no more than named, and must be confirmed.
    """
    with_account = [(entry, bank_bin) for entry in entries if entry.account and (bank_bin := bank_bin_of(entry.bank))]
    numbers = keep_account_numbers((bank_bin, entry.account) for entry, bank_bin in with_account)
    rows: dict[tuple[int, int], tuple[object, ...]] = {}
    for entry, bank_bin in with_account:
        beneficiary, number = beneficiary_ids[entry.code], numbers[(bank_bin, entry.account)]
        rows[(beneficiary, number)] = (
            beneficiary,
            number,
            bank_bin,
            "",
            entry.payee_kind,
            "REGISTRY",
            "OPENED",
            "" if take_over else "ACCOUNT_PENDING",
            entry.paid_through if take_over else None,
        )
    known = set(
        BankAccount.objects.filter(beneficiary__in=set(beneficiary_ids.values())).values_list(
            "beneficiary_id", "number_id"
        )
    )
    copy_rows(
        BankAccount._meta.db_table,
        (
            "beneficiary_id",
            "number_id",
            "bank_bin",
            "holder_name",
            "holder_kind",
            "source",
            "status",
            "reason",
            "last_credited_month",
        ),
        (row for key, row in rows.items() if key not in known),
    )
