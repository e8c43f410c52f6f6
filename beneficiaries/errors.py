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


class WrongCaseState(Refusal):
    code = "WRONG_CASE_STATE"
    sentence = "Việc này không còn ở bước đó, mời tải lại trang để xem bước hiện tại."


class BeyondAuthority(Refusal):
    """The case is at a higher level than the actor's unit."""

    code = "BEYOND_AUTHORITY"
    sentence = "Việc này vượt thẩm quyền của đơn vị bạn; mời báo cáo cấp có thẩm quyền kèm đề xuất."


class DocumentMissing(Refusal):
    code = "DOCUMENT_MISSING"
    sentence = "Kết quả của cơ quan Công an hoặc Bộ phải ghi số và ngày của văn bản trả lời."


class SecondPersonNeeded(Refusal):
    """Whoever proposed can't confirm; or nobody proposed yet."""

    code = "SECOND_PERSON_NEEDED"
    sentence = "Người đề xuất và người xác nhận phải là hai người khác nhau."


class NotSolvableLikeThis(Refusal):
    code = "NOT_SOLVABLE_LIKE_THIS"
    sentence = "Việc này không giải quyết theo cách đó được; mời xem phần “cán bộ làm gì”."


class NoHigherLevel(Refusal):
    code = "NO_HIGHER_LEVEL"
    sentence = "Đây đã là cấp cao nhất; mời ghi văn bản trả lời của cấp đó."


class NothingToHandOver(Refusal):
    code = "NOTHING_TO_HAND_OVER"
    sentence = "Người này không có việc nào đang xử lý để bàn giao."


class HandoverChanged(Refusal):
    """Cases left the list since it was drawn up; they are in `conflicts`."""

    code = "HANDOVER_CHANGED"
    sentence = "Có việc trong bản bàn giao đã đổi người hoặc đã xong; mời lập bản mới."
