"""One door for corrections of people's records: in force, weighed with what the civil registry said, and told where money was paid by the old one."""

import json
from collections.abc import Iterator
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.utils import timezone

from beneficiaries.linkage.numbers import doubts_of
from beneficiaries.models import Beneficiary, CaseKind, Correction, LifeEvent
from beneficiaries.services.cases.raising import raise_cases
from beneficiaries.services.corrections.ages import MovedAge, moved_ages
from beneficiaries.services.corrections.asked import changed_fields, corrected
from beneficiaries.services.corrections.confirm import confirm_correction
from beneficiaries.services.corrections.identity import WORDS, contradicted
from beneficiaries.services.life_events import hold_settling, settle_life_events
from beneficiaries.services.numbers import UNREADABLE, identity_number_of
from payments.models import Entitlement, Payment
from payments.money import format_amount
from payments.services.corrected_payees import about_payees, ask_for_payees_anew
from payments.services.life.consequences import draw_consequences
from payments.states import PaymentStatus
from staff.models import User

_FOUND = """
WITH found AS (
    SELECT e.beneficiary_id, e.id AS enrolment_id, NULL::bigint AS against_id, e.unit_id, 'BIRTH_CORRECTED' AS reason,
           s.subject, s.evidence::jsonb AS evidence
    FROM (SELECT unnest(%(enrolments)s::bigint[]) AS id, unnest(%(subjects)s::text[]) AS subject, unnest(%(evidence)s::text[]) AS evidence) s
    JOIN beneficiaries_enrolment e ON e.id = s.id
)"""


@transaction.atomic
def confirm(*, correction_id: int, actor: User, now: datetime, seen: str = "") -> Correction:
    """As `confirm_correction`; what the registry said under the numbers concerned is weighed anew, and an age that has passed is asked about.

    No sum changes by it: what was paid by a wrong birth is adjusted or recovered by decision.
    """
    hold_settling()
    correction = confirm_correction(correction_id=correction_id, actor=actor, now=now, seen=seen)
    _ask_about_ages(correction, now=now)
    ask_for_payees_anew(correction, now=now)
    changed = changed_fields(correction)
    if "number" in changed or "full_name" in changed or "birth" in changed:
        _weigh_again(correction, actor=actor, now=now)
    return correction


def warnings_of(correction: Correction, *, now: datetime) -> list[str]:
    """What whoever confirms should know first, as sentences without numbers of people or accounts."""
    person = Beneficiary.objects.select_related("identity").get(pk=correction.beneficiary_id)
    today = timezone.localdate(now)
    return [
        *_about_identity(correction, person),
        *_about_number(correction, person),
        *(sentence for moved in moved_ages(correction, on=today) for sentence in _about_age(moved, today=today)),
        *_about_lists(correction),
        *about_payees(correction),
    ]


def _about_identity(correction: Correction, person: Beneficiary) -> Iterator[str]:
    if person.identity is not None and (against := contradicted(correction, person.identity)):
        said = ", ".join(WORDS[name] for name in against)
        yield f"Khác dữ liệu dân cư đã khớp: {said}. Sau khi sửa sẽ có việc xác minh."
        yield "Người hưởng vẫn được chi trả trong lúc chờ xác minh."
        if person.identity.deceased_on is not None:
            yield "Dữ liệu dân cư đã khớp ghi là đã mất; chưa chắc đó là người hưởng: sẽ có việc hỏi người hưởng còn sống không."


def _about_number(correction: Correction, person: Beneficiary) -> Iterator[str]:
    after = corrected(person, correction)
    if after.number is None or not {"number", "birth", "sex"} & set(changed_fields(correction)):
        return
    if (digits := identity_number_of(after.number)) == UNREADABLE:
        yield "Số định danh đã lưu không còn nguyên vẹn. Mời ghi lại số trên thẻ căn cước và báo người quản trị."
        return
    for doubt in doubts_of(
        digits, birth_year=after.birth_year, sex=after.sex, extra_codes=settings.EXTRA_REGISTRATION_CODES
    ):
        yield f"{doubt.sentence} Mời so lại với thẻ căn cước."
    elsewhere = Beneficiary.objects.filter(number=after.number, enrolments__ended_month__isnull=True)
    if elsewhere.exclude(pk=after.pk).filter(enrolments__isnull=False).exists():
        yield "Đang hưởng nơi khác hoặc theo hồ sơ khác với số định danh này: có. Mời kiểm tra; nếu chưa rõ, hỏi Sở."


def _about_age(moved: MovedAge, *, today: date) -> Iterator[str]:
    months = moved.passed(today=today)
    if months is None:
        return
    when = f"đủ {moved.age} tuổi từ {_month(moved.after)} (trước ghi {_month(moved.before)})"
    paid = Entitlement.objects.filter(
        enrolment=moved.enrolment_id,
        month__gte=months[0],
        month__lt=months[1],
        withdrawn_in__isnull=True,
        payment__status=PaymentStatus.POSTED,
    ).aggregate(months=Count("month", distinct=True), first=Min("month"), last=Max("month"), total=Sum("amount"))
    yield f"Hồ sơ {moved.code}: {when}; tuổi này thay đổi mức hưởng."
    if paid["months"]:
        yield (
            f"Hồ sơ {moved.code}: đã chi {paid['months']} tháng, từ {paid['first']:%m/%Y} đến {paid['last']:%m/%Y}, "
            f"{format_amount(paid['total'])} đ theo ngày sinh cũ; mức đã chi chỉ thay đổi theo quyết định điều chỉnh hoặc thu hồi."
        )


def _month(month: date | None) -> str:
    return f"tháng {month:%m/%Y}" if month else "chưa rõ"


def _about_lists(correction: Correction) -> Iterator[str]:
    """Lists that stand keep the name they were made with."""
    if not correction.full_name_after:
        return
    on_lists = Payment.objects.filter(
        beneficiary=correction.beneficiary_id, status__in=(PaymentStatus.DRAFT, PaymentStatus.READY)
    ).aggregate(
        draft=Count("pk", filter=Q(batch__status="DRAFT", payee_name=correction.full_name_before)),
        signed=Count("pk", filter=~Q(batch__status="DRAFT")),
    )
    if on_lists["draft"]:
        yield "Đang có tên trong danh sách chi trả đang lập với họ tên cũ; danh sách sẽ có cảnh báo trước khi trình."
    if on_lists["signed"]:
        yield (
            "Đang có tên trong danh sách đã ký với họ tên cũ; danh sách giữ họ tên như đã ký. Nếu tài khoản đứng tên cũ và chưa nhận tiền "
            "lần nào, khoản này được rút khỏi danh sách và chi bằng cách khác."
        )


def _ask_about_ages(correction: Correction, *, now: datetime) -> None:
    today = timezone.localdate(now)
    asked = [(moved, list(_about_age(moved, today=today))) for moved in moved_ages(correction, on=today)]
    asked = [(moved, said) for moved, said in asked if said]
    given = {
        "enrolments": [moved.enrolment_id for moved, _ in asked],
        "subjects": [f"{moved.enrolment_id}:{moved.age}:{correction.pk}" for moved, _ in asked],
        "evidence": [json.dumps(said, ensure_ascii=False) for _, said in asked],
    }
    raise_cases(kind=CaseKind.AGE, found=_FOUND, given=given, now=now)


def _weigh_again(correction: Correction, *, actor: User, now: datetime) -> None:
    """A message under the number, old or new, may be about this person only now, or about them no longer."""
    person = Beneficiary.objects.select_related("identity").get(pk=correction.beneficiary_id)
    numbers = {correction.number_before_id, person.number_id, person.identity.number_id if person.identity else None}
    events = LifeEvent.objects.filter(number__in=numbers - {None})
    if ids := list(events.order_by("pk").values_list("pk", flat=True)):
        settled = settle_life_events(event_ids=ids, actor=actor, now=now, besides=[person.pk])
        draw_consequences(people=settled.people, actor=actor, now=now)
