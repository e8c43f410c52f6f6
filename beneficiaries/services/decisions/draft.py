"""A decision as somebody typed it, before it is checked and kept."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What the paper says. Months are first days, sums đồng; which fields belong to which kind is said in `Decision`."""

    kind: str
    number: str
    signed_on: date
    effective_month: date
    signer: str = ""
    reason: str = ""
    coefficient: Decimal | None = None
    last_month: date | None = None
    to_unit_id: int | None = None
    to_place: str = ""
    pay_between: bool | None = None
    amount: int | None = None
    monthly_ceiling: int | None = None
    payee_name: str = ""
    paper_id: int | None = None
