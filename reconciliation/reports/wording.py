"""The report's sentences, every value from the snapshot (form: Decree 30/2020)."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from payments.money import format_amount, format_percent, percent
from reconciliation.reports.obstacles import (
    write_causes,
    write_obstacles,
    write_proposals,
    write_quality,
    write_tasks,
)
from reconciliation.reports.sentences import (
    amount_in_words,
    day_text,
    decimal_text,
    people_text,
    period_text,
    period_title,
)
from reconciliation.reports.tables.table import Figures, whole_label
from staff.time_zone import VIETNAM

_TIED = re.compile(r"(?<=\d) (?=đồng)|(?<=Biểu) (?=\d)")


@dataclass(frozen=True)
class Sentences:
    """The running text, by paragraph of the form."""

    subject: str
    accounts: str
    payments: str
    gap: str
    registers: str
    tie_out: str
    quality: str
    obstacles: tuple[str, ...]
    tasks: tuple[str, ...]
    proposals: tuple[str, ...]
    closing_line: str


def write_sentences(figures: Figures) -> Sentences:
    """All sentences of a report; no line may end between a number and its đồng, or inside the name of a table."""
    from_on, to_on = bounds(figures)
    return Sentences(
        subject=f"Kết quả chi trả chính sách an sinh xã hội không dùng tiền mặt trên địa bàn {figures['unit']['name']} "
        f"{period_title(from_on=from_on, to_on=to_on)} (thực hiện Đề án 06)",
        accounts=_unbroken(_accounts(figures, to_on=to_on)),
        payments=_unbroken(_payments(figures)),
        gap=_unbroken(_gap(figures)),
        registers=_unbroken(_registers(figures)),
        tie_out=_unbroken(_tie_out(figures)),
        quality=_unbroken(write_quality(figures)),
        obstacles=tuple(_unbroken(line) for line in (*write_obstacles(figures), *write_causes(figures))),
        tasks=tuple(_unbroken(line) for line in write_tasks(figures)),
        proposals=tuple(_unbroken(line) for line in write_proposals(figures)),
        closing_line=f"Số liệu chốt đến 24 giờ ngày {day_text(to_on)}",
    )


def _unbroken(text: str) -> str:
    return _TIED.sub("\u00a0", text)


def bounds(figures: Figures) -> tuple[date, date]:
    """First and last day of the period."""
    return date.fromisoformat(figures["period"]["from"]), date.fromisoformat(figures["period"]["to"])


def audit_sentence(*, checked_at: datetime | None, findings: int | None) -> str:
    """What the last check of the sealed history had found when the figures were frozen; "" where there was none."""
    if checked_at is None or findings is None:
        return ""
    said = (
        "nguyên vẹn"
        if not findings
        else f"có {format_amount(findings)} điểm không đúng, phải làm rõ trước khi sử dụng số liệu"
    )
    return f"Nhật ký hệ thống đã niêm phong được kiểm tra lần cuối ngày {day_text(checked_at.astimezone(VIETNAM).date())}: {said}."


def against_target(*, coverage: Decimal, target: Decimal, setter: str) -> str:
    """Above, at or below the target: `vượt 33,16 điểm phần trăm so với chỉ tiêu 30% … giao`."""
    named = f"chỉ tiêu {target_text(target)} {setter} giao"
    if coverage == target:
        return f"đạt chỉ tiêu được giao ({target_text(target)})"
    side = "vượt" if coverage > target else "thấp hơn"
    return f"{side} {decimal_text(abs(coverage - target))} điểm phần trăm so với {named}"


def _accounts(figures: Figures, *, to_on: date) -> str:
    total, target = figures["headline"], figures["target"]
    people, accounts = total["beneficiaries"], total["accounts"]
    start = f"Tính đến hết ngày {day_text(to_on)}, {_whole(figures)} có {format_amount(people)} đối tượng đang hưởng chính sách an sinh xã hội"
    if not people:
        return f"{start}."
    compared = against_target(
        coverage=percent(accounts, people), target=Decimal(target["percent"]), setter=target["setter"]
    )
    return (
        f"{start}; đã thu thập thông tin và mở tài khoản cho {format_amount(accounts)} đối tượng, đạt {format_percent(accounts, people)}, {compared}. "
        f"Trong số tài khoản: {format_amount(total['accounts_own'])} của chính chủ, {format_amount(total['accounts_guardian'])} của người giám hộ, "
        f"người đại diện, {format_amount(total['accounts_authorised'])} của người được ủy quyền.{_trend(figures)}"
    )


def _trend(figures: Figures) -> str:
    """Coverage beside the period before, and whether people or accounts made the difference; "" where that was never reported."""
    before, now = figures["comparison"]["previous"], figures["headline"]
    if before is None or not before["headline"]["beneficiaries"]:
        return ""
    then = before["headline"]
    change = percent(now["accounts"], now["beneficiaries"]) - percent(then["accounts"], then["beneficiaries"])
    period = period_text(from_on=date.fromisoformat(before["from"]), to_on=date.fromisoformat(before["to"]))
    parts = ", ".join(
        f"số {name} {_more_or_less(now[key] - then[key])}"
        for name, key in (("đối tượng", "beneficiaries"), ("người có tài khoản", "accounts"))
    )
    return f" So với {period}, tỷ lệ có tài khoản {_points(change)} ({parts})."


def _points(change: Decimal) -> str:
    return (
        f"{'tăng' if change > 0 else 'giảm'} {decimal_text(abs(change))} điểm phần trăm" if change else "không thay đổi"
    )


def _more_or_less(change: int) -> str:
    return f"{'tăng' if change > 0 else 'giảm'} {people_text(abs(change))}" if change else "không đổi"


def _payments(figures: Figures) -> str:
    total = figures["headline"]
    from_on, to_on = bounds(figures)
    paid, accounts, people = total["paid_cashless"], total["accounts"], total["beneficiaries"]
    money = total["account_money"]
    return (
        f"Trong {period_text(from_on=from_on, to_on=to_on)}, trong số đối tượng đã có tài khoản, đã chi trả không dùng tiền mặt cho {format_amount(paid)} "
        f"đối tượng, đạt {format_percent(paid, accounts)}, với tổng số tiền {format_amount(money)} đồng (bằng chữ: {amount_in_words(money)}). "
        f"Tính trên tổng số đối tượng đang hưởng, tỷ lệ chi trả không dùng tiền mặt đạt {format_percent(paid, people)}. "
        f"Đã chi bằng tiền mặt cho {people_text(total['paid_in_cash'])} không nhận qua tài khoản; "
        f"tổng số tiền chi tiền mặt {format_amount(total['cash_money'])} đồng.{_paid_trend(figures)}"
    )


def _paid_trend(figures: Figures) -> str:
    """Both rates of payment beside the period before; "" where that was never reported."""
    before, now = figures["comparison"]["previous"], figures["headline"]
    if before is None or not before["headline"]["accounts"] or not now["accounts"]:
        return ""
    then = before["headline"]
    period = period_text(from_on=date.fromisoformat(before["from"]), to_on=date.fromisoformat(before["to"]))
    parts = (
        f"tỷ lệ {name} {_points(percent(now['paid_cashless'], now[of]) - percent(then['paid_cashless'], then[of]))}"
        for name, of in (("so với số có tài khoản", "accounts"), ("so với tổng số đối tượng", "beneficiaries"))
    )
    return f" So với {period}: {'; '.join(parts)}."


def _gap(figures: Figures) -> str:
    gap = figures["gap"]
    if not gap["people"]:
        return "Tất cả đối tượng đã có tài khoản đều đã được chi trả qua tài khoản trong kỳ."
    return (
        f"Còn {format_amount(gap['people'])} đối tượng đã có tài khoản nhưng chưa được chi trả qua tài khoản, trong đó "
        f"{format_amount(gap['paid_in_cash'])} đối tượng đã nhận bằng tiền mặt, {format_amount(gap['unpaid'])} đối tượng chưa nhận được tiền; "
        "nguyên nhân và trách nhiệm xử lý nêu tại Biểu 04."
    )


def _registers(figures: Figures) -> str:
    counts = figures["registers"]
    cards, residents, active, eligible = (
        counts[key] for key in ("cards_issued", "residents", "eid_active", "eid_eligible")
    )
    if not residents:
        return "Chưa có dữ liệu dân cư của địa bàn."
    return (
        f"Đã cấp {format_amount(cards)} thẻ căn cước trên {format_amount(residents)} nhân khẩu đủ điều kiện cấp thẻ, đạt {format_percent(cards, residents)}; "
        f"đã kích hoạt {format_amount(active)} tài khoản định danh điện tử trên {format_amount(eligible)} nhân khẩu đủ điều kiện có tài khoản, "
        f"đạt {format_percent(active, eligible)} (Biểu 09; số liệu của Công an)."
    )


def _tie_out(figures: Figures) -> str:
    total = figures["headline"]
    parts = [total[key] for key in ("paid_cashless", "paid_in_cash", "in_flight", "unpaid")]
    sum_text = " + ".join(format_amount(part) for part in parts)
    if figures["differences"]:
        return (
            f"Số liệu chưa khớp: {format_amount(total['beneficiaries'])} người đang hưởng; {sum_text} = {format_amount(sum(parts))}; "
            "các chênh lệch nêu ở đầu báo cáo."
        )
    return (
        f"Mỗi người đang hưởng có một kết quả: {format_amount(total['beneficiaries'])} = {sum_text} (đã chi qua tài khoản, chi tiền mặt, đang chuyển, "
        f"chưa chi trả). {_statement(figures)}"
    )


def _statement(figures: Figures) -> str:
    bank = figures["statement"]
    if not bank["payments"]:
        return "Trong kỳ chưa có khoản nào được chi qua tài khoản."
    if bank["matched_payments"] == bank["payments"]:
        return (
            f"Toàn bộ {format_amount(bank['payments'])} khoản đã chi qua tài khoản, {format_amount(bank['money'])} đồng, "
            "khớp với sao kê ngân hàng (Biểu 10)."
        )
    return (
        f"Đã khớp với sao kê ngân hàng {format_amount(bank['matched_payments'])} trên {format_amount(bank['payments'])} khoản chi qua tài khoản, "
        f"{format_amount(bank['matched_money'])} trên {format_amount(bank['money'])} đồng; phần còn lại chưa có sao kê (Biểu 10)."
    )


def _whole(figures: Figures) -> str:
    label = whole_label(figures)
    return label[0].lower() + label[1:] if label.startswith("Toàn") else str(figures["unit"]["name"])


def target_text(target: Decimal) -> str:
    """`30%`, `32,5%`: as the decision wrote it, without zeros behind."""
    return f"{target.normalize():f}%".replace(".", ",")
