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


class SealKeyMissing(Refusal):
    code = "SEAL_KEY_MISSING"
    sentence = (
        "Tiến trình này không có khóa niêm phong (ANSINH_SEAL_KEY) hoặc khóa công khai (ANSINH_SEAL_PUBLIC_KEYS)."
    )


class AssignedAlready(Refusal):
    code = "ASSIGNED_ALREADY"
    sentence = "Cán bộ này đã được phân công địa bàn đó từ ngày này."


class SomebodyElseAssigns(Refusal):
    code = "SOMEBODY_ELSE_ASSIGNS"
    sentence = "Không tự phân công cho mình; mời người quản lý phân công."
