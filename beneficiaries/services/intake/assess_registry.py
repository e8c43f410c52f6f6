"""What taking in a list would do, row by row: new, changed, unchanged, gone, wrong. Reads only."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from beneficiaries.models import (
    IDENTITY_NUMBER,
    Beneficiary,
    BenefitCategory,
    Enrolment,
    Outcome,
    Programme,
    RegistryRow,
)
from beneficiaries.parsers.encodings import Encoding
from beneficiaries.parsers.registry import RegistryEntry, RegistryList
from beneficiaries.parsers.registry_rows import Ignored
from beneficiaries.services.accounts.banks import account_fault
from beneficiaries.services.corrections.former import columns_corrected
from beneficiaries.services.intake.changes import (
    Change,
    changes_of,
    doubted_changes,
    kept_payee,
    load_present,
    ways_of,
)
from beneficiaries.services.intake.insurance import drawing
from beneficiaries.services.intake.named_payees import Doubt, is_claimed, keep_payees, note_claim, note_terms, said_by
from beneficiaries.services.intake.receive import content_digest, text_digest
from beneficiaries.services.intake.repeated_people import keep_from_repeating
from beneficiaries.services.intake.row_doubts import note_doubts, read_names_with_places, read_written_births
from beneficiaries.services.intake.row_identity import give_codes
from beneficiaries.services.rules.levels import UNVERIFIED, levels_on
from staff.encryption import search_digest
from staff.models import AdministrativeUnit


@dataclass
class AssessedRow:
    """One row with what it would do. `elsewhere`: receives in another commune or under another programme, no more is said (I13).

    `doubt`: a payee it names and nobody recorded, or leaves out of another right; asked about.
    """

    entry: RegistryEntry
    digest: bytes
    outcome: Outcome = Outcome.NEW
    enrolment_id: int | None = None
    changes: list[Change] = field(default_factory=list)
    elsewhere: bool = False
    doubt: Doubt | None = None

    @property
    def would(self) -> str:
        """What taking it in would do, in a word: it changes when whoever receives was recorded since."""
        return self.outcome + (f" {self.doubt.reason} {self.doubt.kept.kind}" if self.doubt else "")


@dataclass(frozen=True)
class Gone:
    """Somebody of ours, still entitled, whom the list of their programme does not name any more."""

    enrolment_id: int
    code: str
    name: str


@dataclass(frozen=True)
class Assessment:
    """A list as it would be taken in; `digest` changes when any row, or what it would do, changes."""

    rows: list[AssessedRow]
    gone: list[Gone]
    ignored: list[Ignored]
    encodings: frozenset[Encoding] = frozenset()

    @property
    def digests(self) -> list[bytes]:
        """The digest of every row, in the file's order."""
        return [row.digest for row in self.rows]

    @property
    def counts(self) -> dict[str, int]:
        """Rows per outcome; every outcome is named."""
        counted = Counter(row.outcome for row in self.rows)
        return {outcome.value: len(self.gone) if outcome is Outcome.GONE else counted[outcome] for outcome in Outcome}

    @property
    def digest(self) -> bytes:
        """Of the rows and what each would do, in any order."""
        return content_digest(
            "PREVIEW", (hashlib.sha256(row.digest + row.would.encode()).digest() for row in self.rows)
        )


def assess_registry(registry: RegistryList, *, unit: AdministrativeUnit) -> Assessment:
    """Compare the list with what is known of `unit`; remarks are added to its entries."""
    entries = registry.entries
    _check_catalogue(entries)
    if "code" not in registry.table.columns:
        give_codes(entries, unit=unit)
    read_written_births(entries, today=timezone.localdate())  # behind the codes: those rest on what the file alone says
    read_names_with_places(entries)
    note_doubts(entries, today=timezone.localdate())
    _check_repeated_codes(entries)
    _check_codes_of_others(entries, unit=unit)
    _check_banks(entries)
    _check_levels(entries)
    _check_insurance(entries)
    rows = [AssessedRow(entry=entry, digest=text_digest(entry.canonical)) for entry in entries]
    _compare(rows, unit=unit)
    keep_from_repeating([row.entry for row in rows if row.outcome is Outcome.NEW], unit=unit)
    _look_at_payees(rows, unit=unit)
    for row in rows:
        row.outcome = Outcome.WRONG if row.entry.rejected else row.outcome
    _look_elsewhere(rows, unit=unit)
    return Assessment(
        rows=rows, gone=_gone(entries, unit=unit), ignored=registry.ignored, encodings=registry.table.encodings
    )


def _check_catalogue(entries: Sequence[RegistryEntry]) -> None:
    kinds = dict(Programme.objects.values_list("code", "kind"))
    programme_of = dict(BenefitCategory.objects.values_list("neutral_code", "programme__code"))
    for entry in entries:
        if entry.programme not in kinds:
            entry.wrong(
                "programme",
                "PROGRAMME_UNKNOWN",
                "Mã chính sách không có trong danh mục; mời chọn mã theo danh mục.",
                fatal=True,
            )
        elif kinds[entry.programme] != Programme.Kind.REGULAR:
            # Taken in as a right of every month it would be paid again each month.
            entry.wrong(
                "programme",
                "PROGRAMME_PAID_ONCE",
                "Chính sách này chi một lần, không thuộc danh sách hưởng hằng tháng; quà tặng, trợ cấp một lần nạp bằng “Danh sách nhận quà, "
                "trợ cấp một lần”, hỗ trợ mai táng ghi ở hồ sơ mai táng.",
                fatal=True,
            )
        elif programme_of.get(entry.category) != entry.programme:
            entry.wrong(
                "category",
                "CATEGORY_UNKNOWN",
                "Mã nhóm không có trong danh mục của chính sách này; mời chọn mã theo danh mục.",
                fatal=True,
            )


def _check_levels(entries: Sequence[RegistryEntry]) -> None:
    """A coefficient other than the category's is taken in as the decision has it, and said: somebody must see it before it is paid."""
    levels = {level.category: level for level in levels_on(timezone.localdate())}
    counted = set(BenefitCategory.objects.filter(per_dependant=True).values_list("neutral_code", flat=True))
    for entry in entries:
        level = levels.get(entry.category)
        if level is None or entry.rejected or entry.coefficient in (None, level.coefficient):
            continue
        if entry.category in counted and entry.coefficient % level.coefficient == 0:
            continue
        usual = f"{level.coefficient.normalize():f}".replace(".", ",")
        entry.wrong(
            "coefficient",
            "COEFFICIENT_DIFFERS",
            f"Hệ số khác hệ số của nhóm ({usual}; {level.coefficient_source or UNVERIFIED}); vẫn nạp theo danh sách, mời đối chiếu quyết định.",
        )


def _check_insurance(entries: Sequence[RegistryEntry]) -> None:
    asked = set(BenefitCategory.objects.exclude(beside_insurance="ALLOWED").values_list("neutral_code", flat=True))
    numbers = {entry.number for entry in entries if entry.number and entry.category in asked}
    drawn = drawing(sorted(numbers)) if numbers else set()
    for entry in entries:
        if entry.number in drawn and entry.category in asked:
            entry.wrong(
                "number",
                "DRAWS_INSURANCE",
                "Đang hưởng lương hưu hoặc trợ cấp bảo hiểm xã hội hằng tháng: có. Mời kiểm tra điều kiện hưởng nhóm này.",
            )


def _check_repeated_codes(entries: Sequence[RegistryEntry]) -> None:
    seen: set[str] = set()
    for entry in entries:
        if entry.code and entry.code in seen:
            entry.wrong("code", "CODE_REPEATED", "Mã hồ sơ này đã có ở dòng trên; mỗi hồ sơ chỉ một dòng.", fatal=True)
        seen.add(entry.code)


def _check_codes_of_others(entries: Sequence[RegistryEntry], *, unit: AdministrativeUnit) -> None:
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


def _check_banks(entries: Sequence[RegistryEntry]) -> None:
    for entry in entries:
        if fault := account_fault(bank=entry.bank, number=entry.account):
            entry.wrong(fault.column, fault.code, fault.sentence)


def _compare(rows: Sequence[AssessedRow], *, unit: AdministrativeUnit) -> None:
    """A known enrolment is changed by a decision, never by a list: say so beside every row that differs."""
    codes = [row.entry.code for row in rows]
    present = load_present(codes, unit=unit)
    taken_in: Mapping[str, set[bytes]] = _taken_in(codes)
    corrected = columns_corrected(codes)
    for row in rows:
        if row.entry.rejected:
            row.outcome = Outcome.WRONG
            continue
        known = present.get(row.entry.code)
        if known is None:
            continue
        row.enrolment_id = known.enrolment_id
        row.outcome = Outcome.UNCHANGED
        against = corrected.get(row.entry.code, frozenset())
        if row.digest in taken_in.get(row.entry.code, ()) and not against:
            continue
        row.changes = changes_of(row.entry, known)
        kept = kept_payee(known.values)
        if is_claimed(row.entry, kept=kept):
            row.doubt = Doubt(said=said_by(row.entry), kept=kept)
            note_claim(row.entry)
        if any(change.column in against for change in row.changes):
            row.outcome = Outcome.CHANGED
            row.entry.wrong(
                "code",
                "CORRECTED_SINCE",
                "Dòng này khác hồ sơ đã sửa theo giấy tờ; hồ sơ đã sửa được giữ nguyên, mời sửa lại danh sách cho đúng.",
            )
        elif row.changes and row.digest not in taken_in.get(row.entry.code, ()):
            row.outcome = Outcome.CHANGED
            row.entry.wrong(
                "code",
                "CHANGE_NOT_APPLIED",
                f"Hồ sơ này đã có và dòng này khác dữ liệu đang lưu; thay đổi KHÔNG được cập nhật. {ways_of(row.changes)}",
            )


def _look_at_payees(rows: Sequence[AssessedRow], *, unit: AdministrativeUnit) -> None:
    today = timezone.localdate()
    note_terms([row.entry for row in rows if row.outcome is Outcome.NEW], today=today)
    new = {row.entry.row_number: row for row in rows if row.outcome is Outcome.NEW and not row.entry.rejected}
    for number, doubt in keep_payees([row.entry for row in new.values()], unit=unit, today=today).items():
        new[number].doubt = doubt
        new[number].changes = doubted_changes(doubt)


def _taken_in(codes: Sequence[str]) -> dict[str, set[bytes]]:
    found: dict[str, set[bytes]] = {}
    for code, digest in RegistryRow.objects.filter(enrolment__code__in=codes, rejected=False).values_list(
        "enrolment__code", "row_digest"
    ):
        found.setdefault(code, set()).add(bytes(digest))
    return found


def _look_elsewhere(rows: Sequence[AssessedRow], *, unit: AdministrativeUnit) -> None:
    """Shown, never merged and never said who or where."""
    digests = {
        search_digest(row.entry.number, purpose=IDENTITY_NUMBER): row.entry.number for row in rows if row.entry.number
    }
    found: dict[str, set[tuple[str, int]]] = {}
    for digest, code, place in Beneficiary.objects.filter(
        number__digest__in=list(digests), enrolments__ended_month__isnull=True, enrolments__isnull=False
    ).values_list("number__digest", "enrolments__code", "enrolments__unit_id"):
        found.setdefault(digests[bytes(digest)], set()).add((code, place))
    in_file = Counter(row.entry.number for row in rows if row.entry.number and not row.entry.rejected)
    for row in rows:
        number = row.entry.number
        others = {place for code, place in found.get(number or "", ()) if code != row.entry.code}
        if others:
            row.elsewhere = True
            where = "nơi khác" if others - {unit.pk} else "trong xã, theo hồ sơ khác"
            row.entry.wrong(
                "number", "RECEIVES_ELSEWHERE", f"Đang hưởng {where}: có. Mời kiểm tra; nếu chưa rõ, hỏi Sở."
            )
        elif number and in_file[number] > 1:
            row.entry.wrong(
                "number",
                "NUMBER_REPEATED",
                "Số định danh này có ở nhiều dòng của danh sách; mời kiểm tra có trùng người không.",
            )


def _gone(entries: Sequence[RegistryEntry], *, unit: AdministrativeUnit) -> list[Gone]:
    """Of the programmes the list speaks of: a list of one programme says nothing of the others."""
    programmes = {entry.programme for entry in entries}
    return [
        Gone(enrolment_id=pk, code=code, name=name)
        for pk, code, name in Enrolment.objects.filter(
            unit=unit, programme__code__in=programmes, ended_month__isnull=True
        )
        .exclude(code__in=[entry.code for entry in entries])
        .order_by("code")
        .values_list("id", "code", "beneficiary__full_name")
    ]
