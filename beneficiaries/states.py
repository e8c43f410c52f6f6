"""The life of an account that receives benefits, and of a wish to change it. The database holds the same tables as triggers; a test compares them."""

from django.db import models


class AccountStatus(models.TextChoices):
    """Where an account stands."""

    NEEDED = "NEEDED", "Cần mở"
    REQUESTED = "REQUESTED", "Đã đề nghị mở"
    OPENED = "OPENED", "Đã mở, chờ xác nhận"
    VERIFIED = "VERIFIED", "Đã xác nhận"
    CLOSED = "CLOSED", "Đã đóng"
    REFUSED = "REFUSED", "Ngân hàng từ chối mở"


class AccountCause(models.TextChoices):
    """Why an account moved. BANK_OPENED, BANK_REFUSED and MONEY_BACK are the bank's words, all others ours."""

    NEED = "NEED", "Lập danh sách cần mở"
    REGISTER = "REGISTER", "Đăng ký, nạp danh sách"
    REQUEST = "REQUEST", "Đề nghị ngân hàng mở"
    BANK_OPENED = "BANK_OPENED", "Ngân hàng báo đã mở"
    BANK_REFUSED = "BANK_REFUSED", "Ngân hàng từ chối mở"
    VERIFY = "VERIFY", "Xác nhận đúng chủ tài khoản"
    MONEY_BACK = "MONEY_BACK", "Tiền bị hoàn trả vì tài khoản"
    HOLDER_CHANGED = "HOLDER_CHANGED", "Chủ tài khoản hoặc họ tên người hưởng thay đổi"
    CLOSE = "CLOSE", "Đóng tài khoản, thôi dùng"
    WITHDRAW = "WITHDRAW", "Rút đề nghị mở"


_S, _C = AccountStatus, AccountCause

ACCOUNT_TRANSITIONS: dict[tuple[str, str], str] = {
    (_S.NEEDED, _C.REQUEST): _S.REQUESTED,
    (_S.REFUSED, _C.REQUEST): _S.REQUESTED,
    (_S.REQUESTED, _C.BANK_OPENED): _S.OPENED,
    (_S.REQUESTED, _C.BANK_REFUSED): _S.REFUSED,
    (_S.OPENED, _C.VERIFY): _S.VERIFIED,
    (_S.VERIFIED, _C.MONEY_BACK): _S.OPENED,
    (_S.VERIFIED, _C.HOLDER_CHANGED): _S.OPENED,
    (_S.OPENED, _C.CLOSE): _S.CLOSED,
    (_S.VERIFIED, _C.CLOSE): _S.CLOSED,
    (_S.NEEDED, _C.WITHDRAW): _S.CLOSED,
    (_S.REFUSED, _C.WITHDRAW): _S.CLOSED,
}
AT_THE_BANK = (_S.OPENED, _S.VERIFIED)
WITHOUT_NUMBER = (_S.NEEDED, _S.REQUESTED, _S.REFUSED)


def account_sources(cause: str) -> dict[str, str]:
    """The moves a cause may make: `{status before: status after}`."""
    return {source: target for (source, its_cause), target in ACCOUNT_TRANSITIONS.items() if its_cause == cause}


class ChangeStatus(models.TextChoices):
    """Where a change of account stands: a second person decides it."""

    PENDING = "PENDING", "Chờ người thứ hai duyệt"
    APPROVED = "APPROVED", "Đã duyệt"
    REFUSED = "REFUSED", "Không duyệt"


CHANGE_TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {(ChangeStatus.PENDING, ChangeStatus.APPROVED), (ChangeStatus.PENDING, ChangeStatus.REFUSED)}
)


class OpeningStatus(models.TextChoices):
    """Where one request to a bank to open an account stands."""

    READY = "READY", "Chờ gửi"
    SENT = "SENT", "Đã gửi, chưa rõ kết quả"
    TAKEN = "TAKEN", "Ngân hàng đang xử lý"
    OPENED = "OPENED", "Ngân hàng đã mở"
    REFUSED = "REFUSED", "Ngân hàng từ chối"


OPENING_TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (OpeningStatus.READY, OpeningStatus.SENT),
        (OpeningStatus.SENT, OpeningStatus.READY),  # the bank certainly never took it
        (OpeningStatus.SENT, OpeningStatus.TAKEN),
        (OpeningStatus.SENT, OpeningStatus.OPENED),
        (OpeningStatus.SENT, OpeningStatus.REFUSED),
        (OpeningStatus.TAKEN, OpeningStatus.OPENED),
        (OpeningStatus.TAKEN, OpeningStatus.REFUSED),
    }
)


class CorrectionStatus(models.TextChoices):
    """Where a correction of a person's record stands: whoever proposed may take it back, only another confirms or refuses."""

    PROPOSED = "PROPOSED", "Chờ người thứ hai xác nhận"
    IN_FORCE = "IN_FORCE", "Đã sửa hồ sơ"
    REFUSED = "REFUSED", "Không chấp nhận"
    WITHDRAWN = "WITHDRAWN", "Đã rút"


CORRECTION_TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (CorrectionStatus.PROPOSED, CorrectionStatus.IN_FORCE),
        (CorrectionStatus.PROPOSED, CorrectionStatus.REFUSED),
        (CorrectionStatus.PROPOSED, CorrectionStatus.WITHDRAWN),
    }
)
