"""Transfers through an API of Stripe's shape, resource `treasury.outbound_payment` (v1)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from urllib.parse import quote

from banks.errors import AnswerLost, BankAnswerUnreadable, BankError, NothingSent
from banks.form import FormValue, encode_form
from banks.pool import work_refilled
from banks.stripe_answers import judge_answer, not_taken, read_state
from banks.stripe_calls import TIMEOUT, StripeCalls
from banks.transfers import NotSent, Outcome, Transfer, TransferState, Unknown

PAYMENTS = "/v1/treasury/outbound_payments"
FINANCIAL_ACCOUNTS = "/v1/treasury/financial_accounts"
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
        timeout: tuple[float, float] = TIMEOUT,
        concurrency: int = 8,
        rate_limit: float | None = None,
    ) -> None:
        self._calls = StripeCalls(
            base_url=base_url, api_key=api_key, version=version, timeout=timeout, rate_limit=rate_limit
        )
        self._concurrency = concurrency

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
        return read_state(self._calls.read(f"{PAYMENTS}/{quote(bank_reference, safe='')}"))

    def list_since(
        self, *, financial_account: str, since: datetime, until: datetime | None = None
    ) -> Iterator[list[TransferState]]:
        """See `Transfers.list_since`."""
        created: dict[str, FormValue] = {"gte": int(since.timestamp())}
        if until is not None:
            created["lte"] = int(until.timestamp())
        asked: dict[str, FormValue] = {"financial_account": financial_account, "created": created}
        yield from self._calls.pages(PAYMENTS, asked, read_entry=read_state)

    def balance(self, financial_account: str) -> int:
        """See `Transfers.balance`."""
        document = self._calls.read(f"{FINANCIAL_ACCOUNTS}/{quote(financial_account, safe='')}")
        balance = document.get("balance")
        cash = balance.get("cash") if isinstance(balance, dict) else None
        amount = cash.get("vnd") if isinstance(cash, dict) else None
        if not isinstance(amount, int) or isinstance(amount, bool):
            raise BankAnswerUnreadable("a financial account without a balance in vnd")
        return amount

    def _send(self, transfer: Transfer, *, first_use: bool, may_send: Callable[[Transfer], bool] | None) -> Outcome:
        form = encode_form(_parameters(transfer))
        try:
            answer = self._calls.post_if(
                lambda: may_send is None or may_send(transfer), PAYMENTS, form, idempotency_key=transfer.idempotency_key
            )
        except NothingSent as error:
            return not_taken(error.detail, first_use=first_use, retryable=True)
        except AnswerLost as error:
            return Unknown(code=error.code)
        except BankError:
            return Unknown(code="answer_too_large")
        return NotSent() if answer is None else judge_answer(answer, transfer=transfer, first_use=first_use)


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
