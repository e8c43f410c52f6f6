"""Refusals of the paying app, each one a fact in Vietnamese for the person who gets it."""

from staff.errors import Refusal


class ListAlreadyBuilt(Refusal):
    code = "LIST_ALREADY_BUILT"
    sentence = "Danh sách của tháng này đã được lập; không lập lần hai."


class WrongBatchState(Refusal):
    code = "WRONG_BATCH_STATE"
    sentence = "Danh sách không ở bước này, mời tải lại trang để xem bước hiện tại."


class SignerAlreadySigned(Refusal):
    code = "SIGNER_ALREADY_SIGNED"
    sentence = "Người lập, kế toán trưởng và chủ tài khoản phải là ba người khác nhau; bạn đã ký danh sách này."


class ListChangedSinceSigned(Refusal):
    code = "LIST_CHANGED_SINCE_SIGNED"
    sentence = "Danh sách đã thay đổi sau khi được ký; mời trả lại người lập để trình lại."


class NotEnoughFunds(Refusal):
    code = "NOT_ENOUGH_FUNDS"
    sentence = "Số dư tài khoản chi trả không đủ cho danh sách này."


class ListIsEmpty(Refusal):
    code = "LIST_IS_EMPTY"
    sentence = "Danh sách không có khoản chi nào."


class CannotStop(Refusal):
    code = "CANNOT_STOP"
    sentence = "Khoản chi đã gửi ngân hàng, không rút tên được; mời đề nghị ngân hàng hủy."


class SomebodyWouldBeOmitted(Refusal):
    """Enrolments entitled for the month for which no amount or no paying unit is known; their codes are in `conflicts`."""

    code = "SOMEBODY_WOULD_BE_OMITTED"
    sentence = "Có hồ sơ đang hưởng chưa xác định được mức chuẩn hoặc đơn vị chi trả; mời bổ sung danh mục rồi lập lại."


class NoFundingAccount(Refusal):
    code = "NO_FUNDING_ACCOUNT"
    sentence = "Có đơn vị chi trả chưa khai báo tài khoản chi trả; mời khai báo rồi lập lại."


class NoRefusedFile(Refusal):
    code = "NO_REFUSED_FILE"
    sentence = "Danh sách không có tệp nào bị ngân hàng từ chối cả tệp mà chưa gửi lại."


class TooManyMonths(Refusal):
    code = "TOO_MANY_MONTHS"
    sentence = "Một kỳ chỉ chi gộp được từ một đến ba tháng."


class BudgetYearNotSaid(Refusal):
    code = "BUDGET_YEAR_NOT_SAID"
    sentence = "Danh sách tháng 1 lập trước ngày 25/12: mời cho biết kinh phí thuộc niên độ ngân sách năm nào."


class CycleNotFinished(Refusal):
    """Lists of the cycle that still have payments under way; their ids are in `conflicts`."""

    code = "CYCLE_NOT_FINISHED"
    sentence = "Kỳ chi trả còn danh sách chưa xong, chưa khóa kỳ được."


class OneOffImpossible(Refusal):
    """A grant paid once that can't be opened or given."""

    code = "ONE_OFF_IMPOSSIBLE"
    sentence = "Không ghi được khoản chi một lần này."
