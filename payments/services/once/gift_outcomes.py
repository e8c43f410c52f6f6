"""What a gift list does to each of its rows: new, there already, there otherwise than the list says, or wrong. Read after it was granted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery, TextChoices

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Decision, Enrolment, Programme, StandardAmount
from beneficiaries.parsers.faults import about
from beneficiaries.parsers.gift_lists import COLUMNS, GiftRow

ANOTHER_NAME = about(COLUMNS["name"], "khác họ tên của hồ sơ mang mã này; mời kiểm tra mã hồ sơ trước khi ghi.")
AGAIN = "cùng một người với dòng {row}: chỉ một suất."
OTHER_MONTH = about(COLUMNS["month"], "đã ghi từ trước cho tháng {month:%m/%Y}.")
OTHER_DECISION = about(COLUMNS["decision"], "đã ghi từ trước theo quyết định {number}.")
OTHER_HEAD = about(COLUMNS["household"], "đã ghi từ trước: {receives}.")
ENDED = "khoản này đã ghi rồi có quyết định thôi chi; nạp lại không ghi thêm. Cần chi lại thì ghi quyết định hưởng lại ở hồ sơ, hoặc nạp bằng quyết định mới."


class GiftOutcome(TextChoices):
    """What becomes of a row. Who was granted it before keeps what was written then: nobody has it twice."""

    NEW = "NEW", "Ghi mới"
    UNCHANGED = "UNCHANGED", "Đã có, để nguyên"
    DIFFERS = "DIFFERS", "Đã ghi khác tệp, để nguyên"
    WRONG = "WRONG", "Sai, chưa ghi"


@dataclass(frozen=True)
class Given:
    """A row that was granted, its person, the head who receives (None: the person), and whether it was theirs before the list came."""

    row: GiftRow
    person: Beneficiary
    head: Beneficiary | None
    had: bool


@dataclass(frozen=True)
class GiftLine:
    """One row of the list; `remarks` are sentences, with their column in front where there is one. `amount`: đồng that are new."""

    row: int
    name: str
    code: str
    grant: str
    household: str
    receiver: str
    outcome: GiftOutcome
    amount: int = 0
    remarks: tuple[str, ...] = field(default=())


def key_of(person: Beneficiary) -> int:
    """The one record a person is kept under."""
    return person.same_as_id or person.pk


def read_lines(
    rows: Sequence[GiftRow], *, given: Sequence[Given], problems: Mapping[int, Sequence[str]]
) -> list[GiftLine]:
    """One line for each row, in their order."""
    stored = _stored([one.person for one in given])
    amounts = _amounts({row.grant for row in rows})
    by_row = {one.row.row_number: one for one in given}
    claimed: dict[tuple[str, int], int] = {}
    lines: list[GiftLine] = []
    for row in rows:
        one = by_row.get(row.row_number)
        if one is None:
            lines.append(_line(row, GiftOutcome.WRONG, remarks=tuple(problems[row.row_number])))
            continue
        place = row.grant, key_of(one.person)
        first = claimed.setdefault(place, row.row_number)
        differs = _differences(one, stored[place])
        remarks = [ANOTHER_NAME] if row.name and row.code and name_key(row.name) != one.person.name_key else []
        remarks += [AGAIN.format(row=first)] if first != row.row_number else []
        new = not one.had and first == row.row_number
        outcome = GiftOutcome.NEW if new else GiftOutcome.DIFFERS if differs else GiftOutcome.UNCHANGED
        lines.append(
            _line(
                row,
                outcome,
                name=one.person.full_name,
                receiver=one.head.full_name if one.head else "",
                amount=amounts.get(row.grant, 0) if new else 0,
                remarks=(*remarks, *differs),
            )
        )
    return lines


def digest_of(lines: Sequence[GiftLine], *, content: bytes) -> str:
    """Of everything the lines say and of the rows as they were sent (`content`: their digest)."""
    return hashlib.sha256(content + "\n".join(map(repr, lines)).encode()).hexdigest()


def _line(
    row: GiftRow, outcome: GiftOutcome, *, name: str = "", receiver: str = "", amount: int = 0, remarks: tuple[str, ...]
) -> GiftLine:
    return GiftLine(
        row=row.row_number,
        name=name or row.name,
        code=row.code,
        grant=row.grant,
        household=row.household,
        receiver=receiver,
        outcome=outcome,
        amount=amount,
        remarks=remarks,
    )


@dataclass(frozen=True)
class _Stored:
    month: date
    ended_month: date | None
    number: str
    head: int | None
    head_name: str


def _of(people: Sequence[Beneficiary]) -> QuerySet[Enrolment]:
    keys = {key_of(person) for person in people}
    return Enrolment.objects.filter(Q(beneficiary__in=keys) | Q(beneficiary__same_as__in=keys))


def _stored(people: Sequence[Beneficiary]) -> dict[tuple[str, int], _Stored]:
    decisions = Decision.objects.filter(enrolment=OuterRef("pk"), kind=Decision.Kind.GRANT).order_by("pk")
    found = (
        _of(people)
        .filter(programme__kind=Programme.Kind.ONE_OFF)
        .select_related("programme", "beneficiary", "paid_to")
        .annotate(number=Subquery(decisions.values("number")[:1]))
        .order_by("pk")
    )
    return {
        (one.programme.code, key_of(one.beneficiary)): _Stored(
            month=one.starts_month,
            ended_month=one.ended_month,
            number=one.number or "",
            head=key_of(one.paid_to) if one.paid_to else None,
            head_name=one.paid_to.full_name if one.paid_to else "",
        )
        for one in found
    }


def _differences(one: Given, stored: _Stored) -> list[str]:
    """How what is written differs from what the row says."""
    found = []
    if stored.ended_month is not None and stored.ended_month <= stored.month:
        found.append(ENDED)
    if stored.month != one.row.month:
        found.append(OTHER_MONTH.format(month=stored.month))
    if stored.number != one.row.decision:
        found.append(OTHER_DECISION.format(number=stored.number or "khác"))
    if stored.head != (key_of(one.head) if one.head else None):
        receives = f"nhận qua chủ hộ {stored.head_name}" if stored.head else "tự nhận"
        found.append(OTHER_HEAD.format(receives=receives))
    return found


def _amounts(grants: set[str]) -> dict[str, int]:
    """đồng per person, the newest of each grant."""
    rates = StandardAmount.objects.filter(programme__code__in=grants).order_by("valid_from", "pk")
    return dict(rates.values_list("programme__code", "amount"))
