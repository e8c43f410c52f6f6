"""The life of a payment and of a list, each one table. The database holds the same tables as triggers; a test compares them."""

from django.db import models


class PaymentStatus(models.TextChoices):
    """Where a payment stands."""

    DRAFT = "DRAFT", "Đang lập"
    READY = "READY", "Chờ chuyển"
    SENT = "SENT", "Đã gửi ngân hàng"
    PROCESSING = "PROCESSING", "Ngân hàng đang xử lý"
    POSTED = "POSTED", "Đã ghi có"
    FAILED = "FAILED", "Không chuyển được"
    RETURNED = "RETURNED", "Ngân hàng hoàn trả"
    CANCELLED = "CANCELLED", "Đã hủy"


class Cause(models.TextChoices):
    """Why a payment moved. HANDED_OVER, COLLECTED and NOT_COLLECTED are the cash provider's words, all others ours or the bank's."""

    BUILD = "BUILD", "Lập danh sách"
    RELEASE = "RELEASE", "Duyệt chi"
    STOP = "STOP", "Rút tên, dừng chi"
    CLAIM = "CLAIM", "Nhận việc gửi"
    NOT_TAKEN = "NOT_TAKEN", "Ngân hàng chắc chắn chưa nhận"
    ACCEPTED = "ACCEPTED", "Ngân hàng đã nhận"
    BANK_POSTED = "BANK_POSTED", "Ngân hàng báo đã ghi có"
    BANK_FAILED = "BANK_FAILED", "Ngân hàng báo không chuyển được"
    BANK_CANCELLED = "BANK_CANCELLED", "Ngân hàng báo đã hủy"
    BANK_RETURNED = "BANK_RETURNED", "Ngân hàng báo hoàn trả"
    NEVER_HAD = "NEVER_HAD", "Ngân hàng xác nhận bằng văn bản không có lệnh"
    FOUND_ARRIVED = "FOUND_ARRIVED", "Kết luận theo văn bản: tiền đã đến"
    FOUND_WRONG = "FOUND_WRONG", "Rút kết luận theo văn bản: tiền không đến"
    HANDED_OVER = "HANDED_OVER", "Giao danh sách tiền mặt"
    COLLECTED = "COLLECTED", "Người hưởng đã ký nhận"
    NOT_COLLECTED = "NOT_COLLECTED", "Người hưởng chưa đến nhận"


_S, _C = PaymentStatus, Cause

TRANSITIONS: dict[tuple[str, str], str] = {
    (_S.DRAFT, _C.RELEASE): _S.READY,
    (_S.DRAFT, _C.STOP): _S.CANCELLED,
    (_S.READY, _C.STOP): _S.CANCELLED,
    (_S.READY, _C.CLAIM): _S.SENT,
    (_S.SENT, _C.NOT_TAKEN): _S.READY,
    (_S.SENT, _C.ACCEPTED): _S.PROCESSING,
    (_S.SENT, _C.BANK_POSTED): _S.POSTED,
    (_S.PROCESSING, _C.BANK_POSTED): _S.POSTED,
    (_S.SENT, _C.BANK_FAILED): _S.FAILED,
    (_S.PROCESSING, _C.BANK_FAILED): _S.FAILED,
    (_S.SENT, _C.BANK_CANCELLED): _S.CANCELLED,
    (_S.PROCESSING, _C.BANK_CANCELLED): _S.CANCELLED,
    (_S.SENT, _C.NEVER_HAD): _S.CANCELLED,
    # By letter and two people only, and while no other payment carries its money.
    (_S.READY, _C.FOUND_ARRIVED): _S.POSTED,
    (_S.FAILED, _C.FOUND_ARRIVED): _S.POSTED,
    (_S.CANCELLED, _C.FOUND_ARRIVED): _S.POSTED,
    # Only what a letter made paid, by another letter and two people.
    (_S.POSTED, _C.FOUND_WRONG): _S.FAILED,
    (_S.SENT, _C.BANK_RETURNED): _S.RETURNED,
    (_S.PROCESSING, _C.BANK_RETURNED): _S.RETURNED,
    (_S.POSTED, _C.BANK_RETURNED): _S.RETURNED,
    (_S.READY, _C.HANDED_OVER): _S.PROCESSING,
    (_S.PROCESSING, _C.COLLECTED): _S.POSTED,
    (_S.PROCESSING, _C.NOT_COLLECTED): _S.FAILED,
}

IN_FLIGHT = (_S.SENT, _S.PROCESSING)
UNPAID_FINAL = (_S.FAILED, _S.RETURNED, _S.CANCELLED)


def sources(cause: str) -> dict[str, str]:
    """The moves a cause may make: `{status before: status after}`."""
    return {source: target for (source, its_cause), target in TRANSITIONS.items() if its_cause == cause}


class BatchStatus(models.TextChoices):
    """Where a list (danh sách chi trả) stands."""

    DRAFT = "DRAFT", "Đang lập"
    SUBMITTED = "SUBMITTED", "Đã trình, chờ kiểm soát"
    APPROVED = "APPROVED", "Đã kiểm soát, chờ duyệt chi"
    RELEASED = "RELEASED", "Đã duyệt chi"
    CLOSED = "CLOSED", "Đã khóa"
    CANCELLED = "CANCELLED", "Đã hủy"


BATCH_TRANSITIONS: frozenset[tuple[str, str]] = frozenset(
    {
        (BatchStatus.DRAFT, BatchStatus.SUBMITTED),
        (BatchStatus.SUBMITTED, BatchStatus.APPROVED),
        (BatchStatus.APPROVED, BatchStatus.RELEASED),
        (BatchStatus.RELEASED, BatchStatus.CLOSED),
        (BatchStatus.SUBMITTED, BatchStatus.DRAFT),
        (BatchStatus.APPROVED, BatchStatus.DRAFT),
        (BatchStatus.DRAFT, BatchStatus.CANCELLED),
    }
)


class Step(models.TextChoices):
    """A signature's place on a list, in the order of signing. REVIEWER and COSIGNER are asked for by a signing rule only."""

    MAKER = "MAKER", "Người lập"
    REVIEWER = "REVIEWER", "Lãnh đạo bộ phận chuyên môn"
    CHECKER = "CHECKER", "Kế toán trưởng"
    COSIGNER = "COSIGNER", "Người ký bổ sung"
    RELEASER = "RELEASER", "Chủ tài khoản"


ALWAYS_SIGN = (Step.MAKER, Step.CHECKER, Step.RELEASER)

# Where a list stands when a step signs it, and where it stands once that step has signed.
SIGNED_AT: dict[Step, tuple[BatchStatus, BatchStatus]] = {
    Step.MAKER: (BatchStatus.DRAFT, BatchStatus.SUBMITTED),
    Step.REVIEWER: (BatchStatus.SUBMITTED, BatchStatus.SUBMITTED),
    Step.CHECKER: (BatchStatus.SUBMITTED, BatchStatus.APPROVED),
    Step.COSIGNER: (BatchStatus.APPROVED, BatchStatus.APPROVED),
    Step.RELEASER: (BatchStatus.APPROVED, BatchStatus.RELEASED),
}


class SendsBy(models.TextChoices):
    """How a funding account's orders go to its bank."""

    API = "API", "Từng lệnh qua API"
    FILE = "FILE", "Theo tệp"
    LIST = "LIST", "Theo danh sách của tổ chức dịch vụ chi trả"


class FileStatus(models.TextChoices):
    """Where a file of orders stands. UPLOADING past its lease is unknown: the bank is asked by message id."""

    BUILT = "BUILT", "Đã lập tệp"
    UPLOADING = "UPLOADING", "Đang gửi ngân hàng"
    RECEIVED = "RECEIVED", "Ngân hàng đã nhận tệp"
    ACCEPTED = "ACCEPTED", "Ngân hàng chấp nhận"
    PARTIALLY = "PARTIALLY", "Ngân hàng chấp nhận một phần"
    REJECTED = "REJECTED", "Ngân hàng từ chối cả tệp"


class FileCause(models.TextChoices):
    """Why a file moved."""

    BUILD = "BUILD", "Lập tệp"
    UPLOAD = "UPLOAD", "Nhận việc gửi"
    NOT_TAKEN = "NOT_TAKEN", "Ngân hàng chắc chắn chưa nhận"
    TAKEN = "TAKEN", "Ngân hàng đã nhận"
    REFUSED = "REFUSED", "Ngân hàng không nhận tệp"
    BANK_ACCEPTED = "BANK_ACCEPTED", "Ngân hàng báo chấp nhận"
    BANK_PARTLY = "BANK_PARTLY", "Ngân hàng báo chấp nhận một phần"
    BANK_REJECTED = "BANK_REJECTED", "Ngân hàng báo từ chối"


_F, _FC = FileStatus, FileCause
_WITH_THE_BANK = (_F.BUILT, _F.UPLOADING, _F.RECEIVED)  # a report may come before, or long after, our own knowledge

FILE_TRANSITIONS: dict[tuple[str, str], str] = {
    (_F.BUILT, _FC.UPLOAD): _F.UPLOADING,
    (_F.UPLOADING, _FC.NOT_TAKEN): _F.BUILT,
    (_F.UPLOADING, _FC.TAKEN): _F.RECEIVED,
    (_F.BUILT, _FC.TAKEN): _F.RECEIVED,
    (_F.UPLOADING, _FC.REFUSED): _F.REJECTED,
    **{(before, _FC.BANK_ACCEPTED): _F.ACCEPTED for before in _WITH_THE_BANK},
    **{(before, _FC.BANK_PARTLY): _F.PARTIALLY for before in (*_WITH_THE_BANK, _F.ACCEPTED)},
    **{(before, _FC.BANK_REJECTED): _F.REJECTED for before in _WITH_THE_BANK},
}


class Channel(models.TextChoices):
    """How money reaches a person."""

    ACCOUNT = "ACCOUNT", "Chuyển khoản"
    CASH = "CASH", "Tiền mặt"


# What a status means where no bank takes part.
_CASH_LABELS = {
    PaymentStatus.READY: "Chờ giao danh sách",
    PaymentStatus.PROCESSING: "Đã giao tổ chức chi trả",
    PaymentStatus.POSTED: "Đã ký nhận",
    PaymentStatus.FAILED: "Chưa đến nhận",
}


def payment_label(status: str, *, channel: str) -> str:
    """The status in the words of its channel: cash is handed over and signed for, never transferred."""
    label = _CASH_LABELS.get(PaymentStatus(status)) if channel == Channel.CASH else None
    return label or str(PaymentStatus(status).label)


ON_A_SLIP = "removal_slip"  # the payment's `hold_code` while its slip waits: whoever claims passes it over
