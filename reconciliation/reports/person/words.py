"""What the history keeps as codes, in the words of who reads it on paper: states, reasons, months, days, and through what a change came."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.db.models import Model

from beneficiaries.models import AccountChange, BankAccount, Case, Enrolment, PayeeRelation, Phone
from beneficiaries.services.accounts.banks import bank_name
from payments.models import Entitlement, Payment
from payments.services.answers.wording import NO_REASON_GIVEN, SHORT_REASONS
from payments.states import ON_A_SLIP
from staff.time_zone import VIETNAM

MODELS: Mapping[str, type[Model]] = {
    model._meta.db_table: model
    for model in (Enrolment, BankAccount, AccountChange, Case, PayeeRelation, Phone, Payment, Entitlement)
}
_RETURNS = {**SHORT_REASONS, "not_collected": "chưa đến nhận tiền mặt", "deceased": "người hưởng đã mất"}
_HOLDS = {
    ON_A_SLIP: "chờ phiếu loại khỏi danh sách", "file_rejected": "ngân hàng từ chối cả tệp",
    "account_number_altered": "số tài khoản đã lưu không còn nguyên vẹn",
    "account_key_missing": "không mở được số tài khoản đã lưu, chờ khôi phục khóa",
}  # fmt: skip
_CODES = {"GIVEN": "đã cấp", "CHANGED": "cấp mã khác hoặc đã tắt"}
_ANY_HOLD = "ngân hàng từ chối lệnh, chờ cán bộ xem"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_TYPED = ("-c", "-", "-m", "python", "python3")  # written at the machine and kept nowhere
_REQUEST = re.compile(r"(GET|POST|PUT|PATCH|DELETE) ")


def said(relation: str, column: str, value: object) -> str:
    """One value of one column in words; a code nobody has a word for stays what it is, so that nothing is hidden."""
    text = str(value)
    label = _label(relation, column, text)
    if label:
        return label
    if column == "bank_bin":
        return bank_name(text)
    if column == "return_code":
        return _RETURNS.get(text, NO_REASON_GIVEN)
    if column == "hold_code":
        return _HOLDS.get(text, _ANY_HOLD)
    if column == "lookup_code":
        return _CODES.get(text, text)
    if column == "coefficient":
        return f"{Decimal(text).normalize():f}".replace(".", ",")
    if column == "paid_to_id":
        return "chủ hộ"
    return _day(column, text)


def through(why: str) -> str:
    """Through what a change came. Programs nobody knows (somebody in the database itself) keep their own name, never where they lie or what they read."""
    if _REQUEST.match(why):
        return "Thao tác trên hệ thống"
    if why.startswith("manage.py "):
        return f"Lệnh quản trị {why.removeprefix('manage.py ')}"
    if ".tasks." in why:
        return "Hệ thống tự làm"
    program = why.partition(" ")[0].rpartition("/")[2]
    if program in _TYPED or program.endswith((".py", ".sh")):
        return "Người quản trị chạy chương trình riêng" + (f" ({program})" if program not in _TYPED else "")
    return f"Chương trình {program}" if program else ""


def _label(relation: str, column: str, text: str) -> str:
    model = MODELS.get(relation)
    fields = {field.column: field for field in model._meta.concrete_fields} if model else {}
    choices = dict(getattr(fields.get(column), "flatchoices", None) or ())
    return str(choices.get(text, ""))


def _day(column: str, text: str) -> str:
    if _INSTANT.match(text):
        return f"{datetime.fromisoformat(text).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    if _DAY.fullmatch(text):
        return f"{text[5:7]}/{text[:4]}" if column.endswith("_month") else f"{text[8:]}/{text[5:7]}/{text[:4]}"
    return text
