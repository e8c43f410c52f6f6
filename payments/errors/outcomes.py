"""Refusals about what became of a payment: enquiries, letters, findings, words that contradict each other."""

from staff.errors import Refusal


class BooksNotRead(Refusal):
    """The database was restored, copied or promoted since (ADR 94)."""

    code = "BOOKS_NOT_READ"
    sentence = (
        "Cơ sở dữ liệu vừa được khôi phục hoặc chuyển máy, sổ chưa đối chiếu với ngân hàng nên chưa gửi, chưa bàn giao danh sách nào; "
        "mời báo cán bộ kỹ thuật chạy lệnh after_restore."
    )


class BooksNotCompared(Refusal):
    """The database server was started, and the bank's newest orders were not seen since (ADR 100)."""

    code = "BOOKS_NOT_COMPARED"
    sentence = (
        "Máy chủ cơ sở dữ liệu vừa khởi động, hệ thống đang so các lệnh mới nhất của ngân hàng với sổ nên chưa gửi, chưa bàn giao danh sách nào; "
        "mời thử lại sau một phút. Nếu vẫn vậy: ngân hàng không trả lời hoặc từ chối; trang đầu nêu tài khoản, lý do và việc cần làm."
    )


class ShownDebited(Refusal):
    code = "SHOWN_DEBITED"
    sentence = "Sao kê ghi Nợ khoản chi này mà chưa ghi hoàn trả; chờ dòng hoàn trả, hoặc xử lý chênh lệch theo quyết định với hai chữ ký."


class EnquiryNotYours(Refusal):
    code = "ENQUIRY_NOT_YOURS"
    sentence = "Một người nhận tra soát và đính kèm văn bản của ngân hàng, một người khác ở vai trò khác kết luận; mời xem ai đang phụ trách."


class NotContradicted(Refusal):
    code = "NOT_CONTRADICTED"
    sentence = (
        "Không có báo khác nhau nào chờ kết luận về khoản chi này, hoặc ngân hàng còn hỏi lại được về chính khoản ấy."
    )


class LeftSomething(Refusal):
    code = "LEFT_SOMETHING"
    sentence = "Khoản chi đang được ghi là đã chi hoặc đang chuyển nên không kết luận là tiền không đến; khoản trả lại phải do ngân hàng, tổ chức chi trả báo."


class SameLetterAgain(Refusal):
    code = "SAME_LETTER_AGAIN"
    sentence = (
        "Kết luận trước dựa trên chính văn bản này; rút kết luận phải có văn bản khác của ngân hàng, tổ chức chi trả."
    )


class FindingMissing(Refusal):
    code = "FINDING_MISSING"
    sentence = "Chưa có văn bản trả lời của ngân hàng hoặc tổ chức chi trả chờ kết luận; mời đính kèm văn bản trước."


class FindingNeedsAnother(Refusal):
    code = "FINDING_NEEDS_ANOTHER"
    sentence = "Một người đính kèm văn bản, một người khác ở vai trò khác kết luận."


class ToldAgainSince(Refusal):
    code = "TOLD_AGAIN_SINCE"
    sentence = "Sau khi văn bản được đính kèm lại có báo khác về khoản chi này; mời lấy văn bản mới rồi đính kèm lại."


class LetterMissing(Refusal):
    code = "LETTER_MISSING"
    sentence = "Chưa có văn bản trả lời của ngân hàng; người nhận tra soát đính kèm văn bản trước khi kết luận."


class BankShowsTheOrder(Refusal):
    code = "BANK_SHOWS_THE_ORDER"
    sentence = "Ngân hàng có lệnh mang mã này nhưng khác số tiền hoặc khác lần gửi; mời đối chiếu với ngân hàng."


class RingIsFollowed(Refusal):
    code = "RING_IS_FOLLOWED"
    sentence = "Tin báo này không còn chờ tra: ngân hàng đã trả lời, chưa hỏi lần nào, hoặc đã có người đóng."


class ReportIsNotWrong(Refusal):
    code = "REPORT_IS_NOT_WRONG"
    sentence = "Báo cáo này không có gì sai đang chờ: đã áp dụng, chưa đọc đến, hoặc đã có người đóng."


class NotSaidToHaveArrived(Refusal):
    code = "NOT_SAID_TO_HAVE_ARRIVED"
    sentence = (
        "Khoản này chưa được ghi là đã đến nơi nên không mở tra soát cho người dân; xem câu trả lời ở mục “Tiền đang ở đâu”, "
        "khoản chưa rõ kết quả ở mục “Tra soát”."
    )


class AskedAlready(Refusal):
    code = "ASKED_ALREADY"
    sentence = "Khoản này đã có tra soát đang chờ trả lời; mời xem ở phần “Việc cần xử lý” của người này."


class NothingToCertify(Refusal):
    code = "NOTHING_TO_CERTIFY"
    sentence = (
        "Người này hiện không có hồ sơ hưởng hằng tháng nào còn hiệu lực (tạm dừng, thôi hưởng, chuyển đi, hoặc đang chờ xác minh tin báo tử) "
        "nên không in giấy xác nhận; mời xem phần “Hồ sơ hưởng”."
    )


class SignedListLeavesNobody(Refusal):
    code = "SIGNED_LIST_LEAVES_NOBODY"
    sentence = (
        "Danh sách đã có người ký nên không để ai lại kỳ sau được; mời lập phiếu rút tên (tiền vẫn được giữ, trả cùng kỳ sau), "
        "hoặc trả lại danh sách để sửa rồi để kỳ sau."
    )


class SignedListTakesNobodyBack(Refusal):
    code = "SIGNED_LIST_TAKES_NOBODY_BACK"
    sentence = (
        "Danh sách đã có người ký, hoặc đã hủy vì không còn ai, nên không đưa lại được: tiền kỳ này được giữ và trả cùng kỳ sau. "
        "Cần chi ngay kỳ này, mời người kiểm soát hoặc duyệt chi trả lại danh sách để sửa rồi đưa lại."
    )


class NotLeftForNextMonth(Refusal):
    code = "NOT_LEFT_FOR_NEXT_MONTH"
    sentence = (
        "Không có gì để đưa lại: người này không được để kỳ sau ở danh sách này, đã được đưa lại rồi, hoặc tiền đã vào danh sách kỳ sau. "
        "Mời xem “Tiền đang ở đâu” của người này."
    )
