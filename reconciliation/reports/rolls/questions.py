"""Questions inspectors ask, ready: each a name, a sentence and one statement; the answer is a roll, empty when nobody was found."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from beneficiaries.linkage.names import name_key
from beneficiaries.models.enrolments import PayeeKind
from beneficiaries.services.numbers import last_four
from reconciliation.reports.rolls.question_data import data_for
from reconciliation.reports.rolls.roll import Field, Roll
from reconciliation.reports.rolls.rows import rows_of
from reconciliation.reports.sentences import capitalised, day_text
from staff.models import AdministrativeUnit, User


@dataclass(frozen=True)
class Question:
    """`statement` gives code, full_name, unit_name, amount (đồng) and what was found, where it is about an account that account's sealed number too.

    `note`: what the answer does not show.
    """

    sentence: str
    statement: str
    note: str = ""
    order: str = "ORDER BY unit_name, full_name, code"


_PAID = """
    FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id AND p.status = 'POSTED' AND p.credited_on BETWEEN %(from_on)s AND %(to_on)s
    JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
    JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
"""
_WHOSE = " ".join(f"WHEN '{kind.value}' THEN '{kind.label.lower()}'" for kind in PayeeKind)

QUESTIONS: dict[str, Question] = {
    "paid-after-death": Question(
        "Chi cho tháng sau tháng người hưởng mất",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount, 'Mất ngày ' || to_char(r.deceased_on, 'DD/MM/YYYY') AS found
        {_PAID} JOIN beneficiaries_life r ON r.beneficiary_id = b.id AND e.kind = 'REGULAR'
        AND e.month > date_trunc('month', r.deceased_on)::date GROUP BY n.code, b.full_name, u.name, r.deceased_on""",
    ),
    "two-places": Question(
        "Một người được chi ở hai địa bàn trong cùng một tháng",
        f"""SELECT min(n.code) AS code, min(b.full_name) AS full_name, string_agg(DISTINCT u.name, ', ') AS unit_name, sum(e.amount)::bigint AS amount,
        'Tháng ' || to_char(e.month, 'MM/YYYY') || ', hồ sơ ' || string_agg(DISTINCT n.code, ', ') AS found
        {_PAID} WHERE e.kind = 'REGULAR' GROUP BY coalesce(b.same_as_id, b.id), e.month HAVING count(DISTINCT n.unit_id) > 1""",
    ),
    "two-programmes": Question(
        "Một người được chi theo hai chính sách trong cùng một tháng",
        f"""SELECT min(n.code) AS code, min(b.full_name) AS full_name, min(u.name) AS unit_name, sum(e.amount)::bigint AS amount,
        'Tháng ' || to_char(e.month, 'MM/YYYY') || ', hồ sơ ' || string_agg(DISTINCT n.code, ', ') AS found
        {_PAID} WHERE e.kind = 'REGULAR' GROUP BY coalesce(b.same_as_id, b.id), e.month HAVING count(DISTINCT n.programme_id) > 1""",
    ),
    "shared-account": Question(
        "Nhiều người nhận vào cùng một tài khoản",
        f"""WITH paid AS (
            SELECT a.number_id, n.id AS enrolment_id, n.beneficiary_id, sum(e.amount)::bigint AS amount
            {_PAID} JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id AND a.number_id IS NOT NULL GROUP BY 1, 2, 3
        ), held AS (
            SELECT DISTINCT ON (a.number_id, a.beneficiary_id) a.number_id, a.beneficiary_id, a.bank_bin, a.holder_kind, a.status,
                   coalesce(b.same_as_id, b.id) AS person, starts_with(u.path, %(scope)s) AS ours
            FROM beneficiaries_bankaccount a JOIN beneficiaries_beneficiary b ON b.id = a.beneficiary_id JOIN staff_administrativeunit u ON u.id = b.unit_id
            WHERE a.number_id IN (SELECT number_id FROM paid) ORDER BY a.number_id, a.beneficiary_id, a.id DESC
        ), shared AS (
            SELECT number_id, count(DISTINCT person) AS people, count(DISTINCT person) - count(DISTINCT person) FILTER (WHERE ours) AS elsewhere
            FROM held GROUP BY 1 HAVING count(DISTINCT person) > 1
        )
        SELECT n.code, b.full_name, u.name AS unit_name, coalesce(paid.amount, 0) AS amount, h.number_id, h.bank_bin, k.sealed, k.digest,
               s.people || ' người chung' || CASE WHEN s.elsewhere > 0 THEN ', ' || s.elsewhere || ' người ở địa bàn khác' ELSE '' END
               || '; ghi là của ' || CASE h.holder_kind {_WHOSE} END
               || CASE WHEN paid.amount IS NULL THEN '; kỳ này không được chi vào tài khoản này' ELSE '' END
               || CASE WHEN h.status = 'CLOSED' THEN '; nay đã đóng' ELSE '' END AS found
        FROM shared s JOIN held h ON h.number_id = s.number_id JOIN beneficiaries_accountnumber k ON k.id = s.number_id
        JOIN beneficiaries_beneficiary b ON b.id = h.beneficiary_id JOIN beneficiaries_enrolment n ON n.beneficiary_id = b.id
        JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
        LEFT JOIN paid ON paid.number_id = s.number_id AND paid.enrolment_id = n.id
        WHERE paid.amount IS NOT NULL
           OR (n.id = (SELECT max(o.id) FROM beneficiaries_enrolment o WHERE o.beneficiary_id = b.id)
               AND NOT EXISTS (SELECT 1 FROM paid o WHERE o.number_id = s.number_id AND o.beneficiary_id = b.id))""",
        note="Liệt kê mọi người đang hoặc đã khai tài khoản ấy, theo từng tài khoản; hai hồ sơ của một người tính là một người.",
        order="ORDER BY number_id, unit_name, full_name, code",
    ),
    "account-changed-late": Question(
        "Tài khoản nhận tiền được đổi trong vòng 30 ngày trước ngày chi",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount,
        'Đổi ngày ' || to_char(v.at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY') || coalesce(', người ghi ' || w.full_name, '')
        || ', chi ' || to_char(min(p.credited_on), 'DD/MM/YYYY') AS found
        {_PAID} JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id
        JOIN LATERAL (SELECT h.recorded_at AS at, h.changed_by_id FROM beneficiaries_accountevent h WHERE h.account_id = a.id ORDER BY h.id LIMIT 1) v
        ON p.credited_on BETWEEN (v.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AND (v.at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date + 30
        LEFT JOIN staff_user w ON w.id = v.changed_by_id
        WHERE EXISTS (SELECT 1 FROM beneficiaries_bankaccount o JOIN beneficiaries_accountevent h ON h.account_id = o.id AND h.recorded_at < v.at
                      WHERE o.beneficiary_id = a.beneficiary_id AND o.id <> a.id AND o.number_id IS DISTINCT FROM a.number_id AND o.number_id IS NOT NULL)
        GROUP BY n.code, b.full_name, u.name, v.at, w.full_name""",
        note="Tài khoản đầu tiên của một người không phải là đổi tài khoản nên không có ở đây.",
    ),
    "paid-without-decision": Question(
        "Được chi nhưng không có quyết định hưởng",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount, 'Không có quyết định nào' AS found
        {_PAID} WHERE NOT EXISTS (SELECT 1 FROM beneficiaries_decision d WHERE d.enrolment_id = n.id) GROUP BY n.code, b.full_name, u.name""",
    ),
    "unclaimed": Question(
        "Tiền mặt không đến nhận từ hai tháng trở lên",
        """SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount, count(DISTINCT e.month) || ' tháng chưa nhận' AS found
        FROM payments_entitlement e JOIN payments_payment p ON p.id = e.payment_id AND p.status = 'FAILED'
        JOIN payments_paymentbatch t ON t.id = p.batch_id AND t.channel = 'CASH'
        JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id JOIN beneficiaries_beneficiary b ON b.id = n.beneficiary_id
        JOIN staff_administrativeunit u ON u.id = n.unit_id AND starts_with(u.path, %(scope)s)
        WHERE e.month BETWEEN %(from_on)s AND %(to_on)s GROUP BY n.code, b.full_name, u.name HAVING count(DISTINCT e.month) >= 2""",
    ),
    "staff-agent": Question(
        "Người được ủy quyền nhận thay trùng họ tên với cán bộ cùng địa bàn",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount,
        'Người nhận thay ' || r.full_name || ', giấy ủy quyền ' || r.paper_number AS found
        {_PAID} JOIN beneficiaries_payeerelation r ON r.beneficiary_id = b.id AND r.kind = 'AUTHORISED' AND r.valid_from <= p.credited_on
        AND r.valid_until >= p.credited_on AND (r.ended_on IS NULL OR r.ended_on > p.credited_on)
        WHERE EXISTS (SELECT 1 FROM unnest(%(staff)s::text[], %(paths)s::text[]) AS s(key, path)
                      WHERE s.key = r.name_key AND (starts_with(u.path, s.path) OR starts_with(s.path, u.path)))
        GROUP BY n.code, b.full_name, u.name, r.id""",
        note="Hệ thống không giữ số định danh của cán bộ, nên đây là trùng họ tên, cần xác minh từng người.",
    ),
    "age-passed": Question(
        "Vẫn được chi theo nhóm cũ sau tháng đủ tuổi phải thay đổi",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount,
        'Đủ ' || a.age || ' tuổi ngày ' || to_char(a.reached_on, 'DD/MM/YYYY') || ', được chi ' || count(DISTINCT e.month) || ' tháng sau đó' AS found
        {_PAID} JOIN (
            SELECT m.id AS enrolment_id, c.age,
                   (coalesce(q.birth_date, make_date(q.birth_year, %(month)s, 1)) + make_interval(years => c.age::int))::date AS reached_on
            FROM beneficiaries_enrolment m JOIN beneficiaries_beneficiary q ON q.id = m.beneficiary_id AND q.birth_year IS NOT NULL
            JOIN beneficiaries_agechange c ON c.category_id = m.category_id) a
        ON a.enrolment_id = n.id AND e.kind = 'REGULAR' AND e.month > a.reached_on GROUP BY n.code, b.full_name, u.name, a.age, a.reached_on""",
        note="Người không rõ năm sinh không kiểm tra được. Người chỉ biết năm sinh được tính theo tháng quy ước.",
    ),
    "changed-after-signing": Question(
        "Tài khoản hoặc hồ sơ thay đổi sau khi danh sách được trình ký, trước khi tiền được ghi có",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount,
        'Trình ký ' || to_char(min(signed.at) AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI') || ', sau đó đổi ' || string_agg(DISTINCT t.what, ', ')
        AS found
        {_PAID} JOIN LATERAL (SELECT h.id, h.at FROM staff_historyrow h WHERE h.relation = 'payments_paymentbatch' AND h.row_id = p.batch_id
                              AND h.changes -> 'status' ->> 1 = 'SUBMITTED' ORDER BY h.id DESC LIMIT 1) signed ON true
        JOIN LATERAL (SELECT h.id FROM staff_historyrow h WHERE h.relation = 'payments_payment' AND h.row_id = p.id
                      AND h.changes -> 'status' ->> 1 = 'POSTED' ORDER BY h.id DESC LIMIT 1) posted ON true
        JOIN LATERAL (
            SELECT 'tài khoản nhận tiền' AS what FROM staff_historyrow h
            WHERE h.relation = 'beneficiaries_bankaccount' AND h.row_id = p.bank_account_id AND h.id BETWEEN signed.id AND posted.id
              AND h.changes ?| ARRAY['status', 'reason', 'holder_kind']
            UNION ALL SELECT 'hồ sơ hưởng' FROM staff_historyrow h
            WHERE h.relation = 'beneficiaries_enrolment' AND h.row_id = n.id AND h.id BETWEEN signed.id AND posted.id
              AND h.changes ?| ARRAY['beneficiary_id', 'category_id', 'unit_id', 'coefficient', 'ended_month', 'suspended_month', 'payee_kind']
        ) t ON true GROUP BY n.code, b.full_name, u.name""",
        note="Theo nhật ký hệ thống. Người bị rút tên sau khi ký không có ở đây vì không được chi; xem phiếu rút tên.",
    ),
    "in-prison": Question(
        "Được chi trong thời gian chấp hành án phạt tù",
        f"""SELECT n.code, b.full_name, u.name AS unit_name, sum(e.amount)::bigint AS amount,
        'Chấp hành án từ ' || to_char(s.from_on, 'DD/MM/YYYY') || coalesce(' đến ' || to_char(s.until_on, 'DD/MM/YYYY'), ', danh sách chưa ghi ngày về')
        || coalesce(', ' || nullif(s.paper, ''), '') || '; ' || count(DISTINCT e.month) || ' tháng'
        || CASE WHEN s.by_name THEN '; khớp họ tên và ngày sinh, cần xác minh' ELSE '' END AS found
        {_PAID} JOIN (
            SELECT DISTINCT ON (coalesce(o.same_as_id, o.id), t.from_on) coalesce(o.same_as_id, o.id) AS person, t.from_on, t.until_on, t.paper, t.by_name
            FROM reconciliation_prisonstay t JOIN reconciliation_prisonlist l ON l.id = t.prison_list_id
            JOIN beneficiaries_beneficiary o ON o.id = t.beneficiary_id
            ORDER BY coalesce(o.same_as_id, o.id), t.from_on, l.until_on DESC, l.id DESC, t.by_name) s
        ON s.person = coalesce(b.same_as_id, b.id) AND e.kind = 'REGULAR'
        AND e.month >= s.from_on AND e.month <= coalesce(s.until_on, 'infinity'::date)
        GROUP BY n.code, b.full_name, u.name, s.from_on, s.until_on, s.paper, s.by_name""",
        note="Tính những tháng mà ngày đầu tháng nằm trong thời gian chấp hành án. Người chưa ghi ngày về được coi là chưa về.",
    ),
}  # fmt: skip
_FIELDS = (
    Field("STT", 4), Field("Mã hồ sơ", 14), Field("Họ và tên", 26), Field("Địa bàn", 26), Field("Số tiền", 14, money=True, summed=True),
    Field("Phát hiện", 44),
)  # fmt: skip


def answer(*, question: str, unit: AdministrativeUnit, from_on: date, to_on: date, now: datetime) -> Roll:
    """Who was found below the unit, for money credited in the period. Raises KeyError for a question there is not."""
    asked = QUESTIONS[question]
    rows = rows_of(f"{asked.statement} {asked.order}", _given(unit, from_on=from_on, to_on=to_on))
    data = data_for(question, unit=unit, from_on=from_on, to_on=to_on)
    return Roll(
        name=f"{question}-{unit.code}-{to_on.isoformat()}", agency=f"UBND {unit.name}", title=asked.sentence.upper(),
        lines_below_title=(f"{capitalised(unit.name)}, từ ngày {day_text(from_on)} đến ngày {day_text(to_on)}",), fields=_FIELDS,
        cells=tuple((nth, row["code"], row["full_name"], row["unit_name"], row["amount"], _found(row)) for nth, row in enumerate(rows, start=1)),
        made_at=now, counted="dòng", notes=tuple(filter(None, (*data.missing, f"Nguồn: {data.rests_on}", asked.note))),
    )  # fmt: skip


def _found(row: dict[str, Any]) -> str:
    """Which account it is about is told by its last four digits and no more."""
    if "sealed" not in row:
        return str(row["found"])
    return f"Tài khoản …{last_four(row['sealed'], bank_bin=row['bank_bin'], digest=row['digest'])}, {row['found']}"


def _given(unit: AdministrativeUnit, *, from_on: date, to_on: date) -> dict[str, object]:
    staff = [
        (name_key(name), path)
        for name, path in User.objects.filter(unit__isnull=False).values_list("full_name", "unit__path")
    ]
    return {
        "scope": unit.path, "from_on": from_on, "to_on": to_on, "month": settings.BIRTH_YEAR_ONLY_MONTH,
        "staff": [key for key, _ in staff], "paths": [path for _, path in staff],
    }  # fmt: skip
