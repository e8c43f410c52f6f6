"""Refusals of the paying app, each one a fact in Vietnamese for the person who gets it."""

from staff.errors import Refusal


class ListAlreadyBuilt(Refusal):
    code = "LIST_ALREADY_BUILT"
    sentence = "Danh sách của tháng này đã được lập; không lập lần hai."


class RecoveryBeingRecorded(Refusal):
    code = "RECOVERY_BEING_RECORDED"
    sentence = "Đang có người ghi phiếu thu hồi tiền nên chưa lập được danh sách; không có gì bị ghi dở. Mời lập lại sau vài phút."


class AnotherOrderWaits(Refusal):
    """Conflict: the id of the order that waits."""

    code = "ANOTHER_ORDER_WAITS"
    sentence = "Đã có yêu cầu lập danh sách tháng này đang chờ, với ngày hoặc người yêu cầu khác; mời xem yêu cầu đó."


class BankNotSaid(Refusal):
    code = "BANK_NOT_SAID"
    sentence = "Danh sách tài khoản phải cho biết của ngân hàng nào: mã BIN (ví dụ 970405) hoặc tên ngân hàng."


class DayImpossible(Refusal):
    code = "DAY_IMPOSSIBLE"
    sentence = "Ngày của danh sách phải từ năm 2000 đến hôm nay; mời xem lại."


class FundingAccountKnown(Refusal):
    code = "FUNDING_ACCOUNT_KNOWN"
    sentence = "Đơn vị, mã hoặc tài khoản tại ngân hàng này đã được khai báo với nội dung khác."


class FundingAccountInUse(Refusal):
    code = "FUNDING_ACCOUNT_IN_USE"
    sentence = "Tài khoản chi trả còn danh sách chưa kết thúc, còn tiền ở ngân hàng hoặc tổ chức chi trả, hay đã đóng; chưa đóng được."


class FundingAccountClosed(Refusal):
    code = "FUNDING_ACCOUNT_CLOSED"
    sentence = "Tài khoản chi trả của danh sách đã đóng; mời mở lại trước khi duyệt chi."


class ChangeWaits(Refusal):
    code = "CHANGE_WAITS"
    sentence = "Đề nghị với nội dung này đang chờ người thứ hai."


class ChangeDecided(Refusal):
    code = "CHANGE_DECIDED"
    sentence = "Đề nghị này đã được quyết định."


class ChangeNeedsAnother(Refusal):
    code = "CHANGE_NEEDS_ANOTHER"
    sentence = "Một người đề nghị, một người khác ở vai trò khác xác nhận."


class NotToRecover(Refusal):
    code = "NOT_TO_RECOVER"
    sentence = "Số tiền lớn hơn số còn phải thu (đã trừ các khoản đang giảm trừ), hoặc đơn vị chưa có tài khoản chi trả để ghi sổ."


class ReceiptRecorded(Refusal):
    code = "RECEIPT_RECORDED"
    sentence = "Số phiếu thu này đã được ghi với số tiền hoặc ngày khác."


class TopUpRecorded(Refusal):
    code = "TOP_UP_RECORDED"
    sentence = "Mã tham chiếu này đã được ghi nhận với số tiền, ngày, văn bản hoặc tài khoản khác; lần này chưa ghi gì."


class EstimateRecorded(Refusal):
    code = "ESTIMATE_RECORDED"
    sentence = "Văn bản này đã được ghi nhận cho chính sách, nguồn và năm này với số tiền hoặc ngày khác."


class EstimateBelowZero(Refusal):
    code = "ESTIMATE_BELOW_ZERO"
    sentence = "Không giảm nhiều hơn dự toán đã giao cho chính sách, nguồn và năm này."


class WrongBatchState(Refusal):
    code = "WRONG_BATCH_STATE"
    sentence = "Danh sách không ở bước này, mời tải lại trang để xem bước hiện tại."


class SignerAlreadySigned(Refusal):
    code = "SIGNER_ALREADY_SIGNED"
    sentence = "Người lập, kế toán trưởng và chủ tài khoản phải là ba người khác nhau; bạn đã ký danh sách này."


class ListChangedSinceSigned(Refusal):
    code = "LIST_CHANGED_SINCE_SIGNED"
    sentence = "Danh sách đã thay đổi sau khi được ký; mời trả lại người lập để trình lại."


class ListChangedSinceRead(Refusal):
    code = "LIST_CHANGED_SINCE_READ"
    sentence = "Danh sách đã thay đổi từ lúc mở xem; mời xem lại rồi ký."


class NotEnoughFunds(Refusal):
    code = "NOT_ENOUGH_FUNDS"
    sentence = "Số dư ở ngân hàng của tài khoản chi trả không đủ cho danh sách này; tiền Kho bạc cấp về đến tài khoản rồi mới duyệt chi được."


class ListIsEmpty(Refusal):
    code = "LIST_IS_EMPTY"
    sentence = "Danh sách không còn ai: mọi người đã được rút tên. Danh sách đã hủy, không phải ký; mời ký các danh sách còn lại."


class CannotStop(Refusal):
    """Which sentence depends on where the payment is: `payments.services.signing.removal.why_not`."""

    code = "CANNOT_STOP"
    sentence = "Khoản chi này không còn rút tên được."


class SomebodyWouldBeOmitted(Refusal):
    """Enrolments entitled for the month for which no amount or no paying unit is known; their codes are in `conflicts`."""

    code = "SOMEBODY_WOULD_BE_OMITTED"
    sentence = "Có hồ sơ đang hưởng chưa xác định được mức chuẩn hoặc đơn vị chi trả; mời bổ sung danh mục rồi lập lại."


class NoFundingAccount(Refusal):
    code = "NO_FUNDING_ACCOUNT"
    sentence = "Có đơn vị chi trả chưa khai báo tài khoản chi trả; mời khai báo rồi lập lại."


class MakerSignsAsMakerOnly(Refusal):
    code = "MAKER_SIGNS_AS_MAKER_ONLY"
    sentence = "Người đã lập hoặc sửa danh sách chỉ ký ở bước người lập, kể cả khi được ủy quyền."


class NotYourTurn(Refusal):
    code = "NOT_YOUR_TURN"
    sentence = "Danh sách còn chờ người ký ở bước trước, hoặc không cần chữ ký ở bước này."


class ListHasConflicts(Refusal):
    """Hard conflicts as `list:kind:payment:other payment`."""

    code = "LIST_HAS_CONFLICTS"
    sentence = (
        "Danh sách có lỗi phải sửa: người được chi hai lần cho cùng tháng hoặc hai chính sách không hưởng đồng thời (mời rút bớt một khoản), "
        "hoặc tài khoản không dùng được nữa (mời chuyển sang tài khoản khác hay tiền mặt); sửa xong mời trình lại."
    )


class ListHasWarnings(Refusal):
    """Warnings nobody looked into, as `list:kind:payment:other payment`."""

    code = "LIST_HAS_WARNINGS"
    sentence = "Danh sách còn cảnh báo chưa xem xét; mời ghi lý do cho từng cảnh báo rồi trình."


class NoSuchWarning(Refusal):
    code = "NO_SUCH_WARNING"
    sentence = "Cảnh báo này không còn, hoặc đã được ghi lý do; mời tải lại trang."


class SlipAlreadyOpen(Refusal):
    code = "SLIP_ALREADY_OPEN"
    sentence = "Khoản chi này đã có phiếu rút tên đang chờ ký."


class SlipIsSettled(Refusal):
    code = "SLIP_IS_SETTLED"
    sentence = "Phiếu rút tên này đã ký đủ hoặc đã bị từ chối."


class SlipSignerAlreadySigned(Refusal):
    code = "SLIP_SIGNER_ALREADY_SIGNED"
    sentence = "Phiếu rút tên phải có hai người ký khác nhau: kế toán trưởng và chủ tài khoản."


class PaymentIsSuspended(Refusal):
    """The sentence tells who suspended it, since when and why, and who may lift it. Conflicts: the ids of the freezes that hold."""

    code = "PAYMENT_IS_SUSPENDED"
    sentence = "Đang tạm ngừng chi trên địa bàn này: chưa duyệt chi, chưa giao danh sách được cho đến khi gỡ."


class AlreadyFrozen(Refusal):
    code = "ALREADY_FROZEN"
    sentence = "Đơn vị và chính sách này đang tạm ngừng chi."


class NotFrozen(Refusal):
    code = "NOT_FROZEN"
    sentence = "Lệnh tạm ngừng chi này đã được gỡ."


class CannotAskToStop(Refusal):
    code = "CANNOT_ASK_TO_STOP"
    sentence = "Chỉ thông báo dừng chi với khoản đã giao mà chưa có kết quả; khoản chưa giao thì rút tên, khoản đã chi thì thu hồi."


class RuleReachesBack(Refusal):
    code = "RULE_REACHES_BACK"
    sentence = "Quy định ký chỉ áp dụng cho danh sách lập sau; ngày hiệu lực phải sau ngày lập của mọi danh sách đã có."


class UnreadablePaper(Refusal):
    code = "UNREADABLE_PAPER"
    sentence = "Tệp phải là PDF, JPEG hoặc PNG và không quá 10 MB."


class PaperNotIntact(Refusal):
    """The PDF was changed after it was signed, or a signature can't be verified."""

    code = "PAPER_NOT_INTACT"
    sentence = "Chữ ký số trên tệp không còn nguyên vẹn: nội dung đã bị sửa sau khi ký."


class PaperOfAnotherList(Refusal):
    code = "PAPER_OF_ANOTHER_LIST"
    sentence = "Dữ liệu kèm trong tệp PDF không phải của danh sách này như đang lưu; mời in lại, ký lại."


class BankHoldsIt(Refusal):
    code = "BANK_HOLDS_IT"
    sentence = (
        "Ngân hàng đang có khoản này trong danh sách lệnh, không gửi lại; kết quả đã được cập nhật theo ngân hàng."
    )


class ContradictionUnanswered(Refusal):
    code = "CONTRADICTION_UNANSWERED"
    sentence = "Ngân hàng đã báo khác về khoản gửi bằng tệp này; cần văn bản của ngân hàng và kết luận của hai người ở hai vai trò trước khi gửi lại."


class BankListUnread(Refusal):
    code = "BANK_LIST_UNREAD"
    sentence = "Chưa đọc được hết danh sách lệnh của ngân hàng nên chưa kết luận được; mời thử lại sau ít phút."


class TooEarlyToConclude(Refusal):
    code = "TOO_EARLY_TO_CONCLUDE"
    sentence = "Chưa hết thời gian xử lý lâu nhất của ngân hàng; mời thử lại sau."


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


class AnotherGrantOrderWaits(Refusal):
    """The same decision is being granted to the same people with another signer or reason: two papers, or one that was mistyped."""

    code = "ANOTHER_GRANT_ORDER_WAITS"
    sentence = "Quyết định mang số và ngày này đang được ghi với người ký hoặc lý do khác; chưa nhận lần gửi này."


class CycleIsClosed(Refusal):
    code = "CYCLE_IS_CLOSED"
    sentence = "Kỳ chi trả đã khóa; khoản chưa đến tay người hưởng sẽ vào danh sách của kỳ sau."


class GrantsNotListed(Refusal):
    """People were granted something once for the month and stand on no list; the codes of the grants are in `conflicts`."""

    code = "GRANTS_NOT_LISTED"
    sentence = "Còn người được ghi khoản chi một lần của tháng này chưa có trong danh sách nào; mời lập danh sách bổ sung trước khi khóa kỳ."


class NothingToSupplement(Refusal):
    code = "NOTHING_TO_SUPPLEMENT"
    sentence = "Không có ai chờ danh sách bổ sung của tháng này: người được ghi đều đã có trong danh sách."


class NothingToReissue(Refusal):
    code = "NOTHING_TO_REISSUE"
    sentence = (
        "Chưa có khoản nào chi lại được: tài khoản chưa được sửa và xác minh lại, cũng chưa chuyển sang tiền mặt."
    )


class OutcomeNotUnknown(Refusal):
    code = "OUTCOME_NOT_UNKNOWN"
    sentence = "Khoản chi chưa đến lúc tra soát bằng tay, hoặc đã rõ kết quả; mời tải lại trang."


class HouseholdsUnclear(Refusal):
    """The rows and households that can't be told."""

    code = "HOUSEHOLDS_UNCLEAR"
    sentence = "Danh sách hộ có dòng không tìm thấy hồ sơ, hoặc hộ không có đúng một chủ hộ; chưa ghi cho ai."


class NothingToCorrect(Refusal):
    code = "NOTHING_TO_CORRECT"
    sentence = "Tệp này không có dòng nào phải sửa, hoặc bản kèm lý do đã quá thời hạn lưu; mời xem lý do ngay trên trang của tệp."
