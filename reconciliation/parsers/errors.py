"""Why a statement file is refused. `str()` is a sentence for staff; `detail` is technical and never personal."""

from collections.abc import Sequence
from typing import ClassVar

from beneficiaries.parsers.headings import Heading
from reconciliation.parsers.interface import Shown


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
    """A page of several without the others; only the whole proves anything."""

    sentence = "Thiếu trang của sao kê; mời chọn đủ các tệp trang và nạp cùng một lần."


class TableRefused(StatementRefused):
    """A table that can't be read as a whole; the sentence says what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__("table")
        self.args = (f"{self.sentence} {sentence}",)


class ColumnsUnknown(StatementRefused):
    """The heading lacks `missing` columns (labels); `headings` are the file's own, with a proposal beside each, and `shown` its first rows."""

    def __init__(self, missing: Sequence[str], *, headings: Sequence[Heading], shown: Shown | None = None) -> None:
        super().__init__("columns")
        listed = ", ".join(f"“{label}”" for label in missing)
        self.args = (f"Chưa rõ cột nào là {listed}. Mời khai cột một lần cho nguồn sao kê này rồi nạp lại.",)
        self.missing = tuple(missing)
        self.headings = tuple(headings)
        self.shown = shown


class RowsUnreadable(StatementRefused):
    """Rows that can't be read; `problems` name row and column, never a value."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("rows")
        self.problems = tuple(problems)
        more = f" Còn {len(problems) - 1} lỗi khác." if len(problems) > 1 else ""
        self.args = (f"{problems[0]}{more} Không ghi dòng nào.",)
