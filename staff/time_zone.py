"""The time zone of every day in this product: whatever clock a machine or a bank keeps, a day is a day in Vietnam. Standard library alone."""

from typing import Final
from zoneinfo import ZoneInfo

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
