"""In which fields a row differs from what is kept, old and new side by side; of numbers only the last three digits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beneficiaries.models import IDENTITY_NUMBER, BankAccount, Decision, Enrolment, PayeeKind, Sex
from beneficiaries.parsers.registry import COLUMNS, RegistryEntry
from beneficiaries.services.accounts.banks import account_named
from beneficiaries.services.intake.named_payees import Doubt, said_by
from beneficiaries.services.intake.recorded_payees import Receiving
from beneficiaries.services.numbers import account_digest, shown_identity_number
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

SHOWN_DIGITS = 3
UNSAID = Receiving("", "", None)


@dataclass(frozen=True)
class Change:
    """One field: its column's heading, what is kept and what the list says, as a clerk reads it."""

    column: str
    before: str
    after: str

    def as_json(self) -> dict[str, str]:
        """For the sealed preview."""
        return {"column": self.column, "before": self.before, "after": self.after}


# Which way what a list says otherwise takes effect: never by the list itself.
WAYS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("name", "birth", "sex", "number", "hamlet"), "lập “Sửa hồ sơ” theo giấy tờ"),
    (("category", "coefficient", "starts", "decision_number"), "ghi quyết định"),
    (("payee_relation", "payee_name", "payee_until"), "ghi giấy tờ người nhận thay"),
    (("account",), "ghi phiếu đăng ký tài khoản"),
)


def ways_of(changes: Sequence[Change]) -> str:
    """What somebody has to do for these changes to count: "Nếu danh sách đúng: Hệ số thì ghi quyết định."."""
    columns = {change.column for change in changes}
    said = [
        f"{', '.join(of_way)} thì {way}"
        for keys, way in WAYS
        if (of_way := [COLUMNS[key] for key in keys if COLUMNS[key] in columns])
    ]
    return f"Nếu danh sách đúng: {'; '.join(said)}."


@dataclass(frozen=True)
class Present:
    """What is kept of one enrolment, as far as a list says it too."""

    enrolment_id: int
    values: Mapping[str, Any]
    decisions: frozenset[str]
    accounts: frozenset[bytes]


def load_present(codes: Sequence[str], *, unit: AdministrativeUnit) -> dict[str, Present]:
    """By code, what is kept of these enrolments of `unit`: three queries, however many rows."""
    rows = list(
        Enrolment.objects.filter(code__in=codes, unit=unit).values(
            "id", "code", "coefficient", "starts_month", "payee_kind", "payee_name", "payee_paper_until",
            "category__neutral_code", "beneficiary_id", "beneficiary__full_name", "beneficiary__birth_date",
            "beneficiary__birth_year", "beneficiary__sex", "beneficiary__hamlet", "beneficiary__number__digest",
            "beneficiary__number__sealed",
        )
    )  # fmt: skip
    decisions: dict[int, set[str]] = {}
    for pk, number in Decision.objects.filter(enrolment__in=[row["id"] for row in rows]).values_list(
        "enrolment_id", "number"
    ):
        decisions.setdefault(pk, set()).add(number)
    accounts: dict[int, set[bytes]] = {}
    people = [row["beneficiary_id"] for row in rows]
    # One being asked for has none yet.
    numbered = BankAccount.objects.filter(beneficiary__in=people, number__isnull=False)
    for pk, digest in numbered.values_list("beneficiary_id", "number__digest"):
        accounts.setdefault(pk, set()).add(bytes(digest))
    return {
        row["code"]: Present(
            enrolment_id=row["id"],
            values=row,
            decisions=frozenset(decisions.get(row["id"], ())),
            accounts=frozenset(accounts.get(row["beneficiary_id"], ())),
        )
        for row in rows
    }


def changes_of(entry: RegistryEntry, known: Present) -> list[Change]:
    """Fields in which the row says something else; what it does not say is no change."""
    kept = known.values
    full = entry.birth.full if entry.birth else None
    said: list[tuple[str, Any, Any]] = [
        ("name", kept["beneficiary__full_name"], entry.name),
        ("birth", kept["beneficiary__birth_date"], full)
        if full
        else ("birth", kept["beneficiary__birth_year"], entry.birth.year if entry.birth else None),
        ("sex", Sex(kept["beneficiary__sex"]).label, Sex(entry.sex).label),
        ("hamlet", kept["beneficiary__hamlet"], entry.hamlet[:60]),
        ("category", kept["category__neutral_code"], entry.category),
        ("coefficient", kept["coefficient"], entry.coefficient),
        ("starts", kept["starts_month"], entry.starts),
    ]
    changes = [
        Change(COLUMNS[key], _shown(before), _shown(after))
        for key, before, after in said
        if after not in ("", None) and before != after
    ]
    changes += payee_changes(said_by(entry), kept=kept_payee(kept))
    if entry.decision_number and entry.decision_number not in known.decisions:
        changes.append(Change(COLUMNS["decision_number"], ", ".join(sorted(known.decisions)), entry.decision_number))
    return changes + _number_changes(entry, known)


def kept_payee(values: Mapping[str, Any]) -> Receiving:
    """Who receives by an enrolment as it is kept."""
    return Receiving(values["payee_kind"], values["payee_name"], values["payee_paper_until"])


def doubted_changes(doubt: Doubt) -> list[Change]:
    """Of a right that would be new: what the list says beside what stands, or, where it says nothing, who receives it.

    What another commune has recorded is not told (I13), not even whether it is somebody.
    """
    if doubt.said.kind == PayeeKind.OWN:
        return [] if doubt.elsewhere else payee_changes(doubt.kept, kept=UNSAID)
    return payee_changes(doubt.said, kept=UNSAID if doubt.elsewhere else doubt.kept)


def payee_changes(said: Receiving, *, kept: Receiving) -> list[Change]:
    """Where what is said of who receives differs from what is kept."""
    columns = [
        ("payee_relation", PayeeKind(kept.kind).label if kept.kind else "", PayeeKind(said.kind).label),
        ("payee_name", kept.name, "" if said.kind == PayeeKind.OWN else said.name),
        ("payee_until", kept.until, said.until),
    ]
    return [
        Change(COLUMNS[key], _shown(before), _shown(after))
        for key, before, after in columns
        if after not in ("", None) and before != after
    ]


def _number_changes(entry: RegistryEntry, known: Present) -> list[Change]:
    changes = []
    kept = known.values["beneficiary__number__digest"]
    if entry.number and (kept is None or bytes(kept) != search_digest(entry.number, purpose=IDENTITY_NUMBER)):
        sealed = known.values["beneficiary__number__sealed"]
        before = _masked(shown_identity_number(sealed, digest=kept)) if sealed is not None else ""
        changes.append(Change(COLUMNS["number"], before, _masked(entry.number)))
    named = account_named(bank=entry.bank, number=entry.account)
    if named and account_digest(bank_bin=named[0], number=named[1]) not in known.accounts:
        changes.append(Change(COLUMNS["account"], "", _masked(entry.account)))
    return changes


def _masked(number: str) -> str:
    return "…" + number[-SHOWN_DIGITS:]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    return str(value)
