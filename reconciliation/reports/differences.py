"""What keeps a report from tying out, each as a sentence: a report with one of these is printed as a draft that names it on page one."""

from payments.money import format_amount
from reconciliation.reports.counting import Counts, Row


def find_differences(*, total: Counts, units: list[Row], checks: Counts, gap_people: int) -> list[dict[str, str]]:
    """The differences of one report as `{code, sentence}`; empty when it ties out."""
    found: list[dict[str, str]] = []

    def name(code: str, sentence: str) -> None:
        found.append({"code": code, "sentence": sentence})

    answered = total["paid_cashless"] + total["paid_in_cash"] + total["in_flight"] + total["unpaid"]
    if answered != total["beneficiaries"]:
        name(
            "ANSWERS",
            f"Tổng số đối tượng (1) là {format_amount(total['beneficiaries'])} người, tổng các cột (9)+(13)+(15)+(16) là {format_amount(answered)} người, "
            f"lệch {format_amount(abs(total['beneficiaries'] - answered))} người.",
        )
    if checks["paid_without_known_account"]:
        name(
            "NO_KNOWN_ACCOUNT",
            f"{format_amount(checks['paid_without_known_account'])} người đã được chi qua tài khoản nhưng không có tài khoản đang mở tại thời điểm "
            "chốt số liệu (tài khoản đã đóng, hoặc thiếu ngày mở).",
        )
    for unit in units:
        if (
            unit["paid_cashless"]
            + unit["paid_in_cash"]
            + unit["in_flight"]
            + unit["unpaid"]
            + unit["paid_without_known_account"]
            != unit["beneficiaries"]
        ):
            name("UNIT", f"Số liệu của {unit['name']} không khớp giữa cột (1) và các cột (9), (13), (15), (16).")
    holders = total["accounts_own"] + total["accounts_guardian"] + total["accounts_authorised"]
    if holders != total["accounts"]:
        name(
            "HOLDERS",
            f"Cột (2) là {format_amount(total['accounts'])}, tổng các cột (3)+(4)+(5) là {format_amount(holders)}.",
        )
    if gap_people != total["accounts"] - total["paid_cashless"]:
        name("GAP", "Tổng số người ở Biểu 04 khác hiệu của cột (2) và cột (9) ở Biểu 01.")
    if checks["unexplained_payments"]:
        name(
            "ENTITLEMENTS",
            f"{format_amount(checks['unexplained_payments'])} khoản chi có số tiền khác tổng mức hưởng ghi trên khoản đó, "
            f"lệch {format_amount(checks['unexplained_money'])} đồng.",
        )
    if checks["credited_without_a_day"]:
        name(
            "NO_DAY", f"{format_amount(checks['credited_without_a_day'])} khoản chi đã ghi có nhưng thiếu ngày ghi có."
        )
    if checks["open_discrepancies"]:
        name(
            "DISCREPANCIES",
            f"Còn {format_amount(checks['open_discrepancies'])} chênh lệch với sao kê ngân hàng của kỳ này chưa xử lý.",
        )
    return found
