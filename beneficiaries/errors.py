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


class NobodyToAskAbout(Refusal):
    """Everyone in the unit was answered lately, or is asked about already."""

    code = "NOBODY_TO_ASK_ABOUT"
    sentence = "Không có ai cần xác minh: mọi người đã có kết quả trong thời hạn hoặc đang chờ trả lời."


class NothingToSignFor(Refusal):
    """No figures of that day."""

    code = "NOTHING_TO_SIGN_FOR"
    sentence = "Chưa có số liệu chất lượng của ngày này trên địa bàn."


class SignedAlready(Refusal):
    """A unit signs a day's figures once."""

    code = "SIGNED_ALREADY"
    sentence = "Đơn vị đã ký xác nhận số liệu của ngày này."


class UnitsBelowNotSigned(Refusal):
    """A higher unit signs after every commune below it; `conflicts` are codes of those that have not."""

    code = "UNITS_BELOW_NOT_SIGNED"
    sentence = "Còn xã chưa ký xác nhận; cấp trên ký sau khi mọi xã đã ký."


class NoticeNotOpen(Refusal):
    code = "NOTICE_NOT_OPEN"
    sentence = "Không có tin báo tử nào đang chờ xác minh cho người này; mời tải lại trang."


class FuneralFileRefused(Refusal):
    """A status or number that a funeral file can't take."""

    code = "FUNERAL_FILE_REFUSED"
    sentence = "Không ghi được trạng thái này."


class PhoneUnreadable(Refusal):
    code = "PHONE_UNREADABLE"
    sentence = "Số điện thoại phải có 10 chữ số, bắt đầu bằng 0."
