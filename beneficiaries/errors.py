"""Refusals about registries, identity and accounts."""

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
    """The heading row was not found, or lacks columns."""

    code = "COLUMNS_MISSING"

    def __init__(self, missing: list[str]) -> None:
        listed = ", ".join(f"“{name}”" for name in missing)
        super().__init__(
            f"Tệp thiếu cột {listed}. Mời thêm cột vào dòng tiêu đề (giữ nguyên tên cột như mẫu) rồi nạp lại.",
            conflicts=missing,
        )


class UnknownUnit(FileUnreadable):
    code = "UNKNOWN_UNIT"
    sentence = "Không xác định được xã của danh sách này."


class ReviewImpossible(Refusal):
    code = "REVIEW_IMPOSSIBLE"
    sentence = "Không ghi được kết quả rà soát này."


class NothingToDraw(Refusal):
    code = "NOTHING_TO_DRAW"
    sentence = "Địa bàn này chưa có kết quả khớp tự động nào để chọn mẫu kiểm tra."


class AlreadyAnswered(Refusal):
    """An answer stands; another one is never written over it."""

    code = "ALREADY_ANSWERED"
    sentence = "Cặp này đã có người trả lời; kết quả đã ghi không sửa được."
