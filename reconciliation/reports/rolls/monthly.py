"""Monthly lists by account and in cash, one per commune and programme, in the columns of the circular's form; sorted by given name."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from beneficiaries.models import PayeeKind, Programme
from beneficiaries.services.accounts.banks import bank_name
from beneficiaries.services.numbers import listed_account_number, listed_identity_number
from payments.services.lists.budget_codes import codes_text
from payments.states import Channel
from reconciliation.reports.letterhead import place_of
from reconciliation.reports.rolls.roll import Field, Roll, Value
from reconciliation.reports.rolls.rows import rows_of
from staff.models import AdministrativeUnit

# One row per payment, as it stands on its list. An entitlement of an older cycle was carried over; one that corrects another is arrears.
_LINES = """
SELECT u.code AS unit_code, u.name AS unit_name, g.code AS programme, g.name AS programme_name, g.kind AS programme_kind, t.channel, t.budget_source,
       g.id AS programme_id, u.path AS unit_path,
       v.name AS provider, t.status AS list_status,
       min(n.code) AS code, b.full_name, b.birth_date, b.birth_year, b.hamlet, i.sealed AS identity, i.digest AS identity_digest,
       string_agg(DISTINCT k.neutral_code, ', ') AS categories,
       string_agg(DISTINCT trim_scale(e.coefficient)::text, ', ') AS coefficients,
       coalesce(sum(e.amount) FILTER (WHERE e.cycle_id = t.cycle_id AND e.corrects_id IS NULL AND e.month = c.month), 0)::bigint AS this_month,
       coalesce(sum(e.amount) FILTER (WHERE e.cycle_id = t.cycle_id AND (e.corrects_id IS NOT NULL OR e.month <> c.month)), 0)::bigint AS arrears,
       min(e.month) FILTER (WHERE e.cycle_id = t.cycle_id AND (e.corrects_id IS NOT NULL OR e.month <> c.month)) AS arrears_from,
       max(e.month) FILTER (WHERE e.cycle_id = t.cycle_id AND (e.corrects_id IS NOT NULL OR e.month <> c.month)) AS arrears_to,
       coalesce(sum(e.amount) FILTER (WHERE e.cycle_id <> t.cycle_id), 0)::bigint AS carried,
       p.amount, x.deducted, p.payee_name, min(n.payee_kind) AS payee_kind, p.end_to_end_id, a.bank_bin, m.sealed AS account, m.digest AS account_digest,
       min(d.number) AS decision, min(d.signed_on) AS decided_on
FROM payments_payment p JOIN payments_paymentbatch t ON t.id = p.batch_id AND t.status <> 'CANCELLED'
JOIN payments_cycle c ON c.id = t.cycle_id AND c.month = %(month)s
LEFT JOIN payments_handover h ON h.batch_id = t.id LEFT JOIN payments_provider v ON v.id = h.provider_id
JOIN payments_entitlement e ON e.payment_id = p.id JOIN beneficiaries_enrolment n ON n.id = e.enrolment_id
JOIN beneficiaries_benefitcategory k ON k.id = n.category_id JOIN beneficiaries_programme g ON g.id = t.programme_id
JOIN beneficiaries_beneficiary b ON b.id = p.beneficiary_id LEFT JOIN beneficiaries_identitynumber i ON i.id = b.number_id
JOIN staff_administrativeunit u ON u.id = b.unit_id AND starts_with(u.path, %(scope)s) AND u.id = coalesce(%(unit)s, u.id)
LEFT JOIN beneficiaries_bankaccount a ON a.id = p.bank_account_id LEFT JOIN beneficiaries_accountnumber m ON m.id = a.number_id
LEFT JOIN LATERAL (SELECT number, signed_on FROM beneficiaries_decision x WHERE x.enrolment_id = n.id AND x.kind IN ('GRANT', 'ADJUST', 'TRANSFER_IN')
                   AND x.effective_month <= c.month ORDER BY x.effective_month DESC, x.id DESC LIMIT 1) d ON true
CROSS JOIN LATERAL (SELECT coalesce(sum(y.amount), 0)::bigint AS deducted FROM payments_deduction y WHERE y.payment_id = p.id) x
WHERE p.status <> 'CANCELLED' AND t.channel = %(channel)s
GROUP BY u.path, u.code, u.name, g.id, g.code, g.name, g.kind, t.id, v.name, c.month, p.id, b.id, i.id, a.id, m.id, x.deducted
ORDER BY u.path, g.code, b.sort_key COLLATE "C", p.id
"""
_FIELDS = (
    Field("STT", 4),
    Field("Mã hồ sơ hưởng", 12),
    Field("Họ và tên người hưởng", 17),
    Field("Ngày sinh", 10),
    Field("Số định danh cá nhân", 12),
    Field("Thôn, tổ dân phố", 12),
    Field("Số, ngày quyết định", 12),
    Field("Mã nhóm", 8),
    Field("Hệ số", 4),
    Field("Mức tháng này", 10, money=True, summed=True),
    Field("Truy lĩnh", 10, money=True, summed=True),
    Field("Truy lĩnh từ – đến tháng", 7),
    Field("Tháng trước chưa nhận chuyển sang", 10, money=True, summed=True),
    Field("Giảm trừ theo QĐ thu hồi", 7, money=True, summed=True),
    Field("Tổng số được nhận", 10, money=True, summed=True),
    Field("Người nhận thay (quan hệ)", 14),
    Field("Số tài khoản – Ngân hàng", 15),
    Field("Ghi chú", 7),
)
_LISTED = (
    ("NGƯỜI LẬP", "(Ký, họ tên)"),
    ("KẾ TOÁN TRƯỞNG", "(Ký, họ tên)"),
    ("THỦ TRƯỞNG ĐƠN VỊ", "(Ký, họ tên, đóng dấu)"),
)
_CASH = (("NGƯỜI CHI TIỀN", "(Ký, họ tên)"), ("NGƯỜI CHỨNG KIẾN", "(khi điểm chỉ)"))
_FORM = {Channel.ACCOUNT: "chuyển khoản", Channel.CASH: "chi trực tiếp bằng tiền mặt"}

_SHORT = {Channel.ACCOUNT: "tai-khoan", Channel.CASH: "tien-mat"}


def monthly_rolls(
    *, unit: AdministrativeUnit, month: date, channel: Channel, now: datetime, below: bool = True
) -> Iterator[Roll]:
    """One roll per commune and programme of the unit (and all `below` it) that has payments of the month's cycle through the channel."""
    given = {"month": month, "scope": unit.path, "unit": None if below else unit.pk, "channel": channel.value}
    rows = rows_of(_LINES, given)
    for _, members in groupby(rows, key=lambda row: (row["unit_code"], row["programme"])):
        yield _roll(list(members), month=month, channel=channel, now=now)


def fields_of(channel: Channel, *, funeral: bool = False) -> tuple[Field, ...]:
    """The columns of the circular's form: where the account stands on one list, people sign on the other; whom a funeral allowance goes to."""
    named = list(_FIELDS)
    if channel == Channel.CASH:
        named[16] = replace(named[16], heading="Ký nhận")
    if funeral:
        named[2] = replace(named[2], heading="Họ và tên người mất")
        named[15] = replace(named[15], heading="Người lo mai táng")
    return tuple(named)


def _roll(rows: list[dict[str, Any]], *, month: date, channel: Channel, now: datetime) -> Roll:
    first = rows[0]
    draft = any(row["list_status"] in ("DRAFT", "SUBMITTED", "APPROVED") for row in rows)
    providers = ", ".join(sorted({row["provider"] for row in rows if row["provider"]}))
    codes = codes_text(
        unit=AdministrativeUnit(path=first["unit_path"]), programme_id=first["programme_id"], budget_source=first["budget_source"], year=month.year
    )  # fmt: skip
    place = f" – Điểm chi trả: {first['unit_name']}" if channel == Channel.CASH else ""
    return Roll(
        name=f"danh-sach-{_SHORT[channel]}-{month:%Y-%m}-{first['unit_code']}-{first['programme'].lower()}",
        agency=f"UBND {first['unit_name']}", subject=first["programme_name"],
        title=f"DANH SÁCH CHI TRẢ {first['programme_name'].upper()} THÁNG {month.month} NĂM {month.year}",
        lines_below_title=(
            f"Hình thức: {_FORM[channel]}{place}",
            "(Kèm theo Quyết định số …… ngày ……)" + (" · BẢN DỰ THẢO, CHƯA DUYỆT CHI" if draft else ""),
            f"Nguồn kinh phí: {first['budget_source']} · {codes} · Tổ chức dịch vụ chi trả: {providers or '……'}",
        ),
        fields=fields_of(channel, funeral=first["programme_kind"] == Programme.Kind.FUNERAL),
        cells=tuple(_cells(nth, row, channel=channel) for nth, row in enumerate(rows, start=1)),
        editable=first["programme_kind"] == Programme.Kind.FUNERAL, made_at=now, place=place_of(first["unit_name"]),
        signatures=(*(_CASH if channel == Channel.CASH else ()), *_LISTED),
    )  # fmt: skip


def _cells(nth: int, row: dict[str, Any], *, channel: Channel) -> tuple[Value, ...]:
    birth = f"{row['birth_date']:%d/%m/%Y}" if row["birth_date"] else str(row["birth_year"] or "")
    decision = f"{row['decision']} {row['decided_on']:%d/%m/%Y}" if row["decision"] else ""
    months = f"{row['arrears_from']:%m/%Y} {row['arrears_to']:%m/%Y}" if row["arrears_from"] else ""
    other = row["payee_name"] != row["full_name"]
    payee = f"{row['payee_name']} ({str(PayeeKind(row['payee_kind']).label).lower()})" if other else ""
    identity = listed_identity_number(row["identity"], digest=row["identity_digest"]) if row["identity"] else ""
    account = ""
    if channel == Channel.ACCOUNT and row["account"] is not None:
        number = listed_account_number(row["account"], bank_bin=row["bank_bin"], digest=row["account_digest"])
        account = f"{number} {bank_name(row['bank_bin'])}"
    return (
        nth, row["code"], row["full_name"], birth, identity, row["hamlet"], decision,
        row["categories"], row["coefficients"].replace(".", ","), row["this_month"], row["arrears"], months, row["carried"], row["deducted"], row["amount"],
        payee, account, "",
    )  # fmt: skip
