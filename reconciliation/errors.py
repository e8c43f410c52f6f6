"""Refusals of the reconciling app."""

from staff.errors import Refusal


class StatementOfAnotherAccount(Refusal):
    code = "STATEMENT_OF_ANOTHER_ACCOUNT"
    sentence = "Sao kê này không phải của tài khoản chi trả nào bạn phụ trách."


class StatementNotAccepted(Refusal):
    """The file could not be read; the sentence says why."""

    code = "STATEMENT_NOT_ACCEPTED"


class StatementTakesTooMuch(Refusal):
    """It was read in a process of its own, which came to its limit."""

    code = "STATEMENT_TAKES_TOO_MUCH"
    sentence = (
        "Đọc tệp sao kê này vượt giới hạn bộ nhớ hoặc thời gian nên đã dừng, chưa ghi gì: tệp hỏng, hoặc có quá nhiều bút toán. "
        "Mời tải lại tệp từ ngân hàng; nếu vẫn vậy, lấy sao kê theo từng ngày rồi nạp từng tệp."
    )


class TooManyStatements(Refusal):
    code = "TOO_MANY_STATEMENTS"
    sentence = "Hệ thống đang đọc những tệp sao kê khác nên chưa nhận tệp này, chưa ghi gì; mời gửi lại sau một phút."


class StatementDiffers(Refusal):
    code = "STATEMENT_DIFFERS"
    sentence = "Đã có một sao kê khác mang cùng số thứ tự của tài khoản này; mời hỏi ngân hàng bản nào đúng."


class DaysDiffer(Refusal):
    """Conflicts: the account, and how many entries."""

    code = "DAYS_DIFFER"
    sentence = (
        "Những ngày này đã có sao kê ở định dạng khác, ghi cùng số tiền nhưng khác ngày và không có mã đối chiếu, nên không biết là một hay hai "
        "bút toán; chưa ghi gì. Mời hỏi ngân hàng ngày ghi sổ, hoặc chỉ nạp một định dạng cho những ngày này."
    )


class DayNotOver(Refusal):
    code = "DAY_NOT_OVER"
    sentence = "Chỉ lấy được sao kê của những ngày đã qua, từ ngày không sau đến ngày."


class DayBeforeAccount(Refusal):
    """What a bank booked before the account paid anything here; the conflict names the account."""

    code = "DAY_BEFORE_ACCOUNT"


class AnswerDayOutOfBounds(Refusal):
    code = "ANSWER_DAY_OUT_OF_BOUNDS"


class StatementKeepsChanging(Refusal):
    """The bank's pages and balance never agreed; nothing was written."""

    code = "STATEMENT_KEEPS_CHANGING"
    sentence = "Danh sách giao dịch của ngân hàng đang thay đổi khi đọc, chưa khớp số dư; chưa ghi gì, mời lấy lại sau."


class PeriodNotOver(Refusal):
    code = "PERIOD_NOT_OVER"
    sentence = "Kỳ báo cáo phải gồm các tháng đã hết, từ tháng không sau đến tháng, nhiều nhất 24 tháng."


class ReportOrdered(Refusal):
    """The conflict names the report that is there."""

    code = "REPORT_ORDERED"
    sentence = "Báo cáo này của đơn vị đã có; mời mở báo cáo đó, hoặc yêu cầu lập lại nếu số liệu đã thay đổi."


class ReportBearsNoSignature(Refusal):
    code = "REPORT_BEARS_NO_SIGNATURE"
    sentence = (
        "Tệp là bản PDF tải từ hệ thống, chưa có chữ ký số nào; mời ký số rồi tải lên, hoặc tải lên bản quét đã ký."
    )


class PaperOfAnotherReport(Refusal):
    code = "PAPER_OF_ANOTHER_REPORT"
    sentence = "Tệp đã ký không phải bản PDF của báo cáo này, hoặc nội dung dưới chữ ký đã bị thay đổi."


class PaperOfOtherMinutes(Refusal):
    code = "PAPER_OF_OTHER_MINUTES"
    sentence = (
        "Tệp đã ký không phải biên bản đã phát hành của tài khoản và tháng này, hoặc nội dung dưới chữ ký đã bị thay đổi; "
        "nộp tệp ở trang Kiểm tra giấy tờ để xem số nào khác."
    )


class MinutesBearNoSignature(Refusal):
    code = "MINUTES_BEAR_NO_SIGNATURE"
    sentence = "Tệp là biên bản PDF tải từ hệ thống, chưa có chữ ký số nào; mời ký số rồi tải lên, hoặc tải lên bản quét đã ký."


class FileNotKnown(Refusal):
    """Not one of ours, not readable, or of a unit out of reach: who asks is not told which."""

    code = "FILE_NOT_KNOWN"
    sentence = "Mã số liệu trong tệp không phải của giấy tờ nào đã lập trên hệ thống."


class FileTooLarge(Refusal):
    code = "FILE_TOO_LARGE"
    sentence = (
        "Tệp quá lớn: chỉ nhận tệp không quá 20 MB. Mời chọn đúng tệp hệ thống đã phát hành, không phải bản quét."
    )


class TooManyChecks(Refusal):
    code = "TOO_MANY_CHECKS"
    sentence = "Đang có những tệp khác được kiểm tra; mời gửi lại tệp này sau một phút."


class CheckTakesTooLong(Refusal):
    code = "CHECK_TAKES_TOO_LONG"
    sentence = (
        "Tính lại số liệu của tệp này quá một phút nên đã dừng, chưa kết luận gì; mời gửi lại ngoài giờ cao điểm, "
        "hoặc kiểm tra bằng lệnh verify_report."
    )


class FileTakesTooMuch(Refusal):
    """It was read in a process of its own, which came to its limit."""

    code = "FILE_TAKES_TOO_MUCH"
    sentence = (
        "Đọc tệp này vượt giới hạn thời gian hoặc bộ nhớ nên đã dừng, chưa kết luận gì: tệp hỏng, hoặc không phải tệp hệ thống phát hành. "
        "Mời tải lại tệp gốc từ nơi nhận rồi gửi lại; nếu vẫn vậy, gửi tệp cho Sở."
    )


class NothingToTrace(Refusal):
    code = "NOTHING_TO_TRACE"
    sentence = (
        "Chưa có tra soát nào đang mở về khoản này nên không in phiếu; mời nhận tra soát ở mục “Tra soát”, "
        "hoặc mở tra soát trên trang của người hưởng, rồi in."
    )


class LineExplained(Refusal):
    code = "LINE_EXPLAINED"
    sentence = "Dòng sao kê hoặc khoản chi này đã được nối; muốn nối lại, hãy hủy lần nối trước."


class AmountsDiffer(Refusal):
    code = "AMOUNTS_DIFFER"
    sentence = "Số tiền của dòng sao kê khác số tiền của khoản chi, nên không nối được; hãy hỏi ngân hàng."


class NotOfThisAccount(Refusal):
    code = "NOT_OF_THIS_ACCOUNT"
    sentence = "Khoản chi này thuộc tài khoản chi trả khác với sao kê."


class MatchUndone(Refusal):
    code = "MATCH_UNDONE"
    sentence = "Lần nối này đã được hủy."


class WrongDiscrepancyState(Refusal):
    code = "WRONG_DISCREPANCY_STATE"
    sentence = "Chênh lệch này không ở bước đó nữa; mời tải lại trang để xem tình trạng hiện tại."


class NotForThisKind(Refusal):
    code = "NOT_FOR_THIS_KIND"
    sentence = "Cách xử lý này không dùng được cho loại chênh lệch này."


class NothingExplainsIt(Refusal):
    code = "NOTHING_EXPLAINS_IT"
    sentence = (
        "Chưa có khoản chi, lần cấp tiền hay lần chuyển tiền nào mang mã và số tiền của dòng này (hoặc kỳ của dòng đã khóa); "
        "mời ghi nhận ở trang Kinh phí đúng mã tham chiếu, số tiền rồi dò lại."
    )


class WroteOffWhatTheyReleased(Refusal):
    code = "WROTE_OFF_WHAT_THEY_RELEASED"
    sentence = "Bạn đã duyệt chi danh sách có khoản chi này nên không được ký xử lý chênh lệch của nó."


class SecondSignerIsTheFirst(Refusal):
    code = "SECOND_SIGNER_IS_THE_FIRST"
    sentence = "Xử lý chênh lệch theo quyết định phải có hai người khác nhau ký."


class PeriodIsClosed(Refusal):
    code = "PERIOD_IS_CLOSED"
    sentence = "Kỳ này đã khóa; muốn ghi thêm, phải có quyết định mở lại kỳ."


class LaterPeriodIsClosed(PeriodIsClosed):
    """Its opening balance is this month's closing one; the conflict names it."""

    sentence = "Kỳ sau đã khóa; muốn mở lại kỳ này, phải mở lại kỳ sau trước, cũng theo quyết định."


class EarlierPeriodIsOpen(Refusal):
    """What is still booked in them changes where this month begins; they are in `conflicts`, the oldest first."""

    code = "EARLIER_PERIOD_IS_OPEN"
    sentence = "Kỳ trước chưa khóa; mời khóa lần lượt từ kỳ sớm nhất."


class PeriodIsOpen(Refusal):
    code = "PERIOD_IS_OPEN"
    sentence = "Kỳ này chưa khóa."


class PeriodNotExplained(Refusal):
    """The ids of the discrepancies that are neither resolved nor carried forward by name are in `conflicts`."""

    code = "PERIOD_NOT_EXPLAINED"
    sentence = "Còn chênh lệch chưa xử lý; mời xử lý, hoặc nêu đích danh từng chênh lệch chuyển sang kỳ sau kèm lý do."


class PeriodNotCovered(Refusal):
    code = "PERIOD_NOT_COVERED"
    sentence = "Chưa có sao kê đến ngày cuối tháng; mời nạp đủ sao kê rồi khóa kỳ."


class PeriodNotSettled(Refusal):
    code = "PERIOD_NOT_SETTLED"
    sentence = "Còn khoản chi của kỳ này chưa có kết quả cuối cùng ở ngân hàng; mời tra soát xong rồi khóa kỳ."


class NoListOfMonth(Refusal):
    code = "NO_LIST_OF_MONTH"
    sentence = "Tháng này chưa có danh sách chi trả nào trên địa bàn."


class PaperNotReady(Refusal):
    code = "PAPER_NOT_READY"
    sentence = "Giấy tờ chưa làm xong; mời xem tiến độ và tải lại sau."


class TooManyPapers(Refusal):
    code = "TOO_MANY_PAPERS"
    sentence = "Bạn đang có nhiều giấy tờ chờ lập; mời chờ lập xong rồi yêu cầu tiếp."


class PaperIsForgotten(Refusal):
    code = "PAPER_IS_FORGOTTEN"
    sentence = "Giấy tờ đã được xóa sau thời hạn lưu; mời yêu cầu lại."


class ReportIsDraft(Refusal):
    """Figures that do not tie out are never signed (I12)."""

    code = "REPORT_IS_DRAFT"
    sentence = "Báo cáo này là bản nháp vì số liệu chưa khớp; mời xử lý chênh lệch, yêu cầu lập lại rồi ký."


class ReportCountedAgain(Refusal):
    """Conflicts: the code of the figures it has now."""

    code = "REPORT_COUNTED_AGAIN"
    sentence = "Số liệu của báo cáo đã được lập lại; mời xem bản mới rồi ký."


class WrongReportState(Refusal):
    code = "WRONG_REPORT_STATE"
    sentence = "Báo cáo không ở bước này; mời tải lại trang để xem tình trạng hiện tại."


class MonthNotListed(Refusal):
    code = "MONTH_NOT_LISTED"
    sentence = "Tháng này chưa lập danh sách; mời lập danh sách (chưa cần ký) rồi so với tệp Excel."


class PrisonListDaysImpossible(Refusal):
    code = "PRISON_LIST_DAYS_IMPOSSIBLE"
    sentence = "Thời gian danh sách nói tới phải từ năm 2000 đến hôm nay, từ ngày không sau đến ngày; mời xem lại hai ngày này."
