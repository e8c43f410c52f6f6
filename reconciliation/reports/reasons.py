"""Biểu 04: why somebody with an account was not paid through it. One reason per person, chosen in one order."""

from collections.abc import Iterable
from dataclasses import dataclass

from beneficiaries.models import Reason
from payments.states import Channel, PaymentStatus
from reconciliation.reports.counting import Row

NOT_LISTED = "NOT_LISTED"
TAKEN_OFF = "TAKEN_OFF"  # by a person: no word of any bank
_IN_FLIGHT = {PaymentStatus.DRAFT, PaymentStatus.READY, PaymentStatus.SENT, PaymentStatus.PROCESSING}


@dataclass(frozen=True)
class Handling:
    """Who deals with a reason and by when (suggestions; an office may deal with it otherwise)."""

    responsible: str
    deadline: str


_STEPS: dict[str, str] = {
    Reason.NO_ACCOUNT: "Đưa vào danh sách tiền mặt; vận động, lập phiếu đăng ký.",
    Reason.NAME_MISMATCH: "So với giấy tờ; sửa hồ sơ hoặc đề nghị ngân hàng sửa.",
    Reason.INVALID_ACCOUNT: "Kiểm tra lỗi nhập; nhận phiếu đăng ký mới; chi lại.",
    Reason.ACCOUNT_CLOSED: "Mời đăng ký tài khoản khác; chi lại.",
    Reason.ACCOUNT_BLOCKED: "Hỏi ngân hàng; chi lại hoặc chuyển tiền mặt.",
    Reason.RETURNED: "Sửa và xác nhận lại tài khoản; chi lại, gắn với khoản cũ.",
    Reason.DECLINED: "Tra soát; chi lại hoặc chuyển tiền mặt.",
    Reason.ACCOUNT_PENDING: "Nhắc ngân hàng; quá hạn chuyển tiền mặt.",
    Reason.IDENTITY_CHECK: "Gửi xác minh; sửa hồ sơ; không dừng chi khi chưa có quyết định.",
    Reason.DUPLICATE: "Hai đơn vị thống nhất ai chi; ra quyết định.",
    Reason.EXCLUDED: "Giữ khoản cao hơn; khoản kia thôi hưởng hoặc đổi lựa chọn thì ra quyết định.",
    Reason.DECEASED: "Đối chiếu trích lục khai tử; quyết định thôi hưởng; hồ sơ mai táng.",
    Reason.DEATH_NOTICE: "Đối chiếu trích lục khai tử; trả lời tin báo.",
    Reason.NAME_CHANGED: "So với giấy tờ; xác nhận lại tài khoản.",
    Reason.NO_DECISION: "Trình ký quyết định hưởng.",
    Reason.MOVED: "Nơi đi: quyết định thôi chi trả; nơi đến: quyết định chi trả.",
    Reason.CASH_NOT_COLLECTED: "Gọi hoặc đến thăm; ghi lý do; hai tháng liền thì xác minh.",
    Reason.UNKNOWN: "Tra soát; không chi lại khi chưa rõ.",
    TAKEN_OFF: "Xem phiếu, ghi chú khi rút tên, việc đang mở; giải quyết xong thì trả cùng kỳ sau.",
    Reason.NEXT_MONTH: "Làm xong việc đã ghi khi để kỳ sau; trả cùng kỳ sau.",
}


_COMMUNE_NEXT = Handling("UBND cấp xã", "Trước kỳ sau")
_COMMUNE_FIVE_DAYS = Handling("UBND cấp xã, ngân hàng", "5 ngày làm việc")
HANDLING: dict[str, Handling] = {
    Reason.NO_ACCOUNT: _COMMUNE_NEXT,
    Reason.NAME_MISMATCH: _COMMUNE_FIVE_DAYS,
    Reason.INVALID_ACCOUNT: Handling("UBND cấp xã", "5 ngày làm việc"),
    Reason.ACCOUNT_CLOSED: _COMMUNE_NEXT,
    Reason.ACCOUNT_BLOCKED: _COMMUNE_FIVE_DAYS,
    Reason.RETURNED: Handling("Đơn vị chi trả, UBND cấp xã", "10 ngày"),
    Reason.DECLINED: Handling("Đơn vị chi trả, ngân hàng", "5 ngày làm việc"),
    Reason.ACCOUNT_PENDING: Handling("Ngân hàng, đơn vị chi trả", "Trước kỳ sau"),
    Reason.IDENTITY_CHECK: Handling("UBND cấp xã, Công an cấp xã", "Trước kỳ sau"),
    Reason.DUPLICATE: Handling("Hai đơn vị liên quan", "10 ngày làm việc"),
    Reason.EXCLUDED: Handling("UBND cấp xã", "Trước kỳ sau"),
    Reason.DECEASED: Handling("UBND cấp xã", "5 ngày làm việc"),
    Reason.DEATH_NOTICE: Handling("UBND cấp xã", "5 ngày làm việc"),
    Reason.NAME_CHANGED: _COMMUNE_FIVE_DAYS,
    Reason.NO_DECISION: Handling("UBND cấp xã", "10 ngày làm việc"),
    Reason.MOVED: Handling("UBND cấp xã nơi đi, nơi đến", "10 ngày làm việc"),
    Reason.CASH_NOT_COLLECTED: Handling("UBND cấp xã, điểm chi trả", "Trước kỳ sau"),
    Reason.UNKNOWN: Handling("Đơn vị chi trả, ngân hàng", "5 ngày làm việc"),
    Reason.NEXT_MONTH: Handling("Người lập, UBND cấp xã", "Trước kỳ sau"),
    TAKEN_OFF: Handling("Người lập, UBND cấp xã", "Trước kỳ sau"),
    NOT_LISTED: Handling("Đơn vị chi trả", "Trước kỳ sau"),
}


_LABELS = {NOT_LISTED: "Chưa có tên trong danh sách chi trả của kỳ", TAKEN_OFF: "Rút tên khỏi danh sách"}


def label_of(reason: str) -> str:
    """The staff's label of a reason."""
    return _LABELS.get(reason) or str(Reason(reason).label)


def step_of(reason: str) -> str:
    """What the staff does next about a reason; "" where nothing is suggested."""
    return _STEPS.get(reason, "")


def account_reason(person: Row) -> str:
    """Why nothing came through the account, by the entitlement of the last cycle the person was in:

    1. on no list of the period at all; 2. not payable: its reason; 3. sent by account and still under way: UNKNOWN;
    4. sent by account and failed: what the bank's answer left on the account, else RETURNED or DECLINED by the outcome; taken off by a
       person: the death they were taken off for, else what stands on the account, else TAKEN_OFF;
    5. drawn in cash: why. NO_ACCOUNT there means the account was opened after the list was made: ACCOUNT_PENDING. A cash reason that says
       only that cash was not collected gives way to what stands on the account.
    """
    if not person["listed"]:
        return NOT_LISTED
    if person["not_payable_reason"]:
        return str(person["not_payable_reason"])
    if person["channel"] == Channel.ACCOUNT:
        return _after_trying(person)
    reason = str(person["cash_reason"])
    if reason == Reason.CASH_NOT_COLLECTED:
        return str(person["account_reason"] or reason)
    return str(Reason.ACCOUNT_PENDING) if reason == Reason.NO_ACCOUNT else reason


def _after_trying(person: Row) -> str:
    if person["status"] in _IN_FLIGHT:
        return str(Reason.UNKNOWN)
    if person["taken_off"] and person["death"]:
        return str(person["death"])
    return str(person["carrier_reason"] or person["account_reason"] or without_word(person))


def without_word(person: Row) -> str:
    """Why nothing arrived where neither list nor account says it: `taken_off` and `status` of the payment decide."""
    if person["taken_off"]:
        return TAKEN_OFF
    refused = person["status"] in (PaymentStatus.FAILED, PaymentStatus.CANCELLED)
    return str(Reason.DECLINED if refused else Reason.RETURNED)


def unpaid_reason(person: Row) -> str:
    """Why somebody received nothing at all: cash that was ready and not collected, else the reason of the account."""
    return str(Reason.CASH_NOT_COLLECTED) if person["not_collected"] else account_reason(person)


def explain_gap(people: Iterable[Row]) -> Row:
    """Counts by reason, most people first: people, đồng due, paid in cash, not paid, with work done or open about them; the unpaid by what to do next."""
    reasons: dict[str, Row] = {}
    unpaid: dict[str, int] = {}
    for person in people:
        reason = account_reason(person)
        row = reasons.setdefault(
            reason,
            {
                "reason": reason,
                "label": label_of(reason),
                "people": 0,
                "money": 0,
                "paid_in_cash": 0,
                "unpaid": 0,
                "done": 0,
                "doing": 0,
            },
        )
        row["people"] += 1
        row["money"] += person["due"]
        row["paid_in_cash" if person["by_cash"] else "unpaid"] += 1
        for key in ("done", "doing"):
            row[key] += bool(person.get(key))
        if not person["by_cash"]:
            next_step = unpaid_reason(person)
            unpaid[next_step] = unpaid.get(next_step, 0) + 1
    rows = sorted(reasons.values(), key=lambda row: (-row["people"], row["reason"]))
    return {
        **{
            key: sum(row[key] for row in rows) for key in ("people", "money", "paid_in_cash", "unpaid", "done", "doing")
        },
        "reasons": rows,
        "unpaid_by_reason": [
            {"reason": reason, "label": label_of(reason), "people": count}
            for reason, count in sorted(unpaid.items(), key=lambda item: (-item[1], item[0]))
        ],
    }
