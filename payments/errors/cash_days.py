"""Refusals of days on which cash is handed out."""

from staff.errors import Refusal


class OneCarriesAlone(Refusal):
    code = "ONE_CARRIES_ALONE"
    sentence = "Người mang tiền và người chứng kiến phải là hai người khác nhau."


class DayIsNotAhead(Refusal):
    code = "DAY_IS_NOT_AHEAD"
    sentence = "Người mang tiền, người chứng kiến phải ghi trước ngày chi: mời chọn ngày sau hôm nay."


class NoSuchPlace(Refusal):
    code = "NO_SUCH_PLACE"
    sentence = "Danh sách này không có ai nhận tiền ở điểm đó, hoặc không phải danh sách tiền mặt đã duyệt chi."


class DayIsNotPlanned(Refusal):
    code = "DAY_IS_NOT_PLANNED"
    sentence = "Điểm này chưa ghi người mang tiền, người chứng kiến cho ngày nào đã đến."


class DayHasEnded(Refusal):
    code = "DAY_HAS_ENDED"
    sentence = "Ngày chi ở điểm này đã kết thúc, số tiền mang về đã ghi."


class PlannerCannotEnd(Refusal):
    code = "PLANNER_CANNOT_END"
    sentence = "Người đã phân công ngày chi không tự ghi số tiền mang về; mời người thứ hai đếm và ghi."


class ResultsMissing(Refusal):
    """Conflicts: how many people of the place nothing was said of yet."""

    code = "RESULTS_MISSING"
    sentence = "Còn người ở điểm này chưa có kết quả; mời nạp danh sách kết quả rồi ghi số tiền mang về."


class ReturnedDiffers(Refusal):
    """Conflicts: what should have come back, and what was said to, đồng."""

    code = "RETURNED_DIFFERS"
    sentence = (
        "Số tiền mang về không bằng số mang đi trừ số đã phát theo danh sách ký nhận; mời đếm lại, kiểm tra chữ ký."
    )
