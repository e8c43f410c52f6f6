"""Biên bản đối chiếu as a roll: a part of the dossier, and a Word document both sides may complete before they sign."""

from datetime import date, datetime

from payments.models import FundingAccount
from reconciliation.reports.letterhead import place_of
from reconciliation.reports.rolls.roll import Field, Roll
from reconciliation.services.months.minutes import Minutes

_FIELDS = (
    Field("Nội dung", 60), Field("Theo đơn vị", 18, money=True), Field("Theo tổ chức dịch vụ chi trả", 18, money=True),
    Field("Chênh lệch", 16, money=True), Field("Nguyên nhân", 50),
)  # fmt: skip
_SIGNED = "(Ký, họ tên, đóng dấu)"


def minutes_roll(minutes: Minutes, *, now: datetime) -> Roll:
    """Rows as in the minutes; what the other side has not answered is "..."."""
    unit, month = minutes.account.paying_unit, minutes.month
    cells = tuple(
        (row.name, row.ours, "..." if row.theirs is None else row.theirs, "..." if row.difference is None else row.difference, row.cause)
        for row in minutes.rows
    )  # fmt: skip
    return Roll(
        name=name_of(minutes.account, month), agency=f"UBND {unit.name}",
        title=f"BIÊN BẢN ĐỐI CHIẾU VỚI TỔ CHỨC DỊCH VỤ CHI TRẢ THÁNG {month.month} NĂM {month.year}",
        lines_below_title=(f"Đơn vị chi trả: {unit.name} · Tài khoản chi trả: {minutes.account.code}",), fields=_FIELDS, cells=cells, made_at=now,
        counted="", place=place_of(unit.name), editable=True, notes=(conclusion(minutes),),
        signatures=(("ĐẠI DIỆN ĐƠN VỊ CHI TRẢ", "(Kế toán trưởng, thủ trưởng; ký, họ tên, đóng dấu)"), ("ĐẠI DIỆN TỔ CHỨC DỊCH VỤ CHI TRẢ", _SIGNED)),
    )  # fmt: skip


def name_of(account: FundingAccount, month: date) -> str:
    """By which account and month minutes are named, as a file and where they are written down."""
    return f"bien-ban-{month:%Y-%m}-{account.code.lower()}"


def conclusion(minutes: Minutes) -> str:
    """What both sides sign below the table."""
    if minutes.agreed:
        return "Hai bên thống nhất số liệu nêu trên."
    return "Số liệu hai bên còn chênh lệch như nêu trên; hai bên tiếp tục làm rõ."
