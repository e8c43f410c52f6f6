"""Danh sách người chưa nhận tiền: everybody of the month's list who has not been paid, why, and what is to be done by whom."""

from datetime import date, datetime

from beneficiaries.models import Reason
from beneficiaries.services.receiving.contacts import phones_to_call
from payments.states import PaymentStatus
from reconciliation.reports.letterhead import place_of
from reconciliation.reports.reasons import HANDLING, label_of, step_of, without_word
from reconciliation.reports.rolls.roll import Field, Roll
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.sentences import capitalised
from staff.models import AdministrativeUnit, User

# What the month owes, and what its lists carry from months before.
_UNPAID = """
SELECT b.id AS person, b.full_name, b.hamlet, u.name AS unit_name, sum(e.amount)::bigint AS amount, min(e.month) AS first, max(e.month) AS last,
       min(e.not_payable_reason) AS not_payable, min(e.cash_reason) AS cash_reason, min(p.status) AS status,
       bool_or(p.id IN (SELECT w.payment_id FROM payments_rownote w WHERE w.ground <> '')) AS left_for_next_month, min(a.reason) AS account_reason,
       bool_or(p.status = 'CANCELLED' AND p.cause = 'STOP') AS taken_off, bool_or(l.deceased_on IS NOT NULL) AS died, bool_or(l.notice_on IS NOT NULL) AS asked
FROM payments_entitlement e JOIN payments_cycle c ON c.id = e.cycle_id
JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
LEFT JOIN beneficiaries_life l ON l.beneficiary_id = b.id
JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
LEFT JOIN payments_payment p ON p.id = e.payment_id LEFT JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
LEFT JOIN payments_paymentbatch t ON t.id = p.batch_id LEFT JOIN payments_cycle q ON q.id = t.cycle_id
WHERE p.status IS DISTINCT FROM 'POSTED' AND e.withdrawn_in_id IS NULL AND (c.month = %(month)s OR q.month = %(month)s)
GROUP BY u.path, u.name, b.id, e.not_payable_reason <> '' ORDER BY u.path, b.sort_key COLLATE "C", b.id
"""
_FIELDS = (
    Field("STT", 5),
    Field("Họ và tên", 22),
    Field("Xã, phường", 16),
    Field("Thôn, tổ dân phố", 13),
    Field("Số tiền", 12, money=True, summed=True),
    Field("Tháng", 10),
    Field("Nguyên nhân", 22),
    Field("Việc cần làm", 36),
    Field("Người phụ trách", 18),
    Field("Hạn", 15),
    Field("Số điện thoại", 14, beside=True),
)
WAITING, WAIT = "Đang chuyển", "Chờ kết quả của ngân hàng, tổ chức chi trả."
_WAITING = {PaymentStatus.DRAFT, PaymentStatus.READY, PaymentStatus.SENT, PaymentStatus.PROCESSING}


def unpaid_roll(*, unit: AdministrativeUnit, month: date, now: datetime, reader: User | None = None) -> Roll:
    """Who stands on the month's list and has no credited payment now; with telephones for a `reader` who looks after these people."""
    cells = []
    rows = list(rows_of(_UNPAID, {"month": month, "scope": unit.path}))
    phones = phones_to_call({int(row["person"]) for row in rows}, actor=reader) if reader else {}
    for nth, row in enumerate(rows, start=1):
        reason = _reason(row)
        handling = HANDLING.get(reason)
        months = _months(row["first"], row["last"])
        label, step = (WAITING, WAIT) if row["status"] in _WAITING else (label_of(reason), step_of(reason))
        cells.append(
            (
                nth, row["full_name"], capitalised(row["unit_name"]), row["hamlet"], row["amount"], months, label, step,
                handling.responsible if handling else "", handling.deadline if handling else "",
                phones.get(row["person"], ""),
            )
        )  # fmt: skip
    return Roll(
        name=f"chua-nhan-{month:%Y-%m}-{unit.code}", agency=f"UBND {unit.name}",
        title=f"DANH SÁCH NGƯỜI CHƯA NHẬN TIỀN THÁNG {month.month} NĂM {month.year}", lines_below_title=(capitalised(unit.name),), fields=_FIELDS,
        editable=True, cells=tuple(cells), made_at=now, place=place_of(unit.name),
        signatures=(("NGƯỜI LẬP", "(Ký, họ tên)"), ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)")),
    )  # fmt: skip


def _months(first: date, last: date) -> str:
    """`09/2024`, `07–09/2024`, `12/2023 – 01/2024`."""
    if first == last:
        return f"{first:%m/%Y}"
    return f"{first:%m}–{last:%m/%Y}" if first.year == last.year else f"{first:%m/%Y} – {last:%m/%Y}"


def _reason(row: dict[str, object]) -> str:
    if row["not_payable"]:
        return str(row["not_payable"])
    if row["left_for_next_month"]:
        return str(Reason.NEXT_MONTH)
    if row["status"] == PaymentStatus.FAILED and row["cash_reason"]:
        return str(Reason.CASH_NOT_COLLECTED)
    if row["taken_off"]:  # as the person is told
        died = Reason.DECEASED if row["died"] else Reason.DEATH_NOTICE if row["asked"] else ""
        return str(died or row["account_reason"] or without_word(row))
    return str(row["account_reason"] or without_word(row))
