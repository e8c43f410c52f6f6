"""Payees a ward's list names for people who are known to be paid otherwise, or leaves out for another right of theirs: shown, asked about, never
taken from the list (ADR 64, 69)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from beneficiaries.linkage.names import name_key
from beneficiaries.models import IDENTITY_NUMBER, CaseKind, PayeeKind
from beneficiaries.parsers.registry import RegistryEntry
from beneficiaries.parsers.registry_columns import PAPER_END
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.intake.recorded_payees import CARE, Person, Receiving, Recorded, recorded_payees
from beneficiaries.services.receiving.payee_limits import is_long
from staff.encryption import search_digest
from staff.models import AdministrativeUnit

PURPOSE = "payee-named-by-a-list"
WITHOUT_PAPER, UNNAMED = "PAYEE_WITHOUT_PAPER", "PAYEE_UNNAMED"
ASKED = "danh sách nạp ngày {on:%d/%m/%Y} ghi người nhận thay khác người đang ghi nhận; chưa đổi gì"
ASKED_HERE = (
    "danh sách nạp ngày {on:%d/%m/%Y} ghi người nhận thay; người hưởng đã có hồ sơ ở nơi khác và nơi ấy không ghi nhận như vậy, nên chưa nhận theo "
    "danh sách"
)
STANDS = "danh sách nạp ngày {on:%d/%m/%Y} không ghi ai nhận quyền hưởng này; ghi theo người đang nhận thay ở quyền hưởng khác"
ALONE = (
    "danh sách nạp ngày {on:%d/%m/%Y} không ghi ai nhận quyền hưởng này; giấy tờ người đang nhận thay ở quyền hưởng khác không nói đến quyền này, "
    "nên chi cho chính người hưởng"
)

# One case per person, name and relation claimed: a second claim is asked about whatever was said of the first, and one name beside thirty people
# is thirty questions.
_FOUND = """
WITH found AS (
    SELECT e.beneficiary_id, e.id AS enrolment_id, NULL::bigint AS against_id, e.unit_id, v.reason, v.subject, v.evidence
    FROM (SELECT DISTINCT ON (o.beneficiary_id, n.subject) n.*
          FROM (SELECT unnest(%(enrolments)s::bigint[]) AS id, unnest(%(reasons)s::text[]) AS reason, unnest(%(subjects)s::text[]) AS subject,
                       unnest(%(evidence)s::text[])::jsonb AS evidence) n
          JOIN beneficiaries_enrolment o ON o.id = n.id ORDER BY o.beneficiary_id, n.subject, n.id) v
    JOIN beneficiaries_enrolment e ON e.id = v.id
    WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_case c WHERE c.beneficiary_id = e.beneficiary_id AND c.kind = 'ACCOUNT' AND c.subject = v.subject
                      AND c.reason = v.reason)
)"""


@dataclass(frozen=True)
class Doubt:
    """What a list says of who receives where that is not simply taken: `said`, what is `kept` instead, and whether another commune has it so."""

    said: Receiving
    kept: Receiving
    elsewhere: bool = False

    @property
    def reason(self) -> str:
        """Of the case: the list names somebody, or nobody."""
        return UNNAMED if self.said.kind == PayeeKind.OWN else WITHOUT_PAPER

    @property
    def sentence(self) -> str:
        """What the case says; no name."""
        if self.reason == UNNAMED:
            return ALONE if self.kept.kind == PayeeKind.OWN else STANDS
        return ASKED_HERE if self.elsewhere else ASKED

    @property
    def subject(self) -> str:
        """Equal for one relation and name, and says neither."""
        return "payee-named:" + search_digest("|".join(self.said.who), purpose=PURPOSE).hex()[:24]


def said_by(entry: RegistryEntry) -> Receiving:
    """What the row says."""
    return Receiving(entry.payee_kind, entry.payee_name, entry.payee_until)


def is_claimed(entry: RegistryEntry, *, kept: Receiving) -> bool:
    """Whether the row names somebody who does not receive, or receives as something else; a blank cell claims nothing."""
    said = said_by(entry)
    return said.kind != PayeeKind.OWN and said.who != kept.who


def note_claim(entry: RegistryEntry, *, elsewhere: bool = False) -> None:
    """Say beside the row that its payee is not taken; `elsewhere`: another commune has somebody else, or nobody, and which is not told (I13)."""
    entry.wrong(
        "payee_name",
        WITHOUT_PAPER,
        (
            "Người này đã có hồ sơ ở nơi khác, nơi ấy không ghi nhận người nhận thay này; danh sách KHÔNG đặt được người nhận thay, số tài khoản ghi "
            "cùng chưa nạp. Đúng thì ghi ở trang người hưởng theo giấy ủy quyền, trích lục giám hộ."
        )
        if elsewhere
        else (
            "Người nhận thay khác người đang ghi nhận; danh sách KHÔNG đổi được người nhận thay, tiền vẫn trả như trước. Đổi thật thì ghi ở trang "
            "người hưởng theo giấy ủy quyền, trích lục giám hộ."
        ),
    )


def keep_payees(entries: Sequence[RegistryEntry], *, unit: AdministrativeUnit, today: date) -> dict[int, Doubt]:
    """Of rows that would be new: who receives for the person is what was recorded before, here or elsewhere, and an account named with somebody
    else is left out. A row that names nobody, of somebody another receives for, is received by who stands for the person, else by the person.

    Returns the doubts by the row's number; the entries then say what is kept. The first row of a list that names somebody for a person nobody knew
    is believed; another one of the same list is not, nor one about a known number in another spelling.
    """
    by_person: dict[Person, list[RegistryEntry]] = {}
    for entry in entries:
        if entry.number and entry.birth:
            key = (search_digest(entry.number, purpose=IDENTITY_NUMBER), name_key(entry.name), entry.birth.year)
            by_person.setdefault(key, []).append(entry)
    known = recorded_payees(by_person, unit=unit, today=today)
    doubts: dict[int, Doubt] = {}
    for key, rows in by_person.items():
        recorded = known.get(key) or _first_named(rows)
        for entry in rows:
            said, kept = said_by(entry), recorded.of_another_right(birth=entry.birth, today=today)
            if said.kind == PayeeKind.OWN:
                if recorded.kept.kind != PayeeKind.OWN:
                    doubts[entry.row_number] = Doubt(said, kept, recorded.elsewhere)
                    _note_unnamed(entry, kept=kept)
                    if kept.kind != PayeeKind.OWN:
                        _receive(entry, kept)
            elif _comes_beside(said, recorded=recorded, programme=entry.programme):
                doubts[entry.row_number] = Doubt(said, kept, recorded.elsewhere)
                note_claim(entry, elsewhere=recorded.elsewhere)
                _receive(entry, kept)
    return doubts


def _first_named(rows: Sequence[RegistryEntry]) -> Recorded:
    """Of a person nobody knew, who is believed: the first the list names. What is carer's money says nothing of the rest."""
    named = (said_by(row) for row in rows if not (row.programme == CARE and row.payee_kind == PayeeKind.CARER))
    first = next((said for said in named if said.kind != PayeeKind.OWN), None)
    return Recorded().joined_by(first) if first else Recorded()


def _receive(entry: RegistryEntry, kept: Receiving) -> None:
    """In whose name an account stands that the row has beside it, nobody said: it is left out."""
    entry.payee_kind, entry.payee_name, entry.payee_until, entry.account = kept.kind, kept.name, kept.until, ""


def _note_unnamed(entry: RegistryEntry, *, kept: Receiving) -> None:
    entry.wrong(
        "payee_name",
        UNNAMED,
        (
            "Không ghi ai nhận quyền hưởng này, mà quyền hưởng khác của người này có người nhận thay, chỉ nhận thay theo giấy cho quyền ấy: quyền này chi "
            "cho chính người hưởng. Người nhận thay được nhận cả quyền này thì ghi ở trang người hưởng theo giấy ủy quyền."
        )
        if kept.kind == PayeeKind.OWN
        else (
            "Không ghi ai nhận quyền hưởng này; người hưởng là trẻ em hoặc có người giám hộ nên ghi theo người đang nhận thay ở quyền hưởng khác. "
            "Số tài khoản ghi cùng dòng này chưa nạp. Người khác nhận thì ghi ở trang người hưởng theo giấy tờ."
        ),
    )


def note_terms(entries: Sequence[RegistryEntry], *, today: date) -> None:
    """A power of attorney with no term, or a long one, is taken in as the list has it, and said."""
    for entry in entries:
        if entry.payee_kind != PayeeKind.AUTHORISED or entry.rejected:
            continue
        if any(error.code == PAPER_END.code for error in entry.errors):
            continue  # a day is there, and what is wrong with it was said
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


def _comes_beside(said: Receiving, *, recorded: Recorded, programme: str) -> bool:
    """Whether another right is to be received by somebody else. The same person may receive as guardian here and as carer there, and the
    allowance for care is the carer's whoever receives the rest (Law on Persons with Disabilities, art. 44); of no other is a carer believed."""
    kept, stands = recorded.kept, recorded.stands
    cares = programme == CARE and said.kind == PayeeKind.CARER and kept.kind != PayeeKind.CARER
    known = said.who[1] in {kept.who[1], stands.who[1] if stands else kept.who[1]}
    return said.kind != PayeeKind.OWN and not known and not cares


def ask_about_payees(doubts: Mapping[int, Doubt], *, now: datetime) -> int:
    """Open a case for each, by enrolment id; the same doubt is asked about once, whatever was answered. Returns the new cases."""
    given = {
        "enrolments": list(doubts),
        "reasons": [doubt.reason for doubt in doubts.values()],
        # Of a right that names nobody, each is asked about; one name claimed beside several rights of a person once.
        "subjects": [doubt.subject + (f":{pk}" if doubt.reason == UNNAMED else "") for pk, doubt in doubts.items()],
        "evidence": [
            json.dumps([doubt.sentence.format(on=timezone.localdate(now))], ensure_ascii=False)
            for doubt in doubts.values()
        ],
    }
    return raise_cases(kind=CaseKind.ACCOUNT, found=_FOUND, given=given, now=now) if doubts else 0
