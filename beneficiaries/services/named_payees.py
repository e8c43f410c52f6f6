"""Payees a ward's list names for people who are known to be paid otherwise: shown, asked about, and never taken from the list (ADR 64)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, Beneficiary, CaseKind, Enrolment, PayeeKind, PayeeRelation, not_ended
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.payee_limits import is_long
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

PURPOSE = "payee-named-by-a-list"
CARE = "CSND"  # the programme whose money is the carer's own (Decree 20/2021/NĐ-CP, art. 20)
ASKED = "danh sách nạp ngày {on:%d/%m/%Y} ghi người nhận thay khác người đang ghi nhận; chưa đổi gì"
Person = tuple[bytes, str, int]  # the number's digest, name key, birth year: what makes a row a person already known

# One case per person, name and relation claimed: a second claim is asked about whatever was said of the first, and one name beside thirty people
# is thirty questions.
_FOUND = """
WITH found AS (
    SELECT e.beneficiary_id, e.id AS enrolment_id, NULL::bigint AS against_id, e.unit_id, 'PAYEE_WITHOUT_PAPER' AS reason, v.subject,
           jsonb_build_array(%(sentence)s::text) AS evidence
    FROM (SELECT DISTINCT ON (o.beneficiary_id, n.subject) n.id, n.subject
          FROM (SELECT unnest(%(enrolments)s::bigint[]) AS id, unnest(%(subjects)s::text[]) AS subject) n
          JOIN beneficiaries_enrolment o ON o.id = n.id ORDER BY o.beneficiary_id, n.subject, n.id) v
    JOIN beneficiaries_enrolment e ON e.id = v.id
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = e.beneficiary_id AND c.kind = 'ACCOUNT' AND c.subject = v.subject
                      AND c.reason = 'PAYEE_WITHOUT_PAPER')
)"""


@dataclass(frozen=True)
class Receiving:
    """Who receives for somebody: relation, name and last day of the paper, as kept or as a list says."""

    kind: str
    name: str
    until: date | None

    @property
    def who(self) -> tuple[str, str]:
        """Relation and name, however it is spelt; nobody stands behind the person's own."""
        return self.kind, "" if self.kind == PayeeKind.OWN else name_key(self.name)


def said_by(entry: RegistryEntry) -> Receiving:
    """What the row says."""
    return Receiving(entry.payee_kind, entry.payee_name, entry.payee_until)


def is_claimed(entry: RegistryEntry, *, kept: Receiving) -> bool:
    """Whether the row names somebody who does not receive, or receives as something else; a blank cell claims nothing."""
    said = said_by(entry)
    return said.kind != PayeeKind.OWN and said.who != kept.who


def note_claim(entry: RegistryEntry) -> None:
    """Say beside the row that its payee is not taken."""
    entry.wrong(
        "payee_name",
        "PAYEE_WITHOUT_PAPER",
        "Người nhận thay khác người đang ghi nhận; danh sách KHÔNG đổi được người nhận thay, tiền vẫn trả như trước. Đổi thật thì ghi ở trang "
        "người hưởng theo giấy ủy quyền, trích lục giám hộ.",
    )


def keep_payees(entries: Sequence[RegistryEntry], *, unit: AdministrativeUnit, today: date) -> dict[int, Receiving]:
    """Of rows that would be new: who receives for the person is what was recorded before, and an account named with somebody else is left out.

    Returns, by the row's number, what the list said where it was not taken; the entries then say what is kept. The first row of a list about a
    person nobody knew is believed; another one of the same list is not, nor one about a known number in another spelling: until somebody asked, that
    person receives themselves.
    """
    by_person: dict[Person, list[RegistryEntry]] = {}
    for entry in entries:
        if entry.number and entry.birth:
            key = (search_digest(entry.number, purpose=IDENTITY_NUMBER), name_key(entry.name), entry.birth.year)
            by_person.setdefault(key, []).append(entry)
    recorded = _recorded(by_person, unit=unit, today=today)
    numbers = _numbers_known(by_person, unit=unit)
    claimed: dict[int, Receiving] = {}
    for key, rows in by_person.items():
        kept = recorded.get(key) or (Receiving(PayeeKind.OWN, "", None) if key[0] in numbers else None)
        for entry in rows:
            said = said_by(entry)
            if kept is None:
                kept = said if said.kind != PayeeKind.OWN else None
            elif _comes_beside(said, kept=kept, programme=entry.programme):
                claimed[entry.row_number] = said
                note_claim(entry)
                entry.payee_kind, entry.payee_name, entry.payee_until, entry.account = (
                    kept.kind,
                    kept.name,
                    kept.until,
                    "",
                )
    return claimed


def note_terms(entries: Sequence[RegistryEntry], *, today: date) -> None:
    """A power of attorney with no term, or a long one, is taken in as the list has it, and said."""
    for entry in entries:
        if entry.payee_kind != PayeeKind.AUTHORISED or entry.rejected:
            continue
        if entry.payee_until is None:
            entry.wrong(
                "payee_until",
                "AUTHORISATION_WITHOUT_TERM",
                "Chưa ghi giấy ủy quyền có giá trị đến ngày nào; không thỏa thuận thì giấy có giá trị một năm (Bộ luật Dân sự 2015, điều 563), "
                "mời ghi theo giấy.",
            )
        elif is_long(begins=today, until=entry.payee_until):
            entry.wrong(
                "payee_until",
                "AUTHORISATION_LONG",
                "Thời hạn ủy quyền dài bất thường; vẫn nạp theo danh sách, mời xem giấy ủy quyền và hỏi người hưởng.",
            )


def _comes_beside(said: Receiving, *, kept: Receiving, programme: str) -> bool:
    """Whether another right is to be received by somebody else. The same person may receive as guardian here and as carer there, and the
    allowance for care is the carer's whoever receives the rest (Law on Persons with Disabilities, art. 44); of no other is a carer believed."""
    cares = programme == CARE and said.kind == PayeeKind.CARER and kept.kind != PayeeKind.CARER
    return said.kind != PayeeKind.OWN and said.who[1] != kept.who[1] and not cares


def ask_about_payees(claims: Mapping[int, Receiving], *, now: datetime) -> int:
    """Open a case for each claim, by enrolment id; the same claim is asked about once, whatever was answered. Returns the new cases."""
    given = {
        "enrolments": list(claims),
        "subjects": [subject_of(said) for said in claims.values()],
        "sentence": ASKED.format(on=timezone.localdate(now)),
    }
    return raise_cases(kind=CaseKind.ACCOUNT, found=_FOUND, given=given, now=now) if claims else 0


def subject_of(said: Receiving) -> str:
    """Equal for one relation and name, and says neither."""
    return "payee-named:" + search_digest("|".join(said.who), purpose=PURPOSE).hex()[:24]


def _numbers_known(people: Iterable[Person], *, unit: AdministrativeUnit) -> set[bytes]:
    """Of the unit: a name misspelt beside a known number makes nobody a stranger."""
    wanted = {digest for digest, _, _ in people}
    known = Beneficiary.objects.filter(unit=unit, number__digest__in=wanted, enrolments__isnull=False)
    return {bytes(digest) for digest in known.values_list("number__digest", flat=True)}


def _recorded(
    people: Mapping[Person, Sequence[RegistryEntry]], *, unit: AdministrativeUnit, today: date
) -> dict[Person, Receiving]:
    """Who receives for those of them who are known in the unit: by the newest paper that holds, else by an enrolment that is paid."""
    known = {
        pk: (bytes(digest), key, year)
        for pk, digest, key, year in Beneficiary.objects.filter(
            unit=unit, number__digest__in={digest for digest, _, _ in people}
        ).values_list("pk", "number__digest", "name_key", "birth_year")
        if year is not None and (bytes(digest), key, year) in people
    }
    found: dict[Person, Receiving] = {}
    live = Q(ended_month__isnull=True) | Q(ended_month__gt=today)
    for pk, kind, name, until in (
        Enrolment.objects.filter(live, beneficiary__in=known)
        .order_by("pk")
        .values_list("beneficiary_id", "payee_kind", "payee_name", "payee_paper_until")
    ):
        if kind != PayeeKind.OWN or known[pk] not in found:
            found[known[pk]] = Receiving(kind, name, until)
    for pk, kind, name, until in (
        PayeeRelation.objects.filter(not_ended(on=today), beneficiary__in=known, valid_from__lte=today)
        .order_by("recorded_at", "pk")
        .values_list("beneficiary_id", "kind", "full_name", "valid_until")
    ):
        found[known[pk]] = Receiving(kind, name, until)
    return found
