"""What can go wrong between us and a bank, named by what the caller does next."""

from typing import ClassVar


class BankError(Exception):
    """Base of all errors of this package. `sentence` is for staff; `detail` is technical and never personal."""

    sentence: ClassVar[str] = "Không giao dịch được với ngân hàng."

    def __init__(self, detail: str = "") -> None:
        super().__init__(f"{self.sentence} ({detail})" if detail else self.sentence)
        self.detail = detail


class BankUnavailable(BankError):
    """No usable answer now (time-out, outage, 5xx, 429): ask again later."""

    sentence = "Ngân hàng tạm thời không trả lời, cần hỏi lại sau."


class NothingSent(BankUnavailable):
    """No connection came about, so the bank cannot have seen the request."""

    sentence = "Không kết nối được tới ngân hàng, chưa gửi gì đi."


class AnswerLost(BankUnavailable):
    """The request may have reached the bank, its answer did not reach us. `code` says how it was lost."""

    sentence = "Mất kết nối trong lúc chờ ngân hàng trả lời."

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BankRefused(BankError):
    """The bank understood and said no; the same question gets the same answer."""

    sentence = "Ngân hàng từ chối yêu cầu."

    def __init__(self, *, code: str, message: str, status: int) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class BankAnswerUnreadable(BankError):
    """The bank answered something we cannot read: truncated, too large, or of another shape."""

    sentence = "Không đọc được câu trả lời của ngân hàng."


class TransferInvalid(BankError, ValueError):
    """A transfer which may not even be offered to a bank, such as one without an amount."""

    sentence = "Lệnh chuyển tiền không hợp lệ."


class EventRefused(BankError):
    """Base of the reasons for which an incoming bank event does not count."""

    sentence = "Thông báo của ngân hàng không được chấp nhận."


class SignatureInvalid(EventRefused):
    """The event is not signed with any of our secrets, or its signature header is malformed."""

    sentence = "Chữ ký của thông báo không hợp lệ."


class EventStale(EventRefused):
    """The event is authentic, but signed too long ago, or in the future."""

    sentence = "Thông báo nằm ngoài khoảng thời gian cho phép."


class EventUnreadable(EventRefused):
    """The event is too large, or authentic but not of the shape of an event."""

    sentence = "Không đọc được nội dung thông báo của ngân hàng."
