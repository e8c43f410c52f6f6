"""Refusals of a signature for when it is made."""

from staff.errors import Refusal


class SignatureOutOfTime(Refusal):
    """Before the signature it follows or the last change of the list, or of a time to come: two signed at once, or a clock is wrong."""

    code = "SIGNATURE_OUT_OF_TIME"
    sentence = (
        "Giờ ký phải sau chữ ký và thay đổi trước đó, và không ở tương lai; chưa ký gì. Có thể người khác vừa ký: mời tải lại trang, xem rồi ký lại. "
        "Nếu vẫn như vậy, mời báo người quản trị xem lại giờ của máy chủ."
    )
