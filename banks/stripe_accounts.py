"""Accounts through an API of Stripe's shape: `/v1/treasury/account_openings` and `/v1/treasury/holder_enquiries`.

Stripe itself has no such resources: form encoding, keys, errors and pages are its, the two paths are ours and the mock bank's.
"""

from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import quote
from uuid import uuid4

from banks.accounts import HolderAnswer, Holding, Opening, OpeningOutcome, OpeningRequest, OpeningState, Taken
from banks.connection import REFUSALS, RETRYABLE_STATUSES, Answer
from banks.errors import AnswerLost, BankAnswerUnreadable, BankError, NothingSent
from banks.form import FormValue, encode_form
from banks.stripe_answers import (
    Document,
    attempt_of,
    not_taken,
    read_document,
    read_error,
    read_success,
    text_of,
    time_of,
    words_of,
)
from banks.stripe_calls import TIMEOUT, StripeCalls
from banks.transfers import Unknown

OPENINGS = "/v1/treasury/account_openings"
HOLDER_ENQUIRIES = "/v1/treasury/holder_enquiries"
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
        timeout: tuple[float, float] = TIMEOUT,
        rate_limit: float | None = None,
    ) -> None:
        self._calls = StripeCalls(
            base_url=base_url, api_key=api_key, version=version, timeout=timeout, rate_limit=rate_limit
        )

    def open(self, request: OpeningRequest, *, first_use: bool) -> OpeningOutcome:
        """See `Accounts.open`."""
        try:
            answer = self._calls.post(
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
        return read_opening(self._calls.read(f"{OPENINGS}/{quote(bank_reference, safe='')}"))

    def openings_since(self, since: datetime) -> Iterator[list[OpeningState]]:
        """See `Accounts.openings_since`."""
        yield from self._calls.pages(OPENINGS, {"created": {"gte": int(since.timestamp())}}, read_entry=read_opening)

    def verify_holder(self, *, bank_bin: str, account_number: str) -> HolderAnswer:
        """See `Accounts.verify_holder`. A POST, because a number may not stand in an address."""
        form = encode_form({"routing_number": bank_bin, "account_number": account_number})
        document = read_success(self._calls.post(HOLDER_ENQUIRIES, form, idempotency_key=f"h-{uuid4().hex}"))
        status, name = document.get("status"), document.get("holder_name")
        if status not in HOLDINGS or not isinstance(name, str | None):
            raise BankAnswerUnreadable("not a holder enquiry")
        return HolderAnswer(holding=HOLDINGS[str(status)], holder_name=name or "")


def read_opening(document: Document) -> OpeningState:
    """One `treasury.account_opening`. Raises BankAnswerUnreadable."""
    try:
        ours = document.get("metadata")
        metadata = ours if isinstance(ours, dict) else {}
        status = OPENING_STATUSES[text_of(document, "status")]
        opened = document.get("opened_on")
        number = text_of(document, "account_number") if document.get("account_number") else ""
        if status is Opening.OPENED and not (number and opened):
            raise BankAnswerUnreadable("an open account without a number or a day")
        return OpeningState(
            bank_reference=text_of(document, "id"),
            request_id=text_of(metadata, "request_id") if metadata.get("request_id") else "",
            attempt=attempt_of(metadata),
            status=status,
            bank_bin=text_of(document, "routing_number"),
            account_number=number,
            holder_name=words_of(document, "holder_name"),
            opened_on=date.fromisoformat(str(opened)) if opened else None,
            refusal=words_of(document, "refusal_code"),
            created_at=time_of(document["created"]),
        )
    except (KeyError, TypeError, ValueError) as error:
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
