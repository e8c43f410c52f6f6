"""What is paid once: grants and gifts, by person or by household, emergencies, the funeral allowance. Each is an enrolment of one month.

So lists, signatures, carrying over and the proof are those of every month; only the decision and the sum are of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from beneficiaries.linkage.names import name_key, sort_key
from beneficiaries.linkage.signers import signer_as_kept
from beneficiaries.models import Beneficiary, BenefitCategory, Decision, Enrolment, PayeeKind, Programme, StandardAmount
from beneficiaries.services.decisions.rules import in_a_sentence, objection_to_paper
from beneficiaries.services.identity.extract_deaths import funeral_granted
from beneficiaries.services.life_events.now import life_of
from payments.errors import OneOffImpossible
from payments.models import Cycle
from payments.services.lists.calendar import month_calendar, months_after
from payments.services.once.taken_back import holders_of
from staff.bulk import copy_rows, draw_ids
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require
from staff.services.units import the_province

# Decree 20/2021/NĐ-CP art. 11: at least 20 times the standard amount.
FUNERAL_TIMES = Decimal(20)
MOST_AT_ONCE = 200_000
HEAD_IS_NO_MEMBER = (
    "Chủ hộ là một thành viên của hộ và nhận một suất của mình: mời ghi chủ hộ cả trong danh sách thành viên. "
    "Người chỉ nhận thay, không phải thành viên, thì không ghi là chủ hộ."
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """The decision behind a grant paid once, and the month whose list pays it (first day)."""

    number: str
    signed_on: date
    month: date
    signer: str
    reason: str = ""


@dataclass(frozen=True)
class Household:
    """A head, who receives, and the members; a member with a usable account is paid into it and taken off the head's sum."""

    head: Beneficiary
    members: Sequence[Beneficiary]


@transaction.atomic
def open_one_off(*, code: str, name: str, amount: int, budget_source: str, order: Order, actor: User) -> Programme:
    """A grant of its own (quà Tết, trợ giúp khẩn cấp): a programme with one amount, đồng per person. Raises `OneOffImpossible`, `NotAllowed`."""
    require(actor, Right.BUILD_LIST, unit=the_province())
    if amount <= 0:
        raise OneOffImpossible("Mức chi phải lớn hơn 0 đồng.", conflicts=[code])
    if Programme.objects.filter(code=code).exists() or BenefitCategory.objects.filter(code=code).exists():
        raise OneOffImpossible(
            "Mã này đã dùng cho một chính sách khác; mời đặt mã khác, hoặc mở khoản đã có để ghi thêm người.",
            conflicts=[code],
        )
    programme = Programme.objects.create(code=code, name=name, budget_source=budget_source, kind=Programme.Kind.ONE_OFF)
    BenefitCategory.objects.create(programme=programme, code=code, neutral_code=code, name=name)
    StandardAmount.objects.create(
        programme=programme,
        amount=amount,
        valid_from=order.month,
        known_on=order.signed_on,
        legal_source=order.number,
    )
    return programme


@transaction.atomic
def grant_once(*, programme: Programme, people: Sequence[Beneficiary], order: Order, actor: User, now: datetime) -> int:
    """Grant it to each of `people`, once per person; who has it already is left as is. Returns how many are new.

    Whom a decision took it from before a list paid it has it no more, for another decision signed since.
    """
    return _grant(programme, [(person, None) for person in people], order=order, actor=actor, now=now)


@transaction.atomic
def grant_to_households(
    *, programme: Programme, households: Sequence[Household], order: Order, actor: User, now: datetime
) -> int:
    """Grant it to every member, one line each, the head receiving for all without an account of their own. Returns how many lines are new.

    A household's head is a member of it and has a share of their own (Residence Law, Resolution 263/NQ-CP: per person, by household); who only
    fetches the money is no head. Raises `OneOffImpossible` naming each head who is not among the members.
    """
    if outside := [one.head.pk for one in households if one.head.pk not in {member.pk for member in one.members}]:
        raise OneOffImpossible(HEAD_IS_NO_MEMBER, conflicts=[str(pk) for pk in outside])
    shares: list[tuple[Beneficiary, Beneficiary | None]] = []
    for household in households:
        shares.append((household.head, None))
        shares += [(member, household.head) for member in household.members if member.pk != household.head.pk]
    return _grant(programme, shares, order=order, actor=actor, now=now)


@transaction.atomic
def grant_funeral_allowance(
    *,
    code: str,
    organiser_name: str,
    sex: str,
    unit: AdministrativeUnit,
    dead: Beneficiary,
    order: Order,
    actor: User,
    now: datetime,
    times: Decimal = FUNERAL_TIMES,
) -> Enrolment:
    """The funeral allowance to whoever arranged the funeral, who need not be enrolled: `times` (at least 20) × the standard amount, once per dead person.

    Raises `OneOffImpossible` (also for somebody of whom nobody knows a death: their monthly allowance would go on beside it), `NotAllowed`.
    """
    require(actor, Right.RECORD_DECISION, unit=unit)
    _require_paper(order, now=now)
    _require_open_month(order.month)
    records = [pk for pk in (dead.pk, dead.same_as_id) if pk is not None]
    if not any(life.deceased_on for life in life_of(records).values()):
        raise OneOffImpossible(
            "Chưa có khai tử hoặc báo tử đã xác nhận của người này; mời ghi nhận việc chết trước rồi ghi hỗ trợ mai táng."
        )
    if times < FUNERAL_TIMES:
        raise OneOffImpossible("Mức hỗ trợ mai táng thấp hơn 20 lần mức chuẩn.")
    category = BenefitCategory.objects.select_related("programme").get(programme__kind=Programme.Kind.FUNERAL)
    organiser = Beneficiary.objects.create(
        full_name=organiser_name,
        name_key=name_key(organiser_name),
        sort_key=sort_key(organiser_name),
        sex=sex,
        unit=unit,
    )
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                code=code,
                beneficiary=organiser,
                programme=category.programme,
                category=category,
                unit=unit,
                coefficient=times,
                concerning_id=dead.same_as_id or dead.pk,
                **_one_month(order),
                recorded_at=now,
            )
    except IntegrityError as error:
        raise _in_the_way(code, programme=category.programme, dead=records) from error
    Decision.objects.create(enrolment=enrolment, **_paper_of(order, actor=actor, now=now))
    funeral_granted(people=records, actor_id=actor.pk, now=now)
    return enrolment


def _in_the_way(code: str, *, programme: Programme, dead: Sequence[int]) -> OneOffImpossible:
    """The allowance that is there already, by its own code; else somebody's who has this code."""
    found = Enrolment.objects.filter(programme=programme, concerning__in=dead).select_related("unit").first()
    if found is None:
        return OneOffImpossible(f"Mã hồ sơ {code} đã dùng cho hồ sơ khác; mời đặt mã khác.", conflicts=[code])
    return OneOffImpossible(
        f"Đã có hỗ trợ chi phí mai táng cho người này: hồ sơ {found.code} của {found.unit.name}, chi tháng {found.starts_month:%m/%Y}. "
        "Mời mở hồ sơ đó; không ghi lần hai.",
        conflicts=[found.code],
    )


def _grant(
    programme: Programme,
    shares: Sequence[tuple[Beneficiary, Beneficiary | None]],
    *,
    order: Order,
    actor: User,
    now: datetime,
) -> int:
    """One enrolment of one month per person not yet granted; the person is who the record is kept for.

    One at a time for each grant: who presses twice, or at the same time as a colleague, reads whom the first granted it.
    """
    province = the_province()
    require(actor, Right.BUILD_LIST, unit=province)
    Programme.objects.select_for_update(no_key=True).get(pk=programme.pk)
    _require_paper(order, now=now)
    _require_open_month(order.month)
    if len(shares) > MOST_AT_ONCE or programme.kind != Programme.Kind.ONE_OFF:
        raise OneOffImpossible
    _require_amount(programme, order.month)
    category = BenefitCategory.objects.get(programme=programme)
    have = holders_of(programme=programme, number=order.number, signed_on=order.signed_on).have
    fresh: dict[int, tuple[Beneficiary, Beneficiary | None]] = {}
    for person, head in shares:
        key = person.same_as_id or person.pk
        if key not in have:
            fresh.setdefault(key, (person, head))
    ids = draw_ids(Enrolment, len(fresh))
    alike = {
        "programme_id": programme.pk,
        "category_id": category.pk,
        "coefficient": Decimal(1),
        **_one_month(order),
        "payee_kind": PayeeKind.OWN.value,
        "payee_name": "",
        "recorded_at": now,
    }
    of_each = ("id", "code", "beneficiary_id", "unit_id", "paid_to_id", *alike)
    rows = (
        (pk, f"{programme.code}-{pk}", person.pk, person.unit_id, head.pk if head else None, *alike.values())
        for pk, (person, head) in zip(ids, fresh.values(), strict=True)
    )
    copy_rows(Enrolment._meta.db_table, of_each, rows)
    paper = _paper_of(order, actor=actor, now=now)
    copy_rows(Decision._meta.db_table, ("enrolment_id", *paper), ((pk, *paper.values()) for pk in ids))
    return len(ids)


def _require_paper(order: Order, *, now: datetime) -> None:
    """A decision has a day that can be and says who signed it."""
    if problem := objection_to_paper(signed_on=order.signed_on, signer=order.signer, today=timezone.localdate(now)):
        raise OneOffImpossible(in_a_sentence(problem), conflicts=[order.number])


def _require_amount(programme: Programme, month: date) -> None:
    """A month before the grant's own has no amount: no list of it could be made, for nobody."""
    since = (
        StandardAmount.objects.filter(programme=programme).order_by("valid_from").values_list("valid_from", flat=True)
    )
    first = since.first()
    if first is not None and month < first:
        raise OneOffImpossible(
            f"Khoản chi này có mức từ tháng {first:%m/%Y}, không chi được cùng danh sách tháng {month:%m/%Y}; mời ghi tháng chi từ "
            f"{first:%m/%Y}, hoặc mở một khoản chi của tháng {month:%m/%Y}."
        )


def _one_month(order: Order) -> dict[str, date]:
    return {"starts_month": order.month, "ended_month": months_after(order.month, 1)}


def _paper_of(order: Order, *, actor: User, now: datetime) -> dict[str, Any]:
    """The decision to grant, by its columns, but for the enrolment it is about."""
    return {
        "kind": Decision.Kind.GRANT.value,
        "number": order.number,
        "signed_on": order.signed_on,
        "signer": signer_as_kept(order.signer),
        "reason": order.reason,
        "effective_month": order.month,
        "recorded_by_id": actor.pk,
        "recorded_at": now,
    }


def _require_open_month(month: date) -> None:
    """A grant goes on a list still to be made: the month's own, or a supplementary one while the month is not closed. The month is held meanwhile."""
    cycle = Cycle.objects.select_for_update().filter(month=month, opening=False).first()
    newest = Cycle.objects.filter(month__gte=month, opening=False).order_by("-month").first()
    if newest is None or (cycle is not None and cycle.closed_at is None):
        return
    following = months_after(newest.month, 1)
    instead = (
        f"mời ghi tháng chi {following:%m/%Y}: theo lịch chi từ {month_calendar(month=following).pay_on:%d/%m/%Y}."
    )
    if newest.closed_at is None:
        instead = f"mời ghi tháng chi {newest.month:%m/%Y}, rồi lập danh sách bổ sung của tháng ấy."
    state = "đã khóa" if cycle is not None else "không có danh sách"
    raise OneOffImpossible(
        f"Tháng {month:%m/%Y} {state}, không thêm người được nữa; {instead}", conflicts=[f"{month:%Y-%m}"]
    )
