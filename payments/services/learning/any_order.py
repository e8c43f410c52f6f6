"""Another order at every round: what the bank never answers for stands in nobody's way for good."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def in_any_order(rows: Iterable[Row], *, now: datetime) -> list[Row]:
    """The rows in an order that depends on `now` alone, however far rounds lie apart."""
    return sorted(rows, key=lambda row: hashlib.sha256(f"{row.pk} {now.timestamp()}".encode()).digest())
