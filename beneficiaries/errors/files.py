"""Refusals of files people send in: what they are, how big they are, what stands in them."""

from collections.abc import Sequence
from typing import Any

from staff.errors import Refusal


class FileUnreadable(Refusal):
    """A file that is refused whole; nothing of it was written."""

    code = "FILE_UNREADABLE"
    sentence = "Không đọc được tệp này."


class FileTooLarge(FileUnreadable):
    code = "FILE_TOO_LARGE"
    sentence = "Tệp lớn quá mức cho phép (20 MB). Mời tách thành nhiều tệp, mỗi xã một tệp."


class FileSuspicious(FileUnreadable):
    code = "FILE_SUSPICIOUS"
    sentence = "Tệp nén bất thường (dung lượng giải nén quá lớn), không được nhận. Mời mở bằng Excel và lưu lại thành tệp .xlsx mới."


class FileHasMacros(FileUnreadable):
    code = "FILE_HAS_MACROS"
    sentence = 'Tệp có macro, không được nhận. Mời lưu lại thành "Excel Workbook (.xlsx)" rồi nạp lại.'


class FileIsEmpty(FileUnreadable):
    code = "FILE_IS_EMPTY"
    sentence = "Tệp không có dòng dữ liệu nào."


class ColumnsMissing(FileUnreadable):
    """The heading row was not found, or lacks columns; `headings` are the file's own, with a proposal beside each.

    `to_be_named` is the sentence where somebody can say what the headings mean.
    """

    code = "COLUMNS_MISSING"

    def __init__(self, missing: list[str], *, headings: Sequence[Any] = (), fingerprint: str = "") -> None:
        listed = ", ".join(f"“{name}”" for name in missing)
        super().__init__(
            f"Tệp thiếu cột {listed}. Mời thêm cột vào dòng tiêu đề (giữ nguyên tên cột như mẫu) rồi nạp lại.",
            conflicts=missing,
        )
        self.headings = headings
        self.fingerprint = fingerprint
        self.to_be_named = (
            f"Chưa nhận ra cột {listed} trong tiêu đề của tệp. Cột nào tệp có dưới tên khác thì khai tên cột ấy, một lần cho nguồn này; "
            "cột nào tệp không có thì thêm vào tệp rồi gửi lại."
        )


class TextWithoutTable(FileUnreadable):
    """A text, no workbook, none of whose rows is a heading we know."""


class SeveralTables(FileUnreadable):
    """More than one sheet holds such a table: reading only one would leave people out."""

    code = "SEVERAL_TABLES"

    def __init__(self, sheets: list[str]) -> None:
        listed = ", ".join(f"“{name}”" for name in sheets)
        super().__init__(
            f"Tệp có {len(sheets)} trang tính cùng là danh sách: {listed}. Mời gộp thành một trang, hoặc chọn tên trang rồi nạp từng trang.",
            conflicts=sheets,
        )


class UnknownUnit(FileUnreadable):
    code = "UNKNOWN_UNIT"
    sentence = "Không xác định được xã của danh sách này."
