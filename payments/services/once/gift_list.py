"""Take in a commune's list of who receives a gift or a grant paid once: people of ours, people in no registry, whole households."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from beneficiaries.errors.files import FileIsEmpty
from beneficiaries.linkage.names import name_key
from beneficiaries.models import Beneficiary, Enrolment, Programme, ReceivedFile
from beneficiaries.parsers.faults import about, of_row
from beneficiaries.parsers.gift_lists import COLUMNS, GiftRow, read_gifts
from beneficiaries.services.decisions.rules import objection_to_paper
from beneficiaries.services.intake.lists import NO_SUCH_FILE, ListIntake
from beneficiaries.services.intake.receive import content_digest, note_received, row_digest
from beneficiaries.services.numbers import keep_identity_numbers
from payments.errors.seen import GiftListIsAnother
from payments.models import Cycle
from payments.services.once.emergency import Newcomer, enter_newcomers
from payments.services.once.gift_outcomes import GiftLine, Given, digest_of, key_of, read_lines
from payments.services.once.one_off import Household, Order, grant_once, grant_to_households
from payments.services.once.taken_back import holders_of
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.units import the_province

NO_SUCH_GRANT = about(
    COLUMNS["grant"], "chưa mở khoản nào mang mã này; người lập cấp tỉnh mở ở mục “Quà, chi một lần” rồi nạp lại."
)
SAME_AGAIN = about(
    COLUMNS["name"],
    "cùng họ tên, năm sinh với dòng {row}; nếu là hai người khác nhau, mời ghi số định danh của cả hai; nếu là một, mời xóa một dòng.",
)
ONE_HEAD = about(
    COLUMNS["head"], "hộ này phải có đúng một người đánh dấu chủ hộ; mời đánh dấu lại. Chưa ghi cho ai trong hộ."
)
ONE_DECISION = about(
    COLUMNS["decision"],
    "các dòng của một hộ phải cùng số, ngày, người ký quyết định và tháng chi; mời ghi lại. Chưa ghi cho ai trong hộ.",
)
OF_A_COMMUNE = "người chưa có hồ sơ phải nạp bằng danh sách của từng xã; mời chọn xã khi gửi tệp."


@dataclass(frozen=True)
class _Named:
    """A row with the person it is about, or the newcomer it describes."""

    row: GiftRow
    person: Beneficiary | None
    newcomer: Newcomer | None


@dataclass(frozen=True)
class GiftPreview:
    """What taking the list in would do, row by row. `repeated`: the same rows are in already, nothing would be done."""

    rows: int
    lines: list[GiftLine]
    digest: str
    repeated: bool = False


@transaction.atomic
def preview_gifts(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> GiftPreview:
    """Take the list in and undo it; returns what was seen meanwhile. Raises what `import_gifts` raises."""
    taken = _take_in(content=content, unit=unit, actor=actor, now=now)
    transaction.set_rollback(True)
    return GiftPreview(rows=taken.intake.rows, lines=taken.lines, digest=taken.digest, repeated=taken.intake.repeated)


@transaction.atomic
def import_gifts(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime, seen: str = "") -> ListIntake:
    """Grant it to everybody the list names, once per person; a row with a problem stops nobody but its own household.

    `applied` counts rows whose person has it now, be it from this list or one before. With `seen`, the digest of a preview, only what that
    showed is written. Raises `FileUnreadable`, `OneOffImpossible` when the month's lists are built, `GiftListIsAnother`, `NotAllowed` for
    whoever does not build the province's lists.
    """
    taken = _take_in(content=content, unit=unit, actor=actor, now=now)
    if seen and not taken.intake.repeated and taken.digest != seen:
        raise GiftListIsAnother
    return taken.intake


@dataclass(frozen=True)
class _Taken:
    intake: ListIntake
    lines: list[GiftLine]
    digest: str


def _take_in(*, content: bytes, unit: AdministrativeUnit, actor: User, now: datetime) -> _Taken:
    require(actor, Right.BUILD_LIST, unit=the_province())
    rows = list(read_gifts(content))
    if not rows:
        raise FileIsEmpty
    problems: dict[int, list[str]] = defaultdict(list)
    for row in rows:
        problems[row.row_number] += row.problems or _of_the_paper(row, today=timezone.localdate(now))
    grants = _hold(rows)
    named = _name([row for row in rows if not row.problems], unit=unit, grants=grants, problems=problems)
    _check_households(rows, problems=problems)
    said = [of_row(number, problem) for number, found in problems.items() for problem in found]
    digests = [row_digest(row.raw) for row in rows]
    kind = ReceivedFile.Kind.GIFTS
    file = note_received(kind=kind, digests=digests, unit=unit, actor=actor, now=now, rejected=len(said))
    if file is None:
        return _Taken(ListIntake(rows=len(rows), applied=0, repeated=True), lines=[], digest="")
    fine = [one for one in named if not problems[one.row.row_number]]
    by_order: dict[tuple[str, Order], list[_Named]] = defaultdict(list)
    for one in fine:
        if one.row.signed_on is not None and one.row.month is not None:
            signed_on, signer = one.row.signed_on, one.row.signer
            order = Order(number=one.row.decision, signed_on=signed_on, signer=signer, month=one.row.month)
            by_order[one.row.grant, order].append(one)
    given: list[Given] = []
    for (grant, order), people in by_order.items():
        given += _grant(grants[grant], people, order=order, actor=actor, now=now)
    lines = read_lines(rows, given=given, problems=problems)
    digest = digest_of(lines, content=content_digest(kind, digests, about=unit.code))
    return _Taken(ListIntake(rows=len(rows), applied=len(fine), problems=said), lines=lines, digest=digest)


def _hold(rows: Sequence[GiftRow]) -> dict[str, Programme]:
    """Every grant by its code; those the list names are held until it is written, then its months: all before anything is, in one order, so that
    of two lists that name them in two orders one waits for the other."""
    once = Programme.objects.filter(kind=Programme.Kind.ONE_OFF)
    named = once.filter(code__in={row.grant for row in rows}).order_by("pk")
    months = Cycle.objects.filter(month__in={row.month for row in rows if row.month}, opening=False).order_by("month")
    for wanted in (named.select_for_update(no_key=True), months.select_for_update()):
        len(wanted)
    return {one.code: one for one in once}


def _name(
    rows: Sequence[GiftRow],
    *,
    unit: AdministrativeUnit,
    grants: dict[str, Programme],
    problems: dict[int, list[str]],
) -> list[_Named]:
    records = Enrolment.objects.filter(
        code__in={row.code for row in rows if row.code}, unit__path__startswith=unit.path
    ).select_related("beneficiary")
    by_code = {record.code: record.beneficiary for record in records}
    numbers = keep_identity_numbers({row.identity_number for row in rows if row.identity_number})
    by_number = {
        (person.number_id, person.name_key): person
        for person in Beneficiary.objects.filter(
            number__in=numbers.values(), unit__path__startswith=unit.path, same_as=None
        )
    }
    named: list[_Named] = []
    seen: dict[tuple[str, str, int | None], list[GiftRow]] = defaultdict(list)
    for row in rows:
        found, number = problems[row.row_number], numbers.get(row.identity_number)
        if row.grant not in grants:
            found.append(NO_SUCH_GRANT)
        person = by_code.get(row.code) if row.code else by_number.get((number, name_key(row.name)))
        if row.code and person is None:
            found.append(NO_SUCH_FILE)
        if person is None and not row.code:
            if unit.kind != AdministrativeUnit.Kind.COMMUNE:
                found.append(OF_A_COMMUNE)
            year = row.birth.year if row.birth else None
            twins = seen[row.grant, name_key(row.name), year]
            like = next((one for one in twins if not _told_apart(one, row)), None)
            found += [SAME_AGAIN.format(row=like.row_number)] if like else []
            twins.append(row)
            named.append(_Named(row, None, _newcomer(row, unit=unit, number_id=number)))
        else:
            named.append(_Named(row, person, None))
    return named


def _of_the_paper(row: GiftRow, *, today: date) -> list[str]:
    """What is wrong with the decision a row names, under its column."""
    if row.signed_on is None:
        return []
    problem = objection_to_paper(signed_on=row.signed_on, signer=row.signer, today=today)
    columns = {"signed_on": COLUMNS["signed"], "signer": COLUMNS["signer"]}
    return [about(columns[problem.about], problem.sentence)] if problem else []


def _told_apart(one: GiftRow, other: GiftRow) -> bool:
    numbers = {one.identity_number, other.identity_number}
    return len(numbers) == 2 and "" not in numbers


def _newcomer(row: GiftRow, *, unit: AdministrativeUnit, number_id: int | None) -> Newcomer:
    return Newcomer(
        full_name=row.name,
        sex=row.sex,
        unit=unit,
        birth_year=row.birth.year if row.birth else None,
        hamlet=row.hamlet,
        number_id=number_id,
    )


def _check_households(rows: Sequence[GiftRow], *, problems: dict[int, list[str]]) -> None:
    """A household whose head can't be told, or of which a row has a problem, waits whole: the head must not receive for a part of it."""
    households: dict[tuple[str, str], list[GiftRow]] = defaultdict(list)
    for row in rows:
        if row.household:
            households[row.grant, row.household].append(row)
    for members in households.values():
        numbers = [row.row_number for row in members]
        if sum(row.is_head for row in members) != 1:
            for number in numbers:
                problems[number].append(ONE_HEAD)
        elif len({(row.decision, row.signed_on, row.signer, row.month) for row in members if not row.problems}) > 1:
            for number in numbers:
                problems[number].append(ONE_DECISION)
        elif bad := next((number for number in numbers if problems[number]), None):
            for number in numbers:
                if not problems[number]:
                    problems[number].append(f"cùng hộ với dòng {bad} chưa nhận được; cả hộ được ghi khi sửa dòng ấy.")


def _grant(programme: Programme, named: Sequence[_Named], *, order: Order, actor: User, now: datetime) -> list[Given]:
    newcomers = [one.newcomer for one in named if one.newcomer is not None]
    entered = iter(enter_newcomers(programme=programme, newcomers=newcomers, actor=actor))
    people = [(one.row, one.person or next(entered)) for one in named]
    had = holders_of(programme=programme, number=order.number, signed_on=order.signed_on).have
    alone = [person for row, person in people if not row.household]
    if alone:
        grant_once(programme=programme, people=alone, order=order, actor=actor, now=now)
    heads = {row.household: person for row, person in people if row.household and row.is_head}
    members: dict[str, list[Beneficiary]] = defaultdict(list)
    for row, person in people:
        if row.household:
            members[row.household].append(person)
    households = [Household(heads[household], found) for household, found in members.items()]
    if households:
        grant_to_households(programme=programme, households=households, order=order, actor=actor, now=now)
    return [
        Given(row, person, head=None if row.is_head else heads.get(row.household), had=key_of(person) in had)
        for row, person in people
    ]
