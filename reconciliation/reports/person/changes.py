"""Every change of what a person's money hangs on, in words: when, what, from what to what, who and why (the database wrote it down)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from beneficiaries.models import BenefitCategory
from payments.models import Cycle
from payments.states import PaymentStatus
from reconciliation.reports.person.words import said
from reconciliation.reports.rolls.rows import rows_of
from staff.models import AdministrativeUnit, User

NOTHING = "–"
Row = dict[str, Any]
Names = dict[str, dict[int, str]]
_UNITS = ("unit_id", "moved_to_id")
_USERS = ("owner_id", "proposed_by_id", "decided_by_id", "recorded_by_id", "ended_by_id")
_CHANGES = """
WITH files AS (SELECT id FROM beneficiaries_enrolment WHERE beneficiary_id = ANY(%(people)s)),
about(relation, row_id, named) AS (
    SELECT 'beneficiaries_enrolment', n.id, n.code FROM beneficiaries_enrolment n WHERE n.id IN (SELECT id FROM files)
    UNION ALL SELECT 'beneficiaries_bankaccount', a.id, '' FROM beneficiaries_bankaccount a WHERE a.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'beneficiaries_accountchange', c.id, '' FROM beneficiaries_accountchange c
              JOIN beneficiaries_bankaccount a ON a.id = c.new_account_id WHERE a.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'beneficiaries_payeerelation', r.id, r.paper_number FROM beneficiaries_payeerelation r WHERE r.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'beneficiaries_beneficiary', p.id, '' FROM unnest(%(people)s::bigint[]) AS p (id)
    UNION ALL SELECT 'beneficiaries_phone', f.id, '' FROM beneficiaries_phone f WHERE f.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'beneficiaries_case', c.id, '' FROM beneficiaries_case c WHERE c.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'payments_payment', p.id, p.end_to_end_id FROM payments_payment p WHERE p.beneficiary_id = ANY(%(people)s)
    UNION ALL SELECT 'payments_entitlement', e.id, 'tháng ' || to_char(e.month, 'MM/YYYY') FROM payments_entitlement e
              WHERE e.enrolment_id IN (SELECT id FROM files)
)
SELECT h.at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS at, h.relation, a.named, h.operation, h.changes::text AS changes, h.why, h.request_id,
       coalesce(w.full_name, 'Hệ thống') AS who
FROM about a JOIN staff_historyrow h ON h.relation = a.relation AND h.row_id = a.row_id LEFT JOIN staff_user w ON w.id = h.actor_id
ORDER BY h.id DESC
"""
_RELATIONS = {
    "beneficiaries_enrolment": "Hồ sơ", "beneficiaries_bankaccount": "Tài khoản", "beneficiaries_accountchange": "Đề nghị đổi tài khoản",
    "beneficiaries_case": "Việc cần xử lý", "beneficiaries_payeerelation": "Người nhận thay", "beneficiaries_phone": "Điện thoại",
    "beneficiaries_beneficiary": "Phiếu tra cứu",
    "payments_payment": "Khoản chi", "payments_entitlement": "Mức hưởng",
}  # fmt: skip
_OPERATIONS = {"I": "thêm", "U": "sửa", "D": "xóa"}
_COLUMNS = {
    "status": "trạng thái", "reason": "lý do", "cause": "nguyên nhân", "source": "nguồn", "bank_bin": "ngân hàng", "number_id": "số tài khoản",
    "holder_kind": "chủ tài khoản", "opened_on": "ngày mở", "verified_on": "ngày xác nhận", "closed_on": "ngày đóng", "name_verdict": "kiểm tra tên",
    "last_credited_month": "tháng ghi có gần nhất", "coefficient": "hệ số", "starts_month": "hưởng từ tháng", "ended_month": "thôi hưởng từ tháng",
    "suspended_month": "tạm dừng từ tháng", "paid_through_month": "đã chi trả đến hết tháng", "payee_kind": "người nhận", "unit_id": "địa bàn",
    "payee_paper_until": "giấy ủy quyền đến", "moved_to_id": "chuyển đến", "paid_to_id": "nhận qua", "category_id": "nhóm", "beneficiary_id": "người",
    "credited_on": "ngày ghi có", "returned_on": "ngày hoàn trả", "confirmed_at": "đã hỏi lại ngân hàng", "return_code": "mã hoàn trả", "attempt": "lần gửi",
    "bank_reference": "mã của ngân hàng", "hold_code": "giữ lại", "payment_id": "khoản chi", "withdrawn_in_id": "rút trong kỳ", "level": "cấp",
    "owner_id": "người giữ việc", "solution": "cách giải quyết", "proposed_by_id": "người đề xuất", "decided_by_id": "người quyết định",
    "usable_from": "dùng được từ", "kind": "quan hệ", "scope": "phạm vi", "paper_signed_on": "giấy ký ngày", "valid_from": "có hiệu lực từ",
    "valid_until": "đến hết ngày", "ended_on": "chấm dứt từ", "end_reason": "vì", "owner": "của ai", "opted_out_at": "thôi nhận tin", "recorded_at": "ghi lúc",
    "recorded_by_id": "người ghi", "ended_by_id": "người chấm dứt", "lookup_code": "mã tra cứu",
}  # fmt: skip
# Said in words elsewhere, or of use to programs alone.
_QUIET = {"cause", "number_id", "beneficiary_id", "bank_reference", "attempt", "payment_id", "confirmed_at"}
# A payment's ordinary way; what is told of months says how it ended.
_ORDINARY = {PaymentStatus.READY, PaymentStatus.SENT, PaymentStatus.PROCESSING, PaymentStatus.POSTED}


@dataclass(frozen=True)
class Change:
    """One change of one row. `ordinary`: a step every payment takes. `details` are `(column, before, after)` in words."""

    at: datetime
    what: str
    operation: str
    details: tuple[tuple[str, str, str], ...]
    who: str
    why: str
    request: str
    ordinary: bool


def changes_of(people: Sequence[int]) -> list[Change]:
    """Newest first; nothing is left out."""
    rows = [row | {"changes": json.loads(row["changes"])} for row in rows_of(_CHANGES, {"people": list(people)})]
    names = _names(rows)
    return [_change(row, names) for row in rows]


def _names(rows: list[Row]) -> Names:
    """What the ids in the changes stand for, one query per kind of thing."""
    ids: dict[str, set[int]] = {}
    for row in rows:
        for column, pair in row["changes"].items():
            ids.setdefault(column, set()).update(value for value in pair if isinstance(value, int))

    def of(*columns: str) -> set[int]:
        return set().union(*(ids.get(column, set()) for column in columns))

    units = dict(AdministrativeUnit.objects.filter(pk__in=of(*_UNITS)).values_list("pk", "name"))
    users = dict(User.objects.filter(pk__in=of(*_USERS)).values_list("pk", "full_name"))
    groups = dict(BenefitCategory.objects.filter(pk__in=of("category_id")).values_list("pk", "neutral_code"))
    cycles = {pk: f"{month:%m/%Y}" for pk, month in Cycle.objects.filter(pk__in=of("withdrawn_in_id")).values_list("pk", "month")}  # fmt: skip
    return {**dict.fromkeys(_UNITS, units), **dict.fromkeys(_USERS, users), "category_id": groups, "withdrawn_in_id": cycles}  # fmt: skip


def _change(row: Row, names: Names) -> Change:
    relation, changes = row["relation"], row["changes"]
    details = tuple(
        (_COLUMNS.get(column, column), _said(relation, column, before, names), _said(relation, column, after, names))
        for column, (before, after) in changes.items()
        if column not in _QUIET and (before or after)
    )
    status = changes.get("status", [None, None])[1]
    ordinary = (relation == "payments_payment" and status in _ORDINARY) or not details
    what = " ".join(part for part in (_RELATIONS[relation], row["named"]) if part)
    return Change(row["at"], what, _OPERATIONS[row["operation"]], details, row["who"], row["why"], row["request_id"], ordinary)  # fmt: skip


def _said(relation: str, column: str, value: object, names: Names) -> str:
    if value is None or value == "":
        return NOTHING
    if isinstance(value, int) and value in names.get(column, {}):
        return names[column][value]
    return said(relation, column, value)
