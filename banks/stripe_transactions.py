"""Bookings through an API of Stripe's shape, resource `treasury.transaction`."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from banks.connection import BankConnection
from banks.errors import BankAnswerUnreadable, BankUnavailable
from banks.form import FormValue, encode_form
from banks.limiter import Limiter
from banks.stripe_answers import Document, read_success
from banks.transactions import BankTransaction

TRANSACTIONS = "/v1/treasury/transactions"
FINANCIAL_ACCOUNTS = "/v1/treasury/financial_accounts"
PAGE_SIZE = 100
MAX_ANSWER_BYTES = 2 * 1024 * 1024
READ_ATTEMPTS = 3
LARGEST = 10**18  # đồng; what a bigint holds is not much more


class StripeTransactions:
    """The `Transactions` of one bank. `timeout` is (connect, read) in seconds, `rate_limit` calls per second and process."""

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        version: str,
        timeout: tuple[float, float] = (3.05, 10.0),
        rate_limit: float | None = None,
    ) -> None:
        self._connection = BankConnection(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "Stripe-Version": version, "User-Agent": "an-sinh"},
            timeout=timeout,
            max_answer_bytes=MAX_ANSWER_BYTES,
        )
        self._limiter = Limiter(rate=rate_limit)

    def pages_since(self, *, financial_account: str, since: datetime) -> Iterator[list[BankTransaction]]:
        """See `Transactions.pages_since`."""
        query: dict[str, FormValue] = {
            "financial_account": financial_account,
            "limit": PAGE_SIZE,
            "created": {"gte": int(since.timestamp())},
        }
        before: set[str] = (
            set()
        )  # a page back: what moves while it is read moves there, and all ids would not stay small
        has_more = True
        while has_more:
            page, has_more = _read_page(self._read(f"{TRANSACTIONS}?{encode_form(query)}"))
            fresh = [booking for booking in page if booking.transaction_id not in before]
            if has_more and not fresh:
                raise BankAnswerUnreadable("a list that does not advance")
            before = {booking.transaction_id for booking in page}
            if fresh:
                query["starting_after"] = page[-1].transaction_id
                yield fresh

    def booked_balance(self, financial_account: str) -> int:
        """See `Transactions.booked_balance`."""
        balance = self._read(f"{FINANCIAL_ACCOUNTS}/{quote(financial_account, safe='')}").get("balance")
        parts = [balance.get(name) for name in ("cash", "outbound_pending")] if isinstance(balance, dict) else []
        amounts = [part.get("vnd") if isinstance(part, dict) else None for part in parts]
        booked = [amount for amount in amounts if type(amount) is int]
        if len(booked) != 2:
            raise BankAnswerUnreadable("a financial account without balances in vnd")
        return sum(booked)

    def _read(self, target: str) -> Document:
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return self._read_once(target)
            except BankUnavailable:
                continue
        return self._read_once(target)

    def _read_once(self, target: str) -> Document:
        called_at = self._limiter.wait()
        answer = self._connection.get(target)
        if answer.status == 429:
            wait = answer.headers.get("Retry-After", "")
            self._limiter.refused(retry_after=float(wait) if wait.isdecimal() else None, called_at=called_at)
        else:
            self._limiter.succeeded()
        return read_success(answer)


def _read_page(document: Document) -> tuple[list[BankTransaction], bool]:
    data, has_more = document.get("data"), document.get("has_more")
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise BankAnswerUnreadable("not a list")
    return [_booking(entry) for entry in data], has_more


def _booking(entry: object) -> BankTransaction:
    if not isinstance(entry, dict):
        raise BankAnswerUnreadable("a list of something else")
    transaction_id, amount, created = entry.get("id"), entry.get("amount"), entry.get("created")
    if not (isinstance(transaction_id, str) and transaction_id and type(amount) is int and type(created) is int):
        raise BankAnswerUnreadable("a transaction without id, amount or time")
    if abs(amount) > LARGEST:
        raise BankAnswerUnreadable("a transaction of more money than there is")
    if entry.get("currency") != "vnd":
        raise BankAnswerUnreadable("a transaction that is not in vnd")
    try:
        booked_at = datetime.fromtimestamp(created, tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise BankAnswerUnreadable("a transaction without a time") from error
    return BankTransaction(
        transaction_id=transaction_id,
        amount=amount,
        booked_at=booked_at,
        flow_type=str(entry.get("flow_type") or ""),
        flow=str(entry.get("flow") or ""),
        description=str(entry.get("description") or ""),
    )
