"""Reading answers of the Stripe-shaped API, and deciding what an answer to a transfer proves."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, cast

from banks.connection import REFUSALS, RETRYABLE_STATUSES, Answer
from banks.errors import BankAnswerUnreadable, BankError, BankRefused, BankUnavailable
from banks.transfers import Accepted, NotTaken, Outcome, Status, Transfer, TransferState, Unknown

Document = Mapping[str, object]

STATUSES: Final = {
    "processing": Status.PROCESSING,
    "posted": Status.POSTED,
    "failed": Status.FAILED,
    "canceled": Status.CANCELED,
    "returned": Status.RETURNED,
}
# Nothing is wrong with the transfer itself: money is missing and may come.
RETRYABLE_CODES: Final = frozenset({"insufficient_funds", "balance_insufficient", "lock_timeout", "rate_limit"})
MESSAGE_LENGTH: Final = 200
# What a database takes of an entry; more is nothing a bank would say of an order of ours, and unreadable.
MOST_LETTERS: Final = 64
MOST_ATTEMPT_DIGITS: Final = 4
RETURN_CODE_LENGTH: Final = 40
LARGEST_AMOUNT: Final = 10**18  # đồng
LATEST: Final = 2**32  # seconds; in the year 2106
LONG_NUMBER: Final = re.compile(r"\d{6,}")


def read_document(body: bytes) -> Document:
    """The JSON object in `body`. Raises BankAnswerUnreadable."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BankAnswerUnreadable("not JSON") from error
    if not isinstance(document, dict):
        raise BankAnswerUnreadable("not a JSON object")
    return cast(Document, document)


def read_state(document: Document) -> TransferState:
    """One `treasury.outbound_payment`. Raises BankAnswerUnreadable."""
    try:
        status_code = text_of(document, "status")
        created = document["created"]
        metadata = _part(document, "metadata")
        transitions = _part(document, "status_transitions")
        posted = transitions.get("posted_at")
        returned = _part(document, "returned_details")
        return TransferState(
            bank_reference=text_of(document, "id"),
            end_to_end_id=text_of(metadata, "end_to_end_id") if metadata.get("end_to_end_id") else "",
            attempt=attempt_of(metadata),
            status=STATUSES[status_code],
            amount=amount_of(document),
            currency=text_of(document, "currency").upper(),
            created_at=time_of(created),
            status_at=time_of(transitions.get(f"{status_code}_at") or created),
            return_code=words_of(returned, "code")[:RETURN_CODE_LENGTH] or None,
            financial_account=text_of(document, "financial_account"),
            posted_at=time_of(posted) if posted else None,
        )
    except (KeyError, TypeError) as error:
        raise BankAnswerUnreadable(f"not an outbound payment: {type(error).__name__}") from error


def read_success(answer: Answer) -> Document:
    """The document of a 2xx answer. Raises BankUnavailable, BankRefused, BankAnswerUnreadable."""
    if 200 <= answer.status < 300:
        return read_document(answer.body)
    if answer.status == 429 or answer.status >= 500:
        raise BankUnavailable(f"HTTP {answer.status}")
    _, code, message = read_error(answer.body)
    raise BankRefused(code=code, message=message, status=answer.status)


def read_error(body: bytes) -> tuple[str, str, str]:
    """(type, code, message) of an error answer, long numbers masked. Raises BankAnswerUnreadable."""
    error = read_document(body).get("error")
    if not isinstance(error, dict) or not isinstance(error.get("type"), str):
        raise BankAnswerUnreadable("an error without a type")
    message = LONG_NUMBER.sub("…", str(error.get("message") or ""))[:MESSAGE_LENGTH]
    return error["type"], str(error.get("code") or error["type"]), message


def judge_answer(answer: Answer, *, transfer: Transfer, first_use: bool) -> Outcome:
    """What an answer to the creation of `transfer` proves; whatever proves nothing is Unknown."""
    stored = answer.headers.get("Idempotent-Replayed") == "true"
    try:
        if answer.status in (200, 201):
            return _judge_success(read_state(read_document(answer.body)), transfer)
        if answer.status == 429:
            return not_taken("rate_limit", first_use=first_use, retryable=True)
        if answer.status not in REFUSALS:
            return Unknown(code=f"http_{answer.status}", stored=stored)
        kind, code, message = read_error(answer.body)
    except BankError:
        return Unknown(code=f"answer_unreadable_{answer.status}")
    if kind == "idempotency_error":
        return Unknown(code="idempotency_error")
    if stored:  # then it was not the first use, whatever the caller believes
        return Unknown(code=f"replayed_{code}", stored=True)
    retryable = code in RETRYABLE_CODES or answer.status in RETRYABLE_STATUSES
    message = message.replace(transfer.holder_name, "…").replace(transfer.account_number, "…")
    return not_taken(code, message=message, first_use=first_use, retryable=retryable)


def not_taken(code: str, *, message: str = "", first_use: bool, retryable: bool) -> NotTaken | Unknown:
    """A refusal proves that nothing was taken only if nothing was ever sent under this key before."""
    return NotTaken(code=code, message=message, retryable=retryable) if first_use else Unknown(code=code)


def _judge_success(state: TransferState, transfer: Transfer) -> Outcome:
    # A stateless test server returns no metadata of ours; somebody else's ids, however, are somebody else's answer.
    if state.end_to_end_id and (state.end_to_end_id, state.attempt) != (transfer.end_to_end_id, transfer.attempt):
        return Unknown(code="answer_for_another_transfer")
    return Accepted(state=state)


def _part(document: Document, name: str) -> Document:
    value = document.get(name)
    return value if isinstance(value, dict) else {}


def text_of(document: Document, name: str) -> str:
    """An id: 1 to 64 letters, digits and signs of ASCII. Raises KeyError, TypeError."""
    value = document[name]
    if not (isinstance(value, str) and 0 < len(value) <= MOST_LETTERS and value.isascii() and value.isprintable()):
        raise TypeError(name)
    return value


def words_of(document: Document, name: str) -> str:
    """Whatever somebody wrote, without what no database keeps as text; "" for nothing."""
    return str(document.get(name) or "").encode(errors="ignore").decode().replace("\0", "")


def amount_of(document: Document) -> int:
    """Đồng, negative for money out of an account. Raises KeyError, TypeError."""
    value = document["amount"]
    if type(value) is not int or abs(value) > LARGEST_AMOUNT:
        raise TypeError("amount")
    return value


def attempt_of(metadata: Document) -> int:
    """The attempt in what we sent along; 0 for what is none of ours, typed at the bank."""
    attempt = str(metadata.get("attempt") or "0")
    return int(attempt) if attempt.isdecimal() and len(attempt) <= MOST_ATTEMPT_DIGITS else 0


def time_of(seconds: object) -> datetime:
    """A Unix time. Raises TypeError."""
    if type(seconds) is not int or not 0 <= seconds < LATEST:
        raise TypeError("time")
    return datetime.fromtimestamp(seconds, tz=UTC)
