"""What was booked on a funding account, as a bank lists it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class BankTransaction:
    """One booking: `amount` in đồng, negative for money out. `flow` is the bank's id of the payment, or a credit's reference."""

    transaction_id: str
    amount: int
    booked_at: datetime
    flow_type: str
    flow: str
    description: str = field(repr=False)

    @property
    def is_of_payment(self) -> bool:
        """Money of a payment of ours: out, or back."""
        return self.flow_type.startswith("outbound_payment")


class Transactions(Protocol):
    """A bank that lists bookings."""

    def pages_since(self, *, financial_account: str, since: datetime) -> Iterator[list[BankTransaction]]:
        """Pages of all bookings since a moment, newest first; one may be told twice where the list moves meanwhile.

        Raises BankUnavailable, BankRefused, BankAnswerUnreadable.
        """
        ...

    def booked_balance(self, financial_account: str) -> int:
        """The sum of all bookings in đồng: what is merely held for payments on the way still counts. Raises what `pages_since` does."""
        ...
