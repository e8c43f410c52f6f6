"""Bookings through an API of Stripe's shape, resource `treasury.transaction`."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

from banks.errors import BankAnswerUnreadable
from banks.form import FormValue
from banks.stripe_answers import Document, amount_of, text_of, time_of, words_of
from banks.stripe_calls import TIMEOUT, StripeCalls
from banks.transactions import BankTransaction

TRANSACTIONS = "/v1/treasury/transactions"
FINANCIAL_ACCOUNTS = "/v1/treasury/financial_accounts"


class StripeTransactions:
    """The `Transactions` of one bank. `timeout` is (connect, read) in seconds, `rate_limit` calls per second and process."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        version: str,
        timeout: tuple[float, float] = TIMEOUT,
        rate_limit: float | None = None,
    ) -> None:
        self._calls = StripeCalls(
            base_url=base_url, api_key=api_key, version=version, timeout=timeout, rate_limit=rate_limit
        )

    def pages_since(self, *, financial_account: str, since: datetime) -> Iterator[list[BankTransaction]]:
        """See `Transactions.pages_since`."""
        asked: dict[str, FormValue] = {
            "financial_account": financial_account,
            "created": {"gte": int(since.timestamp())},
        }
        yield from self._calls.pages(TRANSACTIONS, asked, read_entry=_booking)

    def booked_balance(self, financial_account: str) -> int:
        """See `Transactions.booked_balance`."""
        balance = self._calls.read(f"{FINANCIAL_ACCOUNTS}/{quote(financial_account, safe='')}").get("balance")
        parts = [balance.get(name) for name in ("cash", "outbound_pending")] if isinstance(balance, dict) else []
        amounts = [part.get("vnd") if isinstance(part, dict) else None for part in parts]
        booked = [amount for amount in amounts if type(amount) is int]
        if len(booked) != 2:
            raise BankAnswerUnreadable("a financial account without balances in vnd")
        return sum(booked)


def _booking(entry: Document) -> BankTransaction:
    try:
        if text_of(entry, "currency") != "vnd":
            raise BankAnswerUnreadable("a transaction that is not in vnd")
        return BankTransaction(
            transaction_id=text_of(entry, "id"),
            amount=amount_of(entry),
            booked_at=time_of(entry["created"]),
            flow_type=text_of(entry, "flow_type") if entry.get("flow_type") else "",
            flow=text_of(entry, "flow") if entry.get("flow") else "",
            description=words_of(entry, "description"),
        )
    except (KeyError, TypeError) as error:
        raise BankAnswerUnreadable(f"not a transaction: {error}") from error
