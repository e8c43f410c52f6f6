"""What an answer says, for a page, the API or a voice on the phone."""

from dataclasses import dataclass
from datetime import date

from django.db import models


class Outcome(models.TextChoices):
    """The few words everything starts with."""

    PAID = "PAID", "Đã chuyển"
    ON_THE_WAY = "ON_THE_WAY", "Đang chuyển"
    IN_CASH = "IN_CASH", "Nhận tiền mặt"
    SCHEDULED = "SCHEDULED", "Chờ đến ngày trả"
    NOT_PAID = "NOT_PAID", "Chưa trả được"


@dataclass(frozen=True, slots=True)
class Answer:
    """One sum of money, or the reason why there is none. Nothing in it names a programme or a category.

    `months`: the months the money is for, oldest first; `amount` in đồng, as it arrives; `deducted`: what a recovery by decision took off before;
    `reason`: a code of `Reason`, "" when there is nothing to explain.
    """

    month: date
    months: list[date]
    outcome: Outcome
    amount: int
    deducted: int
    reason: str
    paid_on: date | None
    bank: str
    account_last_four: str
    sentence: str
    next_step: str
