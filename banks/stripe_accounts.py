"""Accounts through an API of Stripe's shape: `/v1/treasury/account_openings` and `/v1/treasury/holder_enquiries`.

Stripe itself has no such resources: form encoding, keys, errors and pages are its, the two paths are ours and the mock bank's.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from urllib.parse import quote
from uuid import uuid4

from banks.accounts import HolderAnswer, Holding, Opening, OpeningOutcome, OpeningRequest, OpeningState, Taken
from banks.connection import Answer, BankConnection
from banks.errors import AnswerLost, BankAnswerUnreadable, BankError, NothingSent
from banks.form import FormValue, encode_form
from banks.limiter import Limiter
from banks.stripe_answers import (
    REFUSALS,
    RETRYABLE_STATUSES,
    Document,
    not_taken,
    read_document,
    read_error,
    read_success,
)
from banks.transfers import Unknown

OPENINGS = "/v1/treasury/account_openings"
HOLDER_ENQUIRIES = "/v1/treasury/holder_enquiries"
PAGE_SIZE = 100
MAX_ANSWER_BYTES = 2 * 1024 * 1024
OPENING_STATUSES = {"pending": Opening.PENDING, "opened": Opening.OPENED, "refused": Opening.REFUSED}
HOLDINGS = {
    "open": Holding.OPEN,
    "closed": Holding.CLOSED,
    "restricted": Holding.RESTRICTED,
    "no_account": Holding.NO_ACCOUNT,
}


class StripeAccounts:
    """The `Accounts` of one bank; one instance serves all threads of a process. `timeout` is (connect, read) in seconds."""

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

    def open(self, request: OpeningRequest, *, first_use: bool) -> OpeningOutcome:
        """See `Accounts.open`."""
        self._limiter.wait()
        try:
            answer = self._connection.post(
                OPENINGS, encode_form(_parameters(request)), idempotency_key=request.idempotency_key
            )
        except NothingSent as error:
            return not_taken(error.detail, first_use=first_use, retryable=True)
        except AnswerLost as error:
            return Unknown(code=error.code)
        except BankError:
            return Unknown(code="answer_too_large")
        return _judge(answer, request=request, first_use=first_use)

    def enquire_opening(self, bank_reference: str) -> OpeningState:
        """See `Accounts.enquire_opening`."""
        return read_opening(self._get(f"{OPENINGS}/{quote(bank_reference, safe='')}"))

    def openings_since(self, since: datetime) -> Iterator[list[OpeningState]]:
        """See `Accounts.openings_since`."""
        query: dict[str, FormValue] = {"limit": PAGE_SIZE, "created": {"gte": int(since.timestamp())}}
        seen: set[str] = set()
        has_more: object = True
        while has_more:
            document = self._get(f"{OPENINGS}?{encode_form(query)}")
            data, has_more = document.get("data"), document.get("has_more")
            if not isinstance(data, list) or not all(isinstance(entry, dict) for entry in data):
                raise BankAnswerUnreadable("not a list")
            page = [read_opening(entry) for entry in data]
            fresh = [state for state in page if state.bank_reference not in seen]
            if has_more and not fresh:
                raise BankAnswerUnreadable("a list that does not advance")
            seen.update(state.bank_reference for state in fresh)
            if fresh:
                query["starting_after"] = page[-1].bank_reference
                yield fresh

    def verify_holder(self, *, bank_bin: str, account_number: str) -> HolderAnswer:
        """See `Accounts.verify_holder`. A POST, because a number may not stand in an address."""
        form = encode_form({"routing_number": bank_bin, "account_number": account_number})
        self._limiter.wait()
        document = read_success(self._connection.post(HOLDER_ENQUIRIES, form, idempotency_key=f"h-{uuid4().hex}"))
        status, name = document.get("status"), document.get("holder_name")
        if status not in HOLDINGS or not isinstance(name, str | None):
            raise BankAnswerUnreadable("not a holder enquiry")
        return HolderAnswer(holding=HOLDINGS[str(status)], holder_name=name or "")

    def _get(self, target: str) -> Document:
        self._limiter.wait()
        return read_success(self._connection.get(target))


def read_opening(document: Document) -> OpeningState:
    """One `treasury.account_opening`. Raises BankAnswerUnreadable."""
    try:
        metadata = document.get("metadata")
        ours = metadata if isinstance(metadata, dict) else {}
        attempt = str(ours.get("attempt") or "0")
        status = OPENING_STATUSES[str(document["status"])]
        opened = document.get("opened_on")
        number = str(document.get("account_number") or "")
        if status is Opening.OPENED and not (number and opened):
            raise BankAnswerUnreadable("an open account without a number or a day")
        return OpeningState(
            bank_reference=str(document["id"]),
            request_id=str(ours.get("request_id") or ""),
            attempt=int(attempt) if attempt.isdecimal() else 0,
            status=status,
            bank_bin=str(document["routing_number"]),
            account_number=number,
            holder_name=str(document.get("holder_name") or ""),
            opened_on=date.fromisoformat(str(opened)) if opened else None,
            refusal=str(document.get("refusal_code") or ""),
            created_at=datetime.fromtimestamp(int(str(document["created"])), tz=UTC),
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise BankAnswerUnreadable(f"not an account opening: {type(error).__name__}") from error


def _parameters(request: OpeningRequest) -> dict[str, FormValue]:
    form: dict[str, FormValue] = {
        "routing_number": request.bank_bin,
        "holder": {"name": request.holder_name, "identity_number": request.identity_number},
        "metadata": {"request_id": request.request_id, "attempt": request.attempt},
    }
    if request.birth_date:
        form["holder"] = {
            "name": request.holder_name,
            "identity_number": request.identity_number,
            "birth_date": request.birth_date.isoformat(),
        }
    return form


def _judge(answer: Answer, *, request: OpeningRequest, first_use: bool) -> OpeningOutcome:
    """What an answer proves; whatever proves nothing is Unknown."""
    try:
        if answer.status in (200, 201):
            state = read_opening(read_document(answer.body))
            same = (state.request_id, state.attempt) == (request.request_id, request.attempt)
            return Taken(state=state) if same else Unknown(code="answer_for_another_request")
        if answer.status == 429:
            return not_taken("rate_limit", first_use=first_use, retryable=True)
        if answer.status not in REFUSALS:
            return Unknown(code=f"http_{answer.status}")
        kind, code, _ = read_error(answer.body)
    except BankError:
        return Unknown(code=f"answer_unreadable_{answer.status}")
    if kind == "idempotency_error" or answer.headers.get("Idempotent-Replayed") == "true":
        return Unknown(code=code)
    return not_taken(code, first_use=first_use, retryable=answer.status in RETRYABLE_STATUSES)
