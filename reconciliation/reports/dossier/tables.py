"""The tables of a dossier that are no monthly list: one statement and one row of headings each."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from beneficiaries.models import Decision, Reason
from payments.models import FundTransfer, RemovalSlip
from payments.states import BatchStatus, FileStatus, Step
from reconciliation.reports.dossier.lists import LISTS
from reconciliation.reports.rolls.roll import Field, Roll, Value
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.sentences import capitalised
from staff.models import AdministrativeUnit

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """`statement` gives rows by name; `cells` turns one into the values after the ordinal."""

    key: str
    title: str
    statement: str
    fields: tuple[Field, ...]
    cells: Callable[[Row], tuple[Value, ...]]
    counted: str = "dòng"


def table_roll(table: Table, *, unit: AdministrativeUnit, month: date, now: datetime, **more: Any) -> Roll:
    """The table for a unit and month; parameters of the statement are `scope`, `month` and whatever more is given."""
    rows = rows_of(table.statement, {"scope": unit.path, "month": month, **more})
    return Roll(
        name=f"{table.key}-{month:%Y-%m}-{unit.code}", agency=f"UBND {unit.name}", title=f"{table.title} THÁNG {month.month} NĂM {month.year}",
        lines_below_title=(capitalised(unit.name),), fields=(Field("STT", 4), *table.fields), made_at=now, counted=table.counted,
        cells=tuple((nth, *table.cells(row)) for nth, row in enumerate(rows, start=1)),
    )  # fmt: skip


def _day(value: date | None) -> str:
    return f"{value:%d/%m/%Y}" if value else ""


def _moment(value: datetime | None) -> str:
    return f"{value:%d/%m/%Y %H:%M}" if value else ""


def _signers(signatures: str) -> str:
    """Who signed a PDF digitally; empty for a scan."""
    return ", ".join(str(each["signer"]) for each in json.loads(signatures))


def _step(row: Row) -> str:
    """The title a signature was given under, else the step's name."""
    return str(row["signed_as"] or (Step(row["step"]).label if row["step"] else "Chưa ký"))


def _order(what: str) -> str:
    """Kinds of transfers are codes, everything else is said as it is."""
    return str(FundTransfer.Kind(what).label) if what in FundTransfer.Kind else what


DECISIONS = Table(
    "quyet-dinh", "QUYẾT ĐỊNH CÓ HIỆU LỰC TỪ",
    """SELECT d.number, d.signed_on, beneficiaries_signer_of(d.id, d.signer) AS signer, d.kind, n.code, b.full_name,
    u.name AS unit_name, CASE WHEN k.sensitive THEN '' ELSE d.reason END AS reason
    FROM beneficiaries_decision d JOIN beneficiaries_enrolment n ON n.id = d.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN beneficiaries_benefitcategory k ON k.id = n.category_id
    JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
    WHERE d.effective_month = %(month)s ORDER BY u.path, d.signed_on, d.number, n.code""",
    (Field("Số quyết định", 18), Field("Ngày ký", 10), Field("Người ký", 20), Field("Loại", 22), Field("Mã hồ sơ", 13), Field("Họ và tên", 24),
     Field("Xã, phường", 18), Field("Lý do", 24)),
    lambda row: (row["number"], _day(row["signed_on"]), row["signer"] or "chưa rõ người ký", str(Decision.Kind(row["kind"]).label), row["code"],
                 row["full_name"], capitalised(row["unit_name"]), row["reason"]),
)  # fmt: skip
SIGNATURES = Table(
    "trinh-tu-ky", "TRÌNH TỰ KÝ CÁC DANH SÁCH",
    LISTS + """SELECT l.label, l.status, s.revision, s.step, s.signed_as, w.full_name, s.digest, s.signed_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS signed_at
    FROM lists l LEFT JOIN payments_signature s ON s.batch_id = l.id LEFT JOIN staff_user w ON w.id = s.signer_id
    ORDER BY l.label, l.id, s.revision, s.id""",
    (Field("Danh sách", 46), Field("Tình trạng", 16), Field("Lần", 3), Field("Bước", 20), Field("Người ký", 24), Field("Ký lúc", 16),
     Field("Mã toàn vẹn", 16)),
    lambda row: (row["label"], str(BatchStatus(row["status"]).label), row["revision"] or "", _step(row),
                 row["full_name"] or "", _moment(row["signed_at"]), (row["digest"] or "")[:16]),
)  # fmt: skip
ORDERS = Table(
    "lenh-chi", "LỆNH CHI, CHỨNG TỪ KHO BẠC, CHUYỂN TIỀN CỦA",
    LISTS + """SELECT * FROM (
        SELECT 1 AS nth, l.label, 'Chứng từ Kho bạc' AS what, v.number, v.dated_on, NULL::bigint AS count, NULL::bigint AS amount, '' AS code
        FROM lists l JOIN payments_treasuryvoucher v ON v.batch_id = l.id
        UNION ALL SELECT 2, l.label, 'Tệp lệnh chi (pain.001)', f.message_id, (f.built_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.count, f.total, f.status
        FROM lists l JOIN payments_paymentfile f ON f.batch_id = l.id
        UNION ALL SELECT 3, o.label, 'Lệnh chi từng khoản qua API', 'mã ' || min(o.end_to_end_id) || ' đến ' || max(o.end_to_end_id),
               min((o.first_used_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), count(*), sum(o.amount)::bigint, ''
        FROM own o WHERE o.channel = 'ACCOUNT' AND o.file_id IS NULL AND o.first_used_at IS NOT NULL GROUP BY o.batch_id, o.label
        UNION ALL SELECT 4, l.label, 'Giao danh sách tiền mặt', '', min((o.status_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date), count(*),
               sum(o.amount)::bigint, ''
        FROM lists l JOIN own o ON o.batch_id = l.id WHERE l.channel = 'CASH' AND o.status NOT IN ('DRAFT', 'READY', 'CANCELLED') GROUP BY l.id, l.label
        UNION ALL SELECT 5, coalesce(l.label, 'Tài khoản ' || a.code), x.kind, coalesce(nullif(x.treasury_number, ''), x.reference),
               x.booked_on, NULL, x.amount, x.kind
        FROM payments_fundtransfer x JOIN payments_fundingaccount a ON a.id = x.funding_account_id LEFT JOIN lists l ON l.id = x.batch_id
        WHERE x.funding_account_id IN (SELECT funding_account_id FROM lists) AND (l.id IS NOT NULL OR (x.batch_id IS NULL
              AND date_trunc('month', x.booked_on)::date = %(month)s))
    ) z ORDER BY nth, label, dated_on, number""",
    (Field("Chứng từ", 30), Field("Số, mã", 36), Field("Ngày", 10), Field("Danh sách", 46), Field("Số khoản", 9, money=True),
     Field("Số tiền", 16, money=True), Field("Tình trạng", 16)),
    lambda row: (_order(row["what"]), row["number"], _day(row["dated_on"]), row["label"],
                 row["count"] if row["count"] is not None else "", row["amount"] if row["amount"] is not None else "",
                 str(FileStatus(row["code"]).label) if row["code"] in FileStatus else ""),
    counted="chứng từ",
)  # fmt: skip
STATEMENTS = Table(
    "sao-ke", "SAO KÊ CÁC NGÀY CHI TRẢ CỦA",
    LISTS + """, days AS (
        SELECT l.funding_account_id, min(o.credited_on) AS first, max(greatest(o.credited_on, o.returned_on)) AS last
        FROM lists l JOIN own o ON o.batch_id = l.id WHERE l.funding_account_id IS NOT NULL GROUP BY 1)
    SELECT a.code, s.statement_id, s.sequence_number, s.from_on, s.to_on, s.opening, s.closing, s.line_count,
           count(DISTINCT m.line_id) AS matched, count(DISTINCT m.line_id) FILTER (WHERE m.payment_id IN (SELECT id FROM own)) AS ours
    FROM days d JOIN payments_fundingaccount a ON a.id = d.funding_account_id
    JOIN reconciliation_statement s ON s.funding_account_id = a.id AND s.from_on <= d.last AND s.to_on >= d.first
    LEFT JOIN reconciliation_statementline i ON i.statement_id = s.id LEFT JOIN reconciliation_livematch m ON m.line_id = i.id
    GROUP BY a.code, s.id ORDER BY a.code, s.from_on, s.id""",
    (Field("Tài khoản chi trả", 16), Field("Mã sao kê", 28), Field("Số", 5), Field("Từ ngày", 10), Field("Đến ngày", 10),
     Field("Dư đầu", 16, money=True), Field("Dư cuối", 16, money=True), Field("Số dòng", 8, money=True), Field("Đã đối chiếu", 8, money=True),
     Field("Dòng của danh sách tháng này", 12, money=True)),
    lambda row: (row["code"], row["statement_id"], str(row["sequence_number"] or ""), _day(row["from_on"]), _day(row["to_on"]), row["opening"],
                 row["closing"], row["line_count"], row["matched"], row["ours"]),
    counted="sao kê",
)  # fmt: skip
RESULTS = Table(
    "ket-qua", "KẾT QUẢ CHI TRẢ",
    LISTS + """SELECT label, count(*) FILTER (WHERE status <> 'CANCELLED') AS people,
           coalesce(sum(amount) FILTER (WHERE status <> 'CANCELLED'), 0)::bigint AS amount,
           count(*) FILTER (WHERE status = 'POSTED') AS paid, coalesce(sum(amount) FILTER (WHERE status = 'POSTED'), 0)::bigint AS paid_amount,
           count(*) FILTER (WHERE status IN ('DRAFT', 'READY', 'SENT', 'PROCESSING')) AS waiting,
           count(*) FILTER (WHERE status = 'FAILED') AS failed, count(*) FILTER (WHERE status = 'RETURNED') AS returned,
           coalesce(sum(amount) FILTER (WHERE status IN ('FAILED', 'RETURNED')), 0)::bigint AS unpaid_amount,
           count(*) FILTER (WHERE status = 'CANCELLED') AS stopped
    FROM own GROUP BY batch_id, label ORDER BY label""",
    (Field("Danh sách", 46), Field("Số khoản", 9, money=True), Field("Số tiền", 16, money=True), Field("Đã chi", 9, money=True),
     Field("Số tiền đã chi", 16, money=True, summed=True), Field("Đang chuyển", 9, money=True), Field("Không chi được", 9, money=True),
     Field("Hoàn trả", 9, money=True), Field("Số tiền chưa chi", 16, money=True), Field("Đã rút tên", 9, money=True)),
    lambda row: (row["label"], row["people"], row["amount"], row["paid"], row["paid_amount"], row["waiting"], row["failed"], row["returned"],
                 row["unpaid_amount"], row["stopped"]),
    counted="danh sách",
)  # fmt: skip
RETURNS = Table(
    "hoan-tra", "CÁC KHOẢN NGÂN HÀNG HOÀN TRẢ CỦA",
    LISTS + """SELECT o.full_name, o.unit_name, o.label, o.amount, o.credited_on, o.returned_on, coalesce(nullif(a.reason, ''), 'RETURNED') AS reason
    FROM own o LEFT JOIN beneficiaries_bankaccount a ON a.id = o.bank_account_id WHERE o.status = 'RETURNED'
    ORDER BY o.returned_on, o.unit_name, o.full_name, o.id""",
    (Field("Họ và tên", 24), Field("Xã, phường", 18), Field("Danh sách", 46), Field("Số tiền", 14, money=True, summed=True),
     Field("Ngày ghi có", 10), Field("Ngày hoàn trả", 10), Field("Lý do", 30)),
    lambda row: (row["full_name"], capitalised(row["unit_name"]), row["label"], row["amount"], _day(row["credited_on"]), _day(row["returned_on"]),
                 str(Reason(row["reason"]).label) if row["reason"] in Reason else "Ngân hàng hoàn trả"),
    counted="khoản",
)  # fmt: skip
SLIPS = Table(
    "rut-ten", "PHIẾU RÚT TÊN KHỎI DANH SÁCH",
    LISTS + """SELECT o.full_name, o.unit_name, o.label, o.amount, s.ground, s.reason, s.document_number, w.full_name AS asked_by,
           s.requested_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS requested_at, s.refused_at IS NOT NULL AS refused, count(x.id) AS signed
    FROM own o JOIN payments_removalslip s ON s.payment_id = o.id LEFT JOIN staff_user w ON w.id = s.requested_by_id
    LEFT JOIN payments_slipsignature x ON x.slip_id = s.id
    GROUP BY o.id, o.full_name, o.unit_name, o.label, o.amount, s.id, w.full_name ORDER BY s.requested_at, s.id""",
    (Field("Họ và tên", 24), Field("Xã, phường", 18), Field("Danh sách", 40), Field("Số tiền", 12, money=True), Field("Căn cứ", 30),
     Field("Người đề nghị", 20), Field("Lúc", 16), Field("Chữ ký", 14)),
    lambda row: (row["full_name"], capitalised(row["unit_name"]), row["label"], row["amount"],
                 ", ".join(part for part in (str(RemovalSlip.Ground(row["ground"]).label), row["reason"], row["document_number"]) if part),
                 row["asked_by"] or "Hệ thống", _moment(row["requested_at"]), "Không chấp nhận" if row["refused"] else f"{row['signed']}/2"),
    counted="phiếu",
)  # fmt: skip
PAPERS = Table(
    "ban-da-ky", "BẢN ĐÃ KÝ CỦA CÁC DANH SÁCH",
    LISTS + """SELECT l.label, s.kind, s.content_digest, s.signatures, w.full_name, s.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS received_at,
           s.media_type, s.id
    FROM lists l JOIN payments_signedpaper s ON s.batch_id = l.id AND s.revision = l.revision JOIN staff_user w ON w.id = s.received_by_id
    ORDER BY l.label, s.id""",
    (Field("Danh sách", 46), Field("Bản", 24), Field("Người ký số", 40), Field("Nhận bởi", 22), Field("Lúc", 16), Field("SHA-256 của tệp", 16)),
    lambda row: (row["label"], "Bản quét" if row["kind"] == "SCAN" else "PDF ký số", _signers(row["signatures"]), row["full_name"], _moment(row["received_at"]),
                 row["content_digest"][:16]),
    counted="bản",
)  # fmt: skip
