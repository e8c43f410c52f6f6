"""Why a statement file is refused. `str()` is a sentence for staff; `detail` is technical and never personal."""

from typing import ClassVar


class StatementRefused(ValueError):
    """Base: nothing of such a file may be taken over."""

    sentence: ClassVar[str] = "Không nhận được tệp sao kê."

    def __init__(self, detail: str) -> None:
        super().__init__(f"{self.sentence} ({detail})")
        self.detail = detail


class StatementUnreadable(StatementRefused):
    """Not well-formed, or a mandatory element is missing or malformed."""

    sentence = "Tệp sao kê bị hỏng hoặc không đúng cấu trúc."


class StatementUnsafe(StatementRefused):
    """A document type declaration, which no statement needs and attacks do."""

    sentence = "Tệp sao kê chứa khai báo không an toàn nên bị từ chối."


class StatementTooLarge(StatementRefused):
    """The file passes the caller's limit."""

    sentence = "Tệp sao kê vượt quá dung lượng cho phép."


class FormatNotSupported(StatementRefused):
    """Another message, or a version of it we do not know."""

    sentence = "Định dạng tệp sao kê chưa được hỗ trợ."


class CurrencyNotSupported(StatementRefused):
    """Only đồng accounts are reconciled."""

    sentence = "Sao kê không phải bằng đồng Việt Nam."


class AmountNotWhole(StatementRefused):
    """An amount with a fraction of a đồng, which does not exist (ISO 4217: VND has no minor unit)."""

    sentence = "Sao kê có số tiền lẻ dưới một đồng."


class BalanceMissing(StatementRefused):
    """Without opening and closing balance nothing can be proved."""

    sentence = "Sao kê thiếu số dư đầu kỳ hoặc cuối kỳ."


class StatementIncomplete(StatementRefused):
    """One page of several; the bank must deliver the whole."""

    sentence = "Tệp chỉ là một trang của sao kê, cần tệp đầy đủ."
