"""Transfers through an API of Stripe's shape, resource `treasury.outbound_payment` (v1)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import quote
from uuid import uuid4

from banks.connection import Answer, BankConnection
from banks.errors import AnswerLost, BankAnswerUnreadable, BankError, BankUnavailable, NothingSent
from banks.form import FormValue, encode_form
from banks.limiter import Limiter
from banks.pool import work_refilled
from banks.stripe_answers import Document, judge_answer, not_taken, read_state, read_success
from banks.transfers import NotSent, Outcome, Status, Transfer, TransferState, Unknown

PAYMENTS = "/v1/treasury/outbound_payments"
FINANCIAL_ACCOUNTS = "/v1/treasury/financial_accounts"
PAGE_SIZE = 100  # Stripe's largest
MAX_ANSWER_BYTES = 2 * 1024 * 1024  # a page of 100 payments has about 150 kB
READ_ATTEMPTS = 3  # reading twice does no harm, unlike sending
QUEUED_PER_THREAD = 4  # keeps the threads busy while the caller records outcomes


class StripeTransfers:
    """The `Transfers` of one bank. `timeout` is (connect, read) in seconds, `rate_limit` calls per second and process.

    One instance serves all threads of a process; create it after a fork, not before.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str,
        version: str,
        timeout: tuple[float, float] = (3.05, 10.0),
        concurrency: int = 8,
        rate_limit: float | None = None,
    ) -> None:
        self._connection = BankConnection(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "Stripe-Version": version, "User-Agent": "an-sinh"},
            timeout=timeout,
            max_answer_bytes=MAX_ANSWER_BYTES,
        )
        self._concurrency = concurrency
        self._limiter = Limiter(rate=rate_limit)

    def send(self, transfer: Transfer, *, first_use: bool) -> Outcome:
        """See `Transfers.send`."""
        return self._send(transfer, first_use=first_use, may_send=None)

    def send_many(
        self, transfers: Iterable[tuple[Transfer, bool]], *, may_send: Callable[[Transfer], bool] | None = None
    ) -> Iterator[tuple[Transfer, Outcome]]:
        """See `Transfers.send_many`; at most `concurrency` calls are in flight."""

        def work(item: tuple[Transfer, bool]) -> Outcome:
            return self._send(item[0], first_use=item[1], may_send=may_send)

        queued = self._concurrency * QUEUED_PER_THREAD
        for (transfer, _), outcome in work_refilled(transfers, work, workers=self._concurrency, ahead=queued):
            yield transfer, outcome

    def enquire(self, bank_reference: str) -> TransferState:
        """See `Transfers.enquire`."""
        return read_state(self._read(f"{PAYMENTS}/{quote(bank_reference, safe='')}"))

    def cancel(self, bank_reference: str) -> TransferState:
        """See `Transfers.cancel`."""
        # A key per call: cancelling twice is harmless, but a stored 500 would be replayed for a day.
        target = f"{PAYMENTS}/{quote(bank_reference, safe='')}/cancel"
        called_at = self._limiter.wait()
        answer = self._connection.post(target, "", idempotency_key=f"c-{uuid4().hex}")
        return read_state(read_success(self._noted(answer, called_at=called_at)))

    def list_since(
        self, *, financial_account: str, since: datetime, status: Status | None = None
    ) -> Iterator[list[TransferState]]:
        """See `Transfers.list_since`."""
        query: dict[str, FormValue] = {
            "financial_account": financial_account,
            "limit": PAGE_SIZE,
            "created": {"gte": int(since.timestamp())},
        }
        if status is not None:
            query["status"] = status.lower()
        seen: set[str] = set()
        has_more = True
        while has_more:
            page, has_more = _read_page(self._read(f"{PAYMENTS}?{encode_form(query)}"))
            fresh = [state for state in page if state.bank_reference not in seen]
            if has_more and not fresh:
                raise BankAnswerUnreadable("a list that does not advance")
            seen.update(state.bank_reference for state in fresh)
            if fresh:
                query["starting_after"] = page[-1].bank_reference
                yield fresh

    def balance(self, financial_account: str) -> int:
        """See `Transfers.balance`."""
        document = self._read(f"{FINANCIAL_ACCOUNTS}/{quote(financial_account, safe='')}")
        balance = document.get("balance")
        cash = balance.get("cash") if isinstance(balance, dict) else None
        amount = cash.get("vnd") if isinstance(cash, dict) else None
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise BankAnswerUnreadable("a financial account without a balance in vnd")
        return amount

    def _send(self, transfer: Transfer, *, first_use: bool, may_send: Callable[[Transfer], bool] | None) -> Outcome:
        form = encode_form(_parameters(transfer))
        called_at = self._limiter.wait()
        if may_send is not None and not may_send(transfer):
            return NotSent()
        try:
            answer = self._connection.post(PAYMENTS, form, idempotency_key=transfer.idempotency_key)
        except NothingSent as error:
            return not_taken(error.detail, first_use=first_use, retryable=True)
        except AnswerLost as error:
            return Unknown(code=error.code)
        except BankError:
            return Unknown(code="answer_too_large")
        return judge_answer(self._noted(answer, called_at=called_at), transfer=transfer, first_use=first_use)

    def _read(self, target: str) -> Document:
        """GET a document; a bank that does not answer is asked again, a few times."""
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return self._read_once(target)
            except BankUnavailable:
                continue
        return self._read_once(target)

    def _read_once(self, target: str) -> Document:
        called_at = self._limiter.wait()
        return read_success(self._noted(self._connection.get(target), called_at=called_at))

    def _noted(self, answer: Answer, *, called_at: float) -> Answer:
        if answer.status == 429:
            self._limiter.refused(retry_after=_seconds(answer.headers.get("Retry-After")), called_at=called_at)
        else:
            self._limiter.succeeded()
        return answer


def _parameters(transfer: Transfer) -> dict[str, FormValue]:
    return {
        "amount": transfer.amount,
        "currency": "vnd",
        "financial_account": transfer.financial_account,
        "description": transfer.description,
        "destination_payment_method_data": {
            "type": "us_bank_account",
            "us_bank_account": {
                "routing_number": transfer.bank_bin,
                "account_number": transfer.account_number,
                "account_holder_type": "individual",
            },
            "billing_details": {"name": transfer.holder_name},
        },
        "metadata": {
            "end_to_end_id": transfer.end_to_end_id,
            "attempt": transfer.attempt,
            "payment_id": transfer.payment_id,
        },
    }


def _read_page(document: Document) -> tuple[list[TransferState], bool]:
    data, has_more = document.get("data"), document.get("has_more")
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise BankAnswerUnreadable("not a list")
    if not all(isinstance(entry, dict) for entry in data):
        raise BankAnswerUnreadable("a list of something else")
    return [read_state(entry) for entry in data], has_more


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not used by APIs of this shape."""
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
