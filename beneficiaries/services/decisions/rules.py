"""Which decision may follow which, and what each must say. No queries: facts come from the enrolment as it stands."""

from datetime import date
from decimal import Decimal

from django.db.models import TextChoices

from beneficiaries.models import Decision, Enrolment
from beneficiaries.services.decisions.draft import Draft

Kind = Decision.Kind
GREATEST_COEFFICIENT = Decimal(100)


class Standing(TextChoices):
    """Where an enrolment stands."""

    PENDING = "PENDING", "chưa có quyết định hưởng"
    LIVE = "LIVE", "đang hưởng"
    SUSPENDED = "SUSPENDED", "đang tạm dừng"
    ENDED = "ENDED", "đã thôi hưởng"
    MOVED = "MOVED", "đã chuyển đi"


# STOP and SUSPEND may come again: an earlier month counts, a later one revives nothing.
MAY_FOLLOW: dict[Standing, frozenset[str]] = {
    Standing.PENDING: frozenset({Kind.GRANT, Kind.STOP, Kind.SUSPEND}),
    Standing.LIVE: frozenset({Kind.ADJUST, Kind.SUSPEND, Kind.STOP, Kind.TRANSFER_OUT, Kind.RECOVER}),
    Standing.SUSPENDED: frozenset(
        {Kind.ADJUST, Kind.SUSPEND, Kind.RESUME, Kind.STOP, Kind.TRANSFER_OUT, Kind.RECOVER, Kind.PAY_OUT}
    ),
    Standing.ENDED: frozenset({Kind.ADJUST, Kind.SUSPEND, Kind.RESUME, Kind.STOP, Kind.RECOVER, Kind.PAY_OUT}),
    Standing.MOVED: frozenset({Kind.RESUME, Kind.RECOVER, Kind.PAY_OUT}),
}


def standing_of(enrolment: Enrolment, *, granted: bool) -> Standing:
    """Where the enrolment stands, by its columns; an end that lies ahead counts, for what is decided about it is about that end."""
    if enrolment.moved_to_id is not None:
        return Standing.MOVED
    if enrolment.ended_month is not None:
        return Standing.ENDED
    if enrolment.suspended_month is not None:
        return Standing.SUSPENDED
    return Standing.LIVE if granted else Standing.PENDING


def objection(draft: Draft, *, enrolment: Enrolment, granted: bool, today: date) -> str:
    """Why the decision can't be recorded, as a sentence; "" when it can."""
    standing = standing_of(enrolment, granted=granted)
    if draft.kind not in MAY_FOLLOW[standing]:
        return f"hồ sơ {standing.label}, không ghi được {Kind(draft.kind).label.lower()}."
    if draft.signed_on > today:
        return "ngày quyết định ở sau ngày hôm nay."
    if draft.effective_month.day != 1 or (draft.last_month is not None and draft.last_month.day != 1):
        return "tháng phải ghi là tháng, không phải một ngày."
    if draft.kind != Kind.GRANT and draft.effective_month < enrolment.starts_month:
        return "tháng hiệu lực trước tháng bắt đầu hưởng."
    return _CHECKS[Kind(draft.kind)](draft, enrolment)


def _grant(draft: Draft, enrolment: Enrolment) -> str:
    # Decree 20/2021/NĐ-CP: the right begins with the month the decision is signed, not with eligibility.
    if draft.effective_month < draft.signed_on.replace(day=1):
        return "hưởng từ tháng ký quyết định trở đi; tháng hiệu lực đang trước tháng ký."
    last = enrolment.category.last_grant_month
    if last is not None and draft.effective_month > last:
        return f"nhóm này chỉ nhận người hưởng mới đến hết tháng {last:%m/%Y}; mời xét theo chính sách thay thế."
    return ""


def _adjust(draft: Draft, enrolment: Enrolment) -> str:
    if draft.coefficient is None or not 0 < draft.coefficient < GREATEST_COEFFICIENT:
        return "thiếu hệ số mới."
    return ""


def _resume(draft: Draft, enrolment: Enrolment) -> str:
    paused = paused_since(enrolment)
    if draft.pay_between is None:
        return "quyết định phải ghi có chi trả các tháng ở giữa hay không."
    if paused is None or draft.effective_month < paused:
        return "tháng hưởng lại trước tháng tạm dừng."
    return ""


def _transfer_out(draft: Draft, enrolment: Enrolment) -> str:
    if draft.last_month is None:
        return "thiếu “đã chi trả đến hết tháng”."
    if month_after(draft.last_month) != draft.effective_month:
        return "tháng hiệu lực phải là tháng liền sau tháng đã chi trả."
    if draft.to_unit_id == enrolment.unit_id:
        return "nơi chuyển đến là chính xã này."
    if enrolment.suspended_month is not None and draft.last_month >= enrolment.suspended_month:
        return "hồ sơ đang tạm dừng từ trước tháng ghi là đã chi trả."
    return ""


def _recover(draft: Draft, enrolment: Enrolment) -> str:
    if not draft.amount or not draft.monthly_ceiling or draft.amount < 0 or draft.monthly_ceiling < 0:
        return "thiếu số tiền thu hồi hoặc mức thu mỗi tháng."
    return "" if draft.monthly_ceiling <= draft.amount else "mức thu mỗi tháng lớn hơn số tiền thu hồi."


def _nothing_more(draft: Draft, enrolment: Enrolment) -> str:
    return ""


_CHECKS = {
    Kind.GRANT: _grant,
    Kind.ADJUST: _adjust,
    Kind.SUSPEND: _nothing_more,
    Kind.RESUME: _resume,
    Kind.STOP: _nothing_more,
    Kind.TRANSFER_OUT: _transfer_out,
    Kind.RECOVER: _recover,
    Kind.PAY_OUT: _nothing_more,
}


def paused_since(enrolment: Enrolment) -> date | None:
    """The first month not paid: of the suspension or the end, whichever came first."""
    return min((month for month in (enrolment.suspended_month, enrolment.ended_month) if month), default=None)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def apply(draft: Draft, enrolment: Enrolment) -> None:
    """Change the enrolment's columns in memory as the decision says."""
    if draft.kind == Kind.GRANT:
        enrolment.starts_month = draft.effective_month
    elif draft.kind == Kind.STOP:
        enrolment.ended_month = min(enrolment.ended_month or draft.effective_month, draft.effective_month)
    elif draft.kind == Kind.SUSPEND:
        enrolment.suspended_month = min(enrolment.suspended_month or draft.effective_month, draft.effective_month)
    elif draft.kind == Kind.RESUME:
        enrolment.suspended_month = enrolment.ended_month = enrolment.moved_to_id = None
    elif draft.kind == Kind.TRANSFER_OUT:
        enrolment.ended_month, enrolment.moved_to_id = draft.effective_month, draft.to_unit_id
