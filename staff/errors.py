"""Refusals every app shares: each has a code for programs, a Vietnamese sentence for people and the ids in conflict."""


class Refusal(Exception):
    """An expected "no": the API answers 409 with `code`, `sentence` and `conflicts`; a page shows the sentence."""

    code = "REFUSED"
    sentence = "Không thực hiện được."

    def __init__(self, sentence: str | None = None, *, conflicts: list[str] | None = None) -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence
        self.conflicts = conflicts or []


class NotAllowed(Refusal):
    """The actor's role or scope does not reach this."""

    code = "NOT_ALLOWED"
    sentence = "Tài khoản của bạn không có quyền làm việc này trên địa bàn này."


class AccessIsOver(NotAllowed):
    """Whoever was let in for a while stays no day longer, whenever the clock that ends roles rings."""

    code = "ACCESS_IS_OVER"
    sentence = (
        "Quyền xem của bạn đã hết thời hạn; cần xem tiếp thì đề nghị chủ tài khoản cấp tỉnh phân lại theo văn bản."
    )


class DoneMeanwhile(Refusal):
    """Somebody else's step in the same moment made this one impossible; nothing of it was written."""

    code = "DONE_MEANWHILE"
    sentence = (
        "Việc này vừa được người khác làm, hoặc dữ liệu vừa thay đổi trong lúc bạn gửi; chưa ghi gì của lần gửi này. "
        "Mời tải lại trang để xem tình trạng hiện tại; nếu việc chưa xong, làm lại."
    )


class TryOnceMore(Refusal):
    """Two steps waited for one another, and the database ended this one; nothing of it was written."""

    code = "TRY_ONCE_MORE"
    sentence = "Một việc khác đang ghi cùng dữ liệu này nên lần gửi này đã dừng, chưa ghi gì. Mời gửi lại sau vài giây."


def constraint_of(error: Exception) -> str:
    """The name of the constraint or guard of the database that refused; empty when it named none."""
    return str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "")


class NoProvince(Refusal):
    """Whatever is decided for the whole province asks who may decide there."""

    code = "NO_PROVINCE"
    sentence = "Danh mục đơn vị chưa có đơn vị cấp tỉnh; mời người quản trị nạp danh mục (manage.py load_province) rồi làm lại."


class DelegationRefused(Refusal):
    """The delegate has a role of another step, or the delegator gives away what is not theirs."""

    code = "DELEGATION_REFUSED"
    sentence = "Không ủy quyền được: chỉ giao chữ ký của mình, trong địa bàn của mình, cho người cùng chức danh, lãnh đạo chuyên môn hoặc người ký bổ sung."


class DelegationIsOver(Refusal):
    code = "DELEGATION_IS_OVER"
    sentence = "Ủy quyền này đã được thu hồi."


class RolesDoNotGoTogether(Refusal):
    """Conflicts: the roles the person holds in that time."""

    code = "ROLES_DO_NOT_GO_TOGETHER"
    sentence = "Người này đang giữ vai trò không được kiêm nhiệm với vai trò mới trong cùng thời gian; mời kết thúc vai trò cũ trước."


class NobodyAssignsThemselves(Refusal):
    code = "NOBODY_ASSIGNS_THEMSELVES"
    sentence = "Không tự phân vai trò cho mình; mời người khác có thẩm quyền phân."


class NobodyLocksThemselves(Refusal):
    code = "NOBODY_LOCKS_THEMSELVES"
    sentence = "Không tự khóa hay mở tài khoản của mình; mời người khác có thẩm quyền làm."


class SealKeyMissing(Refusal):
    code = "SEAL_KEY_MISSING"
    sentence = (
        "Tiến trình này không có khóa niêm phong (ANSINH_SEAL_KEY) hoặc khóa công khai (ANSINH_SEAL_PUBLIC_KEYS)."
    )


class AssignedAlready(Refusal):
    code = "ASSIGNED_ALREADY"
    sentence = "Cán bộ này đã được phân công địa bàn đó từ ngày này."


class NoWorkForThem(Refusal):
    code = "NO_WORK_FOR_THEM"
    sentence = (
        "Người này không xử lý việc của xã, phường nên không phân công được; mời chọn công chức xã hoặc người lập."
    )


class CommunesAlone(Refusal):
    code = "COMMUNES_ALONE"
    sentence = "Công chức xã chỉ được phân công thêm từng xã, phường; mời chọn xã, phường, không chọn huyện, tỉnh."


class SomebodyElseAssigns(Refusal):
    code = "SOMEBODY_ELSE_ASSIGNS"
    sentence = "Không tự phân công cho mình; mời người quản lý phân công."


class DaysOffRefused(Refusal):
    """Conflicts: the line of the file, from 1."""

    code = "DAYS_OFF_REFUSED"
    sentence = "Tệp ngày nghỉ không đúng mẫu: cột on,kind,name; ngày dạng 2026-02-16; WORKDAY chỉ dùng cho thứ Bảy, Chủ nhật làm bù."


class SystemBusy(Refusal):
    """The machine has no process, memory or file left to begin with: nothing follows about what was sent. An order goes on waiting."""

    code = "SYSTEM_BUSY"
    sentence = (
        "Hệ thống đang bận nên chưa đọc được tệp này, chưa ghi gì; tệp không có lỗi. Mời thử lại sau vài phút; "
        "nếu vẫn vậy, mời báo bộ phận kỹ thuật."
    )


class OrderFailed(Refusal):
    """The process that did it died several times."""

    code = "ORDER_FAILED"
    sentence = "Hệ thống đã thử nhiều lần mà không làm xong việc này; không có gì được ghi. Mời báo bộ phận kỹ thuật."


class WrongPassword(Refusal):
    code = "WRONG_PASSWORD"
    sentence = "Mật khẩu đang dùng không đúng."


class PasswordTooWeak(Refusal):
    """Conflicts: what is wrong with it, as the validators say."""

    code = "PASSWORD_TOO_WEAK"
    sentence = "Mật khẩu mới chưa dùng được."


class MasterKeyMissing(Refusal):
    """Keys in the database are wrapped under a master key; without one nothing is made, wrapped or destroyed."""

    code = "MASTER_KEY_MISSING"
    sentence = "Chưa đặt ANSINH_MASTER_KEYS (khóa chủ, 32 byte base64); đặt cho mọi tiến trình rồi làm lại."


class KeyIsAnother(Refusal):
    """Under one number two keys: which of them opens what is sealed must be found out first."""

    code = "KEY_IS_ANOTHER"
    sentence = "Số khóa này trong ANSINH_DATA_KEYS khác khóa đã bọc trong cơ sở dữ liệu; chưa ghi gì. Đặt đúng khóa đã dùng rồi làm lại."


class KeyCannotRest(Refusal):
    """A key that seals, or that something is sealed under, is never destroyed."""

    code = "KEY_CANNOT_REST"


class ExportIsSettled(Refusal):
    """Decided or written before, or needs no second person."""

    code = "EXPORT_IS_SETTLED"
    sentence = "Lệnh xuất dữ liệu này không còn chờ người thứ hai; mời tải lại trang để xem tình trạng."


class ExportNeedsAnother(Refusal):
    """Who ordered the numbers in clear does not also allow it."""

    code = "EXPORT_NEEDS_ANOTHER"
    sentence = "Xuất kèm số định danh, số tài khoản cần hai người; người yêu cầu không tự đồng ý được."


class ExportNotReady(Refusal):
    """Not allowed yet, refused, or written before."""

    code = "EXPORT_NOT_READY"
    sentence = "Lệnh này chưa được người thứ hai đồng ý, đã bị từ chối hoặc đã xuất rồi; mời xem trang Xuất dữ liệu."


class ErasureIsSettled(Refusal):
    """Decided before, or done."""

    code = "ERASURE_IS_SETTLED"
    sentence = "Lệnh xóa này không còn chờ người thứ hai; mời xem lại bằng manage.py erase_overdue."


class ErasureNeedsAnother(Refusal):
    """Who ordered it does not also allow it."""

    code = "ERASURE_NEEDS_ANOTHER"
    sentence = "Xóa dữ liệu cần hai người; người yêu cầu không tự đồng ý được."


class ErasureNotReady(Refusal):
    """Not allowed yet, refused, or done."""

    code = "ERASURE_NOT_READY"
    sentence = "Lệnh xóa này chưa được người thứ hai đồng ý, đã bị từ chối hoặc đã xong; chưa xóa gì thêm."


class NothingToErase(Refusal):
    code = "NOTHING_TO_ERASE"
    sentence = "Không có dữ liệu nào quá thời hạn giữ; không cần lập lệnh."
