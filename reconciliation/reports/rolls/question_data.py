"""What the answer to an inspector's question rests on: where the data come from, of which day, and what of the period or the people they lack."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from payments.money import format_amount
from reconciliation.models import PrisonList
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.sentences import day_text
from staff.models import AdministrativeUnit, Order

MOST_LISTS_NAMED = 5


@dataclass(frozen=True)
class QuestionData:
    """`rests_on`: where from, in words with its day; `missing`: sentences, each a gap somebody has to know of; `answerable`: whether there is anything."""

    rests_on: str
    missing: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True)
class _Gap:
    """Counted by `statement` (one number `n`), told by `sentence` where it is not nought."""

    sentence: str
    statement: str


_PEOPLE = """FROM beneficiaries_beneficiary b WHERE EXISTS (
    SELECT 1 FROM beneficiaries_enrolment n JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
    JOIN payments_entitlement e ON e.enrolment_id = n.id AND e.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
    WHERE n.beneficiary_id = b.id AND e.payment_id IS NOT NULL)"""
_OPEN = """SELECT count(DISTINCT p.id) AS n FROM payments_payment p JOIN payments_entitlement e ON e.payment_id = p.id
    AND e.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
    WHERE (p.status IN ('SENT', 'PROCESSING') OR p.status = 'POSTED' AND p.credited_on IS NULL)"""
_UNRESOLVED = _Gap(
    "{n} khoản chi của các tháng trong kỳ chưa biết kết quả (đang chuyển, chưa báo về) nên chưa có trong câu trả lời.", _OPEN
)  # fmt: skip
_UNMATCHED = _Gap(
    "{n} người chưa đối chiếu khớp với dữ liệu dân cư, nên một người mang hai hồ sơ có thể chưa được nhận ra.",
    f"SELECT count(*) AS n {_PEOPLE} AND b.identity_id IS NULL AND b.same_as_id IS NULL",
)
_NOT_LIVING_KNOWN = _Gap(
    "{n} người chưa đối chiếu khớp với dữ liệu dân cư, nên nếu đã mất mà chưa có tin khai tử thì chưa được nhận ra.",
    f"""SELECT count(*) AS n {_PEOPLE} AND b.identity_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM beneficiaries_life r WHERE r.beneficiary_id = b.id AND r.deceased_on IS NOT NULL)""",
)
_NO_BIRTH_YEAR = _Gap(
    "{n} người không rõ năm sinh nên không kiểm tra được.", f"SELECT count(*) AS n {_PEOPLE} AND b.birth_year IS NULL"
)
_NO_AGES = _Gap(
    "Chưa khai tuổi nào phải chuyển nhóm, nên chưa có gì để so.",
    "SELECT (NOT EXISTS (SELECT 1 FROM beneficiaries_agechange))::int AS n",
)
_BEFORE_HISTORY = _Gap(
    "Nhật ký hệ thống chỉ có từ ngày {since}; thay đổi trước ngày đó không có ở đây.",
    """SELECT coalesce(to_char(min(at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY'), '(chưa có)') AS since,
    (coalesce((min(at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 'infinity') > %(from_on)s::date)::int AS n FROM staff_historyrow
    WHERE id = (SELECT min(id) FROM staff_historyrow)""",
)
_CASH_OPEN = _Gap(
    "{n} khoản tiền mặt của các tháng trong kỳ chưa có danh sách kết quả, nên chưa biết đã nhận hay chưa.",
    """SELECT count(DISTINCT p.id) AS n FROM payments_payment p JOIN payments_paymentbatch t ON t.id = p.batch_id AND t.channel = 'CASH'
    JOIN payments_entitlement e ON e.payment_id = p.id AND e.month BETWEEN date_trunc('month', %(from_on)s::date) AND %(to_on)s
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
    WHERE p.status IN ('READY', 'SENT', 'PROCESSING')""",
)
_CREDITS = "khoản chi đã ghi có theo ngân hàng và tổ chức dịch vụ chi trả báo về, đến lúc lập câu trả lời"
# {deaths}, {extract}: the last day of each, as _DAYS counts them.
_SOURCES: Mapping[str, str] = {
    "paid-after-death": "tin khai tử, báo tử {deaths}; dữ liệu dân cư {extract}",
    "two-places": "hồ sơ hưởng, kết quả đối chiếu định danh (dữ liệu dân cư {extract})",
    "two-programmes": "hồ sơ hưởng, kết quả đối chiếu định danh (dữ liệu dân cư {extract})",
    "shared-account": "tài khoản đã ghi nhận trên hệ thống",
    "account-changed-late": "nhật ký tài khoản của hệ thống",
    "paid-without-decision": "quyết định đã ghi trên hệ thống",
    "unclaimed": "danh sách kết quả chi tiền mặt đã nạp",
    "staff-agent": "giấy ủy quyền và danh sách cán bộ có tài khoản trên hệ thống",
    "age-passed": "ngày sinh trong hồ sơ, tuổi chuyển nhóm đã khai",
    "changed-after-signing": "nhật ký hệ thống",
}
_GAPS: Mapping[str, tuple[_Gap, ...]] = {
    "paid-after-death": (_NOT_LIVING_KNOWN,),
    "two-places": (_UNMATCHED,),
    "two-programmes": (_UNMATCHED,),
    "unclaimed": (_CASH_OPEN,),
    "age-passed": (_NO_AGES, _NO_BIRTH_YEAR),
    "account-changed-late": (_BEFORE_HISTORY,),
    "changed-after-signing": (_BEFORE_HISTORY,),
}
_DAYS = """SELECT
    coalesce('nhận đến ngày ' || to_char((SELECT max(received_at) FROM beneficiaries_lifeevent) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY'),
             '(chưa nhận tin nào)') AS deaths,
    coalesce('đối chiếu lần cuối ngày ' || to_char((SELECT max(finished_at) FROM beneficiaries_matchrun) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY'),
             'chưa đối chiếu lần nào') AS extract"""


def data_for(question: str, *, unit: AdministrativeUnit, from_on: date, to_on: date) -> QuestionData:
    """What the answer for money credited in the period, below the unit, rests on."""
    given: dict[str, Any] = {"scope": unit.path, "from_on": from_on, "to_on": to_on}
    if question == "in-prison":
        return _of_prison(unit, given=given, from_on=from_on, to_on=to_on)
    (days,) = rows_of(_DAYS, given)
    missing = tuple(_told((*_GAPS.get(question, ()), *_general(question)), given))
    return QuestionData(rests_on=f"{_SOURCES[question].format(**days)}; {_CREDITS}.", missing=missing)


def _general(question: str) -> tuple[_Gap, ...]:
    return () if question == "unclaimed" else (_UNRESOLVED,)


def _told(gaps: tuple[_Gap, ...], given: dict[str, Any]) -> Iterator[str]:
    for gap in gaps:
        for row in rows_of(gap.statement, given):
            if row["n"]:
                yield gap.sentence.format(**row | {"n": format_amount(row["n"])})


def _of_prison(unit: AdministrativeUnit, *, given: dict[str, Any], from_on: date, to_on: date) -> QuestionData:
    """Lists of the unit or of one above it speak for all of it; one of a part only for that part, which is said."""
    taken = PrisonList.objects.filter(stage=Order.Stage.DONE).select_related("unit").order_by("-until_on", "-pk")
    whole = [one for one in taken if unit.path.startswith(one.unit.path)]
    parts = [one for one in taken if one.unit.path.startswith(unit.path) and one.unit_id != unit.pk]
    gaps = list(_uncovered([(one.from_on, one.until_on) for one in whole], from_on=from_on, to_on=to_on))
    missing = [
        f"Chưa có danh sách người chấp hành án phạt tù của {unit.name} từ ngày {day_text(first)} đến ngày {day_text(last)}."
        for first, last in gaps
    ]
    if parts and gaps:
        named = ", ".join(sorted({one.unit.name for one in parts}))
        missing.append(f"Chỉ một phần địa bàn có danh sách riêng: {named}.")
    if not whole and not parts:
        missing.append("Vì vậy chưa trả lời được; mời đề nghị Công an hoặc cơ quan thi hành án gửi danh sách.")
    used = [*whole, *parts]
    told = [
        f"danh sách của {one.issuer}, văn bản {one.paper}, từ {day_text(one.from_on)} đến {day_text(one.until_on)}"
        for one in used[:MOST_LISTS_NAMED]
    ]
    if len(used) > MOST_LISTS_NAMED:
        told.append(f"và {len(used) - MOST_LISTS_NAMED} danh sách trước đó")
    rests_on = f"{'; '.join(told) or 'chưa có danh sách nào'}; {_CREDITS}."
    return QuestionData(rests_on=rests_on, missing=(*missing, *_told((_UNRESOLVED,), given)), answerable=bool(used))


def _uncovered(spans: list[tuple[date, date]], *, from_on: date, to_on: date) -> Iterator[tuple[date, date]]:
    """The days of the period in no span, as first and last day."""
    at = from_on
    for first, last in sorted(spans):
        if last < at or first > to_on:
            continue
        if first > at:
            yield at, first - timedelta(days=1)
        at = last + timedelta(days=1)
    if at <= to_on:
        yield at, to_on
