"""Tổng hợp biến động: last month's people and money, what came, what went, what changed, this month's; the sums close."""

from collections import Counter
from datetime import date, datetime, timedelta

from reconciliation.reports.letterhead import place_of
from reconciliation.reports.rolls.roll import Field, Roll
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.sentences import capitalised
from staff.models import AdministrativeUnit

# Every file payable for its own month in this cycle or the one before, with what happened to it; the first that fits counts.
_CHANGES = """
WITH paid AS (
    SELECT e.enrolment_id, sum(e.amount) FILTER (WHERE e.month = %(before)s)::bigint AS before,
           sum(e.amount) FILTER (WHERE e.month = %(month)s)::bigint AS now
    FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id AND c.month = e.month
    WHERE e.month IN (%(before)s, %(month)s) AND e.not_payable_reason = '' AND e.kind = 'REGULAR' AND e.corrects_id IS NULL GROUP BY 1
)
SELECT CASE
    WHEN paid.before IS NULL AND d.kind = 'TRANSFER_IN' THEN 'MOVED_IN'
    WHEN paid.before IS NULL AND n.starts_month >= %(month)s THEN 'NEW'
    WHEN paid.before IS NULL AND NOT EXISTS (SELECT 1 FROM payments_entitlement o WHERE o.enrolment_id = n.id AND o.month < %(before)s) THEN 'NEW'
    WHEN paid.before IS NULL THEN 'RESUMED'
    WHEN paid.now IS NULL AND (r.deceased_on IS NOT NULL OR x.not_payable_reason IN ('DECEASED', 'DEATH_NOTICE')) THEN 'DECEASED'
    WHEN paid.now IS NULL AND d.kind = 'TRANSFER_OUT' THEN 'MOVED_OUT'
    WHEN paid.now IS NULL AND n.ended_month <= %(month)s THEN 'ENDED'
    WHEN paid.now IS NULL THEN 'SUSPENDED'
    WHEN paid.now <> paid.before THEN 'AMOUNT' ELSE 'SAME' END AS change,
    count(*) AS people, coalesce(sum(paid.before), 0)::bigint AS before, coalesce(sum(paid.now), 0)::bigint AS now,
    count(paid.before) AS people_before, count(paid.now) AS people_now
FROM paid JOIN beneficiaries_enrolment n ON n.id = paid.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
JOIN beneficiaries_life r ON r.beneficiary_id = b.id
LEFT JOIN LATERAL (SELECT kind FROM beneficiaries_decision y WHERE y.enrolment_id = n.id AND y.effective_month = %(month)s ORDER BY y.id DESC LIMIT 1) d ON true
LEFT JOIN LATERAL (SELECT not_payable_reason FROM payments_entitlement z WHERE z.enrolment_id = n.id AND z.month = %(month)s LIMIT 1) x ON true
GROUP BY 1
"""
_ADJUSTED = """
SELECT count(DISTINCT e.enrolment_id) FILTER (WHERE p.bank_account_id <> q.bank_account_id) AS accounts,
       count(DISTINCT e.enrolment_id) FILTER (WHERE p.payee_name <> q.payee_name) AS payees
FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id
JOIN payments_entitlement o ON o.enrolment_id = e.enrolment_id AND o.month = %(before)s AND o.kind = 'REGULAR' AND o.corrects_id IS NULL
JOIN payments_payment q ON q.id = o.payment_id JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
WHERE e.month = %(month)s AND e.kind = 'REGULAR' AND e.corrects_id IS NULL
"""
_CAME = (("NEW", "Mới hưởng"), ("MOVED_IN", "Chuyển đến"), ("RESUMED", "Hưởng lại"))
_WENT = (
    ("DECEASED", "Chết"),
    ("MOVED_OUT", "Chuyển đi"),
    ("ENDED", "Hết điều kiện"),
    ("SUSPENDED", "Tạm dừng, chưa đủ điều kiện chi"),
)
_FIELDS = (
    Field("Nội dung", 44),
    Field("Số người", 12, money=True),
    Field("Số tiền", 18, money=True),
    Field("Ghi chú", 66),
)


def changes_roll(*, unit: AdministrativeUnit, month: date, now: datetime) -> Roll:
    """The summary for a unit; people are files (hồ sơ). This month = last month + came − went + changes of amounts, for people and đồng."""
    before = (month - timedelta(days=1)).replace(day=1)
    given = {"month": month, "before": before, "scope": unit.path}
    found = {row["change"]: row for row in rows_of(_CHANGES, given)}
    adjusted = next(rows_of(_ADJUSTED, given))
    total: Counter[str] = Counter()
    for row in found.values():
        total.update({key: row[key] for key in ("people_before", "before", "people_now", "now")})

    def line(code: str, label: str, side: str) -> tuple[str, int, int, str]:
        row = found.get(code, {"people": 0, "before": 0, "now": 0})
        return (f"   {label}", row["people"], row[side], "")

    came, went = [line(*each, "now") for each in _CAME], [line(*each, "before") for each in _WENT]
    amount = found.get("AMOUNT", {"people": 0, "before": 0, "now": 0})
    cells = (
        (f"Tháng trước ({before:%m/%Y})", total["people_before"], total["before"], ""),
        ("Tăng", sum(row[1] for row in came), sum(row[2] for row in came), ""), *came,
        ("Giảm", sum(row[1] for row in went), sum(row[2] for row in went), ""), *went,
        ("Điều chỉnh", amount["people"], amount["now"] - amount["before"], "chênh lệch số tiền"),
        ("   Mức", amount["people"], amount["now"] - amount["before"], ""),
        ("   Tài khoản", adjusted["accounts"], 0, "không đổi số tiền"), ("   Người nhận thay", adjusted["payees"], 0, "không đổi số tiền"),
        (f"Tháng này ({month:%m/%Y})", total["people_now"], total["now"], "= tháng trước + tăng - giảm + điều chỉnh mức"),
    )  # fmt: skip
    return Roll(
        name=f"bien-dong-{month:%Y-%m}-{unit.code}", agency=f"UBND {unit.name}", title=f"TỔNG HỢP BIẾN ĐỘNG THÁNG {month.month} NĂM {month.year}",
        lines_below_title=(capitalised(unit.name),), fields=_FIELDS, cells=cells, made_at=now, editable=True, counted="", place=place_of(unit.name),
        notes=("Tính theo hồ sơ được chi của đúng tháng; không gồm truy lĩnh và tháng trước chuyển sang.",),
        signatures=(("NGƯỜI LẬP", "(Ký, họ tên)"), ("KẾ TOÁN TRƯỞNG", "(Ký, họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)")),
    )  # fmt: skip
