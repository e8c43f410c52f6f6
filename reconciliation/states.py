"""The life of a report that the clock orders: from waiting for its day to the signature of whoever answers for it."""

from django.db import models


class RunStatus(models.TextChoices):
    """Where an ordered report stands."""

    WAITING = "WAITING", "Chờ lập"
    RUNNING = "RUNNING", "Đang lập"
    MADE = "MADE", "Đã lập, chờ ký"
    DRAFTED = "DRAFTED", "Bản nháp: số liệu chưa khớp"
    FAILED = "FAILED", "Chưa lập được"
    SIGNED = "SIGNED", "Đã ký"


class RunCause(models.TextChoices):
    """Why it moved."""

    CLAIM = "CLAIM", "Nhận việc lập"
    PUT_BACK = "PUT_BACK", "Lập dở, chờ lập lại"
    TIES_OUT = "TIES_OUT", "Lập xong, số liệu khớp"
    DIFFERS = "DIFFERS", "Lập xong, số liệu chưa khớp"
    GIVE_UP = "GIVE_UP", "Lập nhiều lần không được"
    ORDER_AGAIN = "ORDER_AGAIN", "Yêu cầu lập lại"
    SIGN = "SIGN", "Ký"


_S, _C = RunStatus, RunCause

TRANSITIONS: dict[tuple[str, str], str] = {
    (_S.WAITING, _C.CLAIM): _S.RUNNING,
    (_S.RUNNING, _C.PUT_BACK): _S.WAITING,
    (_S.RUNNING, _C.GIVE_UP): _S.FAILED,
    (_S.RUNNING, _C.TIES_OUT): _S.MADE,
    (_S.RUNNING, _C.DIFFERS): _S.DRAFTED,
    (_S.MADE, _C.ORDER_AGAIN): _S.WAITING,
    (_S.DRAFTED, _C.ORDER_AGAIN): _S.WAITING,
    (_S.FAILED, _C.ORDER_AGAIN): _S.WAITING,
    (_S.MADE, _C.SIGN): _S.SIGNED,
}

HAS_FIGURES = (_S.MADE, _S.DRAFTED, _S.SIGNED)
FOR_SIGNER = (_S.MADE, _S.DRAFTED)
