"""Refusals about the visiting sheet that comes back."""

from staff.errors import Refusal


class VisitsChanged(Refusal):
    """It would do another thing now than what was shown."""

    code = "VISITS_CHANGED"
    sentence = "Từ lúc xem trước, hồ sơ đã thay đổi nên kết quả nạp sẽ khác; chưa ghi gì. Mời gửi lại tệp để xem lại rồi xác nhận."


class VisitsForgotten(Refusal):
    """What was looked at is kept for half an hour."""

    code = "VISITS_FORGOTTEN"
    sentence = "Tệp đã xem trước không còn được giữ (quá 30 phút); chưa ghi gì. Mời gửi lại tệp."
