"""Refusals of what a page showed and is so no more, and of what it can't be about."""

from staff.errors import Refusal


class DryRunIsOld(Refusal):
    code = "DRY_RUN_IS_OLD"
    sentence = (
        "Số liệu đã khác lần tính thử (có quyết định, tài khoản hay tin báo mới, hoặc ngân hàng vừa trả lời về tiền quay về); chưa lập gì. "
        "Mời tính thử lại, xem rồi lập."
    )


class GiftListIsAnother(Refusal):
    code = "GIFT_LIST_IS_ANOTHER"
    sentence = (
        "Kết quả đã khác lúc xem trước (có người vừa được ghi khoản này, hoặc hồ sơ, mức chi vừa thay đổi); chưa ghi cho ai. "
        "Mời xem trước lại tệp ở mục “Quà, chi một lần” rồi nạp."
    )


class LookNotToWrite(Refusal):
    code = "LOOK_NOT_TO_WRITE"
    sentence = "Danh sách này chưa xem trước xong, không có ai mới, hoặc đã hết thời hạn giữ; chưa ghi gì. Mời gửi lại tệp để xem trước."


class LetterIsAnother(Refusal):
    code = "LETTER_IS_ANOTHER"
    sentence = "Văn bản đã được thay bằng văn bản khác từ lúc mở xem; mời xem lại văn bản rồi kết luận."


class NumberNotKnown(Refusal):
    code = "NUMBER_NOT_KNOWN"
    sentence = "Hồ sơ chưa có số định danh nên chưa gắn được tin báo tử; mời xác định đúng người ở mục “Việc cần xử lý”, hoặc ghi quyết định tạm dừng."


class NoticeRefused(Refusal):
    """The sentence says what is wrong with the message."""

    code = "NOTICE_REFUSED"
    sentence = "Không ghi được tin báo tử này."
