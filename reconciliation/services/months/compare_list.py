"""Beside Excel: a clerk's own list of a month against ours, row by row, and why they differ. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from beneficiaries.linkage.names import name_key
from beneficiaries.models import Decision, Reason, StandardAmount
from beneficiaries.parsers.month_lists import MonthRow, read_month_list
from payments.models import Cycle
from payments.money import AmountUnreadable, format_amount, parse_amount
from reconciliation.errors import MonthNotListed
from reconciliation.reports.rolls.rows import rows_of
from staff.models import AdministrativeUnit, User
from staff.rights import Right, require

# Every enrolment of the unit: what the month's lists hold for it, what was kept back, and the last decision about it.
_OURS = """
WITH RECURSIVE cycle AS (SELECT id, month FROM payments_cycle WHERE month = %(month)s AND NOT opening),
own AS (SELECT n.* FROM beneficiaries_enrolment n JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)),
listed AS (
    SELECT e.enrolment_id, max(e.coefficient) AS coefficient,
           coalesce(sum(e.amount) FILTER (WHERE e.cycle_id = c.id AND e.corrects_id IS NULL AND e.month = c.month), 0)::bigint AS this_month,
           coalesce(sum(e.amount) FILTER (WHERE e.cycle_id = c.id AND (e.corrects_id IS NOT NULL OR e.month <> c.month)), 0)::bigint AS arrears,
           coalesce(sum(e.amount) FILTER (WHERE e.cycle_id <> c.id), 0)::bigint AS carried
    FROM cycle c JOIN payments_paymentbatch t ON t.cycle_id = c.id AND t.status <> 'CANCELLED'
    JOIN payments_payment p ON p.batch_id = t.id AND p.status <> 'CANCELLED' JOIN payments_entitlement e ON e.payment_id = p.id
    WHERE e.enrolment_id IN (SELECT id FROM own) GROUP BY e.enrolment_id),
taken AS (
    SELECT y.id, y.payment_id, y.amount, d.enrolment_id
    FROM cycle c JOIN payments_paymentbatch t ON t.cycle_id = c.id AND t.status <> 'CANCELLED'
    JOIN payments_payment p ON p.batch_id = t.id AND p.status <> 'CANCELLED' JOIN payments_deduction y ON y.payment_id = p.id
    JOIN beneficiaries_decision d ON d.id = y.decision_id),
-- What was decided before somebody moved is taken where they are paid now.
followed AS (
    SELECT k.id, k.payment_id, k.amount, k.enrolment_id FROM taken k
    UNION ALL SELECT f.id, f.payment_id, f.amount, n.id FROM followed f JOIN beneficiaries_enrolment n ON n.continues_id = f.enrolment_id),
deducted AS (
    SELECT f.enrolment_id, sum(f.amount)::bigint AS amount FROM followed f
    WHERE f.enrolment_id IN (SELECT id FROM own)
      AND EXISTS (SELECT 1 FROM payments_entitlement e WHERE e.payment_id = f.payment_id AND e.enrolment_id = f.enrolment_id) GROUP BY f.enrolment_id),
kept AS (
    SELECT e.enrolment_id, max(e.not_payable_reason) AS reason, max(s.reason) AS slip
    FROM cycle c JOIN payments_entitlement e ON e.cycle_id = c.id AND e.month = c.month AND e.corrects_id IS NULL
    LEFT JOIN payments_payment p ON p.id = e.payment_id LEFT JOIN payments_removalslip s ON s.payment_id = p.id AND s.refused_at IS NULL
    WHERE (p.id IS NULL OR p.status = 'CANCELLED') AND e.enrolment_id IN (SELECT id FROM own) GROUP BY e.enrolment_id)
SELECT n.code, n.programme_id, g.kind <> 'REGULAR' AS once, b.full_name, b.name_key, b.birth_year, b.hamlet, n.starts_month, n.ended_month, n.suspended_month,
       n.paid_through_month, n.moved_to_id IS NOT NULL AS moved, l.coefficient, l.this_month, l.arrears, l.carried, coalesce(x.amount, 0) AS deducted,
       k.enrolment_id IS NOT NULL AS kept, k.reason, k.slip, d.kind, d.number, d.signed_on
FROM own n JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id JOIN staff_administrativeunit u ON u.id = n.unit_id
JOIN beneficiaries_programme g ON g.id = n.programme_id
LEFT JOIN listed l ON l.enrolment_id = n.id LEFT JOIN deducted x ON x.enrolment_id = n.id LEFT JOIN kept k ON k.enrolment_id = n.id
LEFT JOIN LATERAL (SELECT kind, number, signed_on FROM beneficiaries_decision d WHERE d.enrolment_id = n.id AND d.effective_month <= %(month)s
                   ORDER BY d.effective_month DESC, d.id DESC LIMIT 1) d ON true
ORDER BY u.path, beneficiaries_hamlet_order(b.hamlet) COLLATE "C", b.sort_key COLLATE "C", n.code
"""


class Finding(models.TextChoices):
    """What became of a row of either list."""

    SAME = "SAME", "Khớp"
    AMOUNT = "AMOUNT", "Số tiền khác"
    NAME = "NAME", "Khớp số tiền, khác họ tên"
    NOT_PAID = "NOT_PAID", "Hệ thống chưa chi tháng này"
    ELSEWHERE = "ELSEWHERE", "Không có hồ sơ này trên địa bàn"
    TWICE = "TWICE", "Có hai dòng trong tệp"
    UNREADABLE = "UNREADABLE", "Không đọc được số tiền"
    ONLY_OURS = "ONLY_OURS", "Tệp không có"


@dataclass(frozen=True)
class Compared:
    """One row: `theirs` as in the file, `ours` on the lists of the month (both đồng); `row_number` 0 where the file has no row."""

    row_number: int
    code: str
    full_name: str
    hamlet: str
    theirs: int | None
    ours: int | None
    finding: Finding
    why: str


@dataclass(frozen=True)
class Comparison:
    """Both lists side by side. `rows`: only those to look at, the file's in its order, then those it lacks in the order of lists."""

    in_file: int
    same: int
    their_total: int
    our_total: int
    our_people: int
    rows: list[Compared] = field(default_factory=list)


def compare_list(*, content: bytes, unit: AdministrativeUnit, month: date, actor: User) -> Comparison:
    """A list (Excel, ODS, CSV) against the month's lists of `unit` and below, signed or not yet.

    Rows are found by the code of the grant, else by name and year of birth where only one grant has them.
    Raises `MonthNotListed`, `FileUnreadable`, `NotAllowed`.
    """
    require(actor, Right.SEE_LISTS, unit=unit)
    if not Cycle.objects.filter(month=month, opening=False).exists():
        raise MonthNotListed
    ours = {row["code"]: row for row in rows_of(_OURS, {"month": month, "scope": unit.path})}
    theirs = list(read_month_list(content))
    find, seen, rates = _Finder(ours.values()), dict[str, int](), _Rates(month)
    compared = [_of_row(row, find(row), seen=seen, month=month, rates=rates) for row in theirs]
    lacking = [
        _row_of(0, mine, theirs=None, finding=Finding.ONLY_OURS, why=_why_listed(mine, month=month))
        for code, mine in ours.items()
        if mine["this_month"] is not None and code not in seen
    ]
    listed = [mine for mine in ours.values() if mine["this_month"] is not None]
    return Comparison(
        in_file=len(theirs),
        same=sum(one.finding == Finding.SAME for one in compared),
        their_total=sum(one.theirs or 0 for one in compared),
        our_total=sum(_total(mine) for mine in listed),
        our_people=len(listed),
        rows=[one for one in compared if one.finding != Finding.SAME] + lacking,
    )


class _Rates:
    """Standard amounts that held before the month: a sum made with one of them is what a list copied from last year says."""

    def __init__(self, month: date) -> None:
        known, self._former = defaultdict[int, list[int]](list), dict[int, list[int]]()
        for programme, amount in (
            StandardAmount.objects.filter(valid_from__lte=month)
            .order_by("valid_from")
            .values_list("programme_id", "amount")
        ):
            known[programme].append(amount)
        for programme, amounts in known.items():
            self._former[programme] = amounts[:-1]

    def former(self, mine: dict[str, Any], theirs: int) -> int | None:
        """The former standard amount the file's sum was made with, if any."""
        amounts = self._former.get(mine["programme_id"], [])
        return next((amount for amount in amounts if round(amount * mine["coefficient"]) == theirs), None)


class _Finder:
    """Which of our grants a row is about."""

    def __init__(self, ours: Iterable[dict[str, Any]]) -> None:
        self._by_code, self._by_name = dict[str, dict[str, Any]](), defaultdict[tuple[str, int], list[Any]](list)
        for mine in ours:
            self._by_code[mine["code"].casefold()] = mine
            self._by_name[mine["name_key"], mine["birth_year"]].append(mine)

    def __call__(self, row: MonthRow) -> dict[str, Any] | None:
        if row.code:
            return self._by_code.get(row.code.casefold())
        if row.birth_year is None:
            return None
        namesakes = self._by_name.get((name_key(row.name), row.birth_year), [])
        return namesakes[0] if len(namesakes) == 1 else None


def _of_row(
    row: MonthRow, mine: dict[str, Any] | None, *, seen: dict[str, int], month: date, rates: "_Rates"
) -> Compared:
    try:
        theirs = parse_amount(row.amount)
    except AmountUnreadable:
        theirs = None
    if mine is None:
        why = (
            "Mã hồ sơ này không có trên địa bàn: xem lại mã, hoặc nạp danh sách, ghi quyết định hưởng."
            if row.code
            else "Không tìm được đúng một hồ sơ có họ tên và năm sinh này: mời ghi mã hồ sơ hưởng."
        )
        return Compared(row.row_number, row.code, row.name, "", theirs, None, Finding.ELSEWHERE, why)
    before = seen.setdefault(mine["code"], row.row_number)
    if before != row.row_number:
        why = f"Hồ sơ này đã có ở dòng {before} của tệp; hệ thống chi một lần."
        return _row_of(row.row_number, mine, theirs=theirs, finding=Finding.TWICE, why=why)
    if theirs is None:
        why = f"Ô số tiền ghi “{row.amount[:30]}”; mời ghi số đồng, ví dụ 500.000."
        return _row_of(row.row_number, mine, theirs=None, finding=Finding.UNREADABLE, why=why)
    if mine["this_month"] is None:
        finding, why = (Finding.NOT_PAID, _why_not(mine, month=month)) if theirs else (Finding.SAME, "")
        return _row_of(row.row_number, mine, theirs=theirs, finding=finding, why=why)
    if theirs != _total(mine):
        return _row_of(
            row.row_number, mine, theirs=theirs, finding=Finding.AMOUNT, why=_why_amount(mine, theirs, rates)
        )
    if row.name and name_key(row.name) != mine["name_key"]:
        why = f"Tệp ghi “{row.name}”; hồ sơ ghi “{mine['full_name']}”. Xem lại mã, hoặc đề nghị sửa hồ sơ."
        return _row_of(row.row_number, mine, theirs=theirs, finding=Finding.NAME, why=why)
    return _row_of(row.row_number, mine, theirs=theirs, finding=Finding.SAME, why="")


def _row_of(row_number: int, mine: dict[str, Any], *, theirs: int | None, finding: Finding, why: str) -> Compared:
    ours = None if mine["this_month"] is None else _total(mine)
    return Compared(row_number, mine["code"], mine["full_name"], mine["hamlet"], theirs, ours, finding, why)


def _total(mine: dict[str, Any]) -> int:
    return int(mine["this_month"] + mine["arrears"] + mine["carried"] - mine["deducted"])


def _why_amount(mine: dict[str, Any], theirs: int, rates: "_Rates") -> str:
    parts = [
        ("tháng này", mine["this_month"]),
        ("truy lĩnh", mine["arrears"]),
        ("tháng trước chưa nhận", mine["carried"]),
    ]
    told = " + ".join(f"{label} {format_amount(amount)}" for label, amount in parts if amount)
    taken = f" − thu hồi {format_amount(mine['deducted'])}" if mine["deducted"] else ""
    why = f"Hệ thống: {told}{taken}."
    if theirs == mine["this_month"]:
        return f"{why} Tệp mới ghi mức tháng này."
    if former := rates.former(mine, theirs):
        return f"{why} Tệp còn ghi theo mức chuẩn cũ {format_amount(former)}."
    if mine["this_month"] and not (mine["arrears"] or mine["carried"] or mine["deducted"]):
        return f"{why} Hệ số {_plain(mine['coefficient'])}{_by(mine)}: xem hệ số, mức chuẩn trong tệp."
    return why


def _why_not(mine: dict[str, Any], *, month: date) -> str:
    """In the order in which a month is owed at all: begun, not paid before us, not ended, not suspended; then what kept it back."""
    if mine["starts_month"] > month:
        return f"Hưởng từ tháng {mine['starts_month']:%m/%Y}{_by(mine)}."
    if mine["paid_through_month"] and mine["paid_through_month"] >= month:
        return f"Hồ sơ ghi đã chi trả đến hết tháng {mine['paid_through_month']:%m/%Y}: chi nữa là chi hai lần."
    if mine["ended_month"] and mine["ended_month"] <= month:
        what = "Chuyển đi" if mine["moved"] else "Thôi hưởng"
        return f"{what} từ tháng {mine['ended_month']:%m/%Y}{_by(mine)}."
    if mine["suspended_month"] and mine["suspended_month"] <= month:
        return f"Tạm dừng từ tháng {mine['suspended_month']:%m/%Y}{_by(mine)}."
    if mine["slip"]:
        return f"Đã rút tên khỏi danh sách: {mine['slip']}."
    if mine["reason"]:
        return f"{Reason(mine['reason']).label}."
    if mine["kept"]:
        return "Khoản của tháng này đã rút khỏi danh sách."
    if mine["once"]:
        return "Khoản chi một lần được ghi sau khi lập danh sách; mời tỉnh lập danh sách bổ sung của tháng này."
    return "Hồ sơ được ghi sau khi lập danh sách; tháng sau truy lĩnh."


def _why_listed(mine: dict[str, Any], *, month: date) -> str:
    if mine["starts_month"] == month:
        return f"Mới hưởng từ tháng này{_by(mine)}."
    if not mine["this_month"]:
        return "Tháng này chỉ có truy lĩnh, hoặc tháng trước chưa nhận chuyển sang."
    return f"Có trong danh sách của hệ thống{_by(mine)}. Nếu người này đã thôi hưởng: ghi quyết định hoặc báo tử."


def _by(mine: dict[str, Any]) -> str:
    if not mine["number"]:
        return ""
    return (
        f" theo {str(Decision.Kind(mine['kind']).label).lower()} số {mine['number']} ngày {mine['signed_on']:%d/%m/%Y}"
    )


def _plain(coefficient: Any) -> str:
    return f"{coefficient.normalize():f}".replace(".", ",")
