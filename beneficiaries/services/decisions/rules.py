"""Which decision may follow which, and what each must say. No queries: facts come from the enrolment as it stands."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import TextChoices

from beneficiaries.linkage.signers import is_a_title, names_a_person
from beneficiaries.models import Decision, Enrolment, Programme
from beneficiaries.models.enrolments import EARLIEST_DAY
from beneficiaries.services.decisions.draft import Draft

Kind = Decision.Kind
GREATEST_COEFFICIENT = Decimal(100)
# A child's right may be ended at its grant, for the year it grows up; what lies further ahead is a year typed wrongly.
MOST_YEARS_AHEAD = 25
LEAST_WORDS_OF_A_PLACE = 2
_WRITE_BOTH = "mời ghi họ tên và chức vụ người ký như trên quyết định, ví dụ: Nguyễn Văn Chủ, Chủ tịch UBND xã."
SIGNER_MISSING = f"thiếu người ký; {_WRITE_BOTH}"
WHERE_TO = "thiếu nơi chuyển đến: trong tỉnh thì chọn hoặc ghi mã xã, phường; đi tỉnh khác thì ghi tên xã, phường và tỉnh vào “Nơi chuyển đến ngoài tỉnh”."
ONE_PLACE = "có hai nơi chuyển đến; mời chỉ ghi mã xã, phường trong tỉnh hoặc chỉ ghi nơi ngoài tỉnh."
WHOLE_PLACE = "mời ghi đủ tên xã, phường và tên tỉnh nơi chuyển đến, ví dụ: xã An Hòa, tỉnh Bình Minh."
SIGNER_A_TITLE = f"mới ghi chức vụ, chưa ghi họ tên người ký; {_WRITE_BOTH}"


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


class Objection(NamedTuple):
    """Why a decision can't be recorded: which field of the `Draft` it is about, and a sentence."""

    about: str
    sentence: str


def in_a_sentence(problem: Objection) -> str:
    """As it is told where the decision stands alone."""
    return problem.sentence[:1].upper() + problem.sentence[1:]


def objection(draft: Draft, *, enrolment: Enrolment, granted: bool, today: date) -> Objection | None:
    """Why the decision can't be recorded; None when it can."""
    standing = standing_of(enrolment, granted=granted)
    if draft.kind not in MAY_FOLLOW[standing] and not _moves_before_the_end(draft, enrolment, standing):
        return Objection("kind", f"hồ sơ {standing.label}, không ghi được {Kind(draft.kind).label.lower()}.")
    if problem := objection_to_paper(signed_on=draft.signed_on, signer=draft.signer, today=today):
        return problem
    if draft.effective_month.year > draft.signed_on.year + MOST_YEARS_AHEAD:
        return Objection(
            "effective_month",
            f"tháng hiệu lực sau ngày ký hơn {MOST_YEARS_AHEAD} năm; mời xem lại năm trên quyết định.",
        )
    if draft.effective_month.day != 1 or (draft.last_month is not None and draft.last_month.day != 1):
        return Objection("effective_month", "tháng phải ghi là tháng, không phải một ngày.")
    if draft.kind != Kind.GRANT and draft.effective_month < enrolment.starts_month:
        return Objection("effective_month", "tháng hiệu lực trước tháng bắt đầu hưởng.")
    return _CHECKS[Kind(draft.kind)](draft, enrolment)


def objection_to_signer(signer: str) -> str:
    """ "" when somebody is named, with or without a title; else the sentence that asks for the name."""
    if names_a_person(signer):
        return ""
    return SIGNER_A_TITLE if is_a_title(signer) else SIGNER_MISSING


def objection_to_paper(*, signed_on: date, signer: str, today: date) -> Objection | None:
    """What is wrong with the day or the signer of any decision a person records; None when nothing is."""
    if signed_on > today:
        return Objection(
            "signed_on",
            f"ngày quyết định {signed_on:%d/%m/%Y} ở sau ngày hôm nay; mời ghi đúng ngày ký trên quyết định.",
        )
    if signed_on < EARLIEST_DAY:
        return Objection(
            "signed_on",
            f"ngày quyết định {signed_on:%d/%m/%Y} trước ngày {EARLIEST_DAY:%d/%m/%Y}, khi chưa có cơ quan nào ra quyết định; "
            "mời xem lại năm trên quyết định.",
        )
    if sentence := objection_to_signer(signer):
        return Objection("signer", sentence)
    return None


def _moves_before_the_end(draft: Draft, enrolment: Enrolment, standing: Standing) -> bool:
    """Whoever's right ends on a later day may move until then; the end goes along (`planned_end`)."""
    ends = enrolment.ended_month
    moves = draft.kind == Kind.TRANSFER_OUT and standing is Standing.ENDED
    return moves and ends is not None and draft.effective_month < ends


def planned_end(decisions: Iterable[Decision], *, of: Enrolment) -> date | None:
    """The first month left unpaid: by a decision to stop, not taken back by one to resume (`decisions` in the order they were recorded), or
    because it is paid once."""
    end = month_after(of.starts_month) if is_once(of) else None
    for decision in decisions:
        if decision.kind == Kind.STOP:
            end = min(end or decision.effective_month, decision.effective_month)
        elif decision.kind == Kind.RESUME:
            end = month_after(of.starts_month) if is_once(of) else None
    return end


def _grant(draft: Draft, enrolment: Enrolment) -> Objection | None:
    # Decree 20/2021/NĐ-CP: the right begins with the month the decision is signed, not with eligibility.
    if draft.effective_month < draft.signed_on.replace(day=1):
        return Objection("effective_month", "hưởng từ tháng ký quyết định trở đi; tháng hiệu lực đang trước tháng ký.")
    last = enrolment.category.last_grant_month
    if last is not None and draft.effective_month > last:
        return Objection(
            "effective_month",
            f"nhóm này chỉ nhận người hưởng mới đến hết tháng {last:%m/%Y}; mời xét theo chính sách thay thế.",
        )
    return None


def _adjust(draft: Draft, enrolment: Enrolment) -> Objection | None:
    if draft.coefficient is None or not 0 < draft.coefficient < GREATEST_COEFFICIENT:
        return Objection("coefficient", "thiếu hệ số mới.")
    return None


def _resume(draft: Draft, enrolment: Enrolment) -> Objection | None:
    paused = paused_since(enrolment)
    if draft.pay_between is None:
        return Objection("pay_between", "quyết định phải ghi có chi trả các tháng ở giữa hay không.")
    if paused is None or draft.effective_month < paused:
        return Objection("effective_month", "tháng hưởng lại trước tháng tạm dừng.")
    if is_once(enrolment) and draft.effective_month != enrolment.starts_month:
        return Objection(
            "effective_month",
            f"khoản chi một lần chỉ hưởng lại trong tháng của nó ({enrolment.starts_month:%m/%Y}); tháng khác thì ghi khoản chi mới.",
        )
    return None


def _transfer_out(draft: Draft, enrolment: Enrolment) -> Objection | None:
    if draft.last_month is None:
        return Objection("last_month", "thiếu “đã chi trả đến hết tháng”.")
    if month_after(draft.last_month) != draft.effective_month:
        return Objection("effective_month", "tháng hiệu lực phải là tháng liền sau tháng đã chi trả.")
    if draft.to_unit_id is None:
        if not draft.to_place:
            return Objection("to_unit_id", WHERE_TO)
        if len(draft.to_place.split()) < LEAST_WORDS_OF_A_PLACE:
            return Objection("to_place", WHOLE_PLACE)
    elif draft.to_place:
        return Objection("to_place", ONE_PLACE)
    if draft.to_unit_id == enrolment.unit_id:
        return Objection("to_unit_id", "nơi chuyển đến là chính xã này.")
    if enrolment.suspended_month is not None and draft.last_month >= enrolment.suspended_month:
        return Objection("last_month", "hồ sơ đang tạm dừng từ trước tháng ghi là đã chi trả.")
    return None


def _recover(draft: Draft, enrolment: Enrolment) -> Objection | None:
    if not draft.amount or not draft.monthly_ceiling or draft.amount < 0 or draft.monthly_ceiling < 0:
        return Objection("amount", "thiếu số tiền thu hồi hoặc mức thu mỗi tháng.")
    if draft.monthly_ceiling > draft.amount:
        return Objection("monthly_ceiling", "mức thu mỗi tháng lớn hơn số tiền thu hồi.")
    return None


def _nothing_more(draft: Draft, enrolment: Enrolment) -> Objection | None:
    return None


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


def is_once(enrolment: Enrolment) -> bool:
    """Whether it is of one month, the first (a gift, emergency help, a funeral)."""
    return enrolment.programme.kind != Programme.Kind.REGULAR


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
        enrolment.suspended_month = enrolment.moved_to_id = None
        enrolment.ended_month = planned_end((), of=enrolment)
    elif draft.kind == Kind.TRANSFER_OUT:
        enrolment.ended_month, enrolment.moved_to_id = draft.effective_month, draft.to_unit_id
