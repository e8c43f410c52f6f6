"""Files over HTTP: upload to an inbox, ask by message id, fetch from an outbox."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from banks.connection import REFUSALS, RETRYABLE_STATUSES, Answer, BankConnection
from banks.errors import AnswerLost, BankAnswerUnreadable, BankError, BankRefused, BankUnavailable, NothingSent
from banks.files import Duplicate, FileNotTaken, FileUnknown, MessageState, Received, Report, ReportKind, UploadOutcome
from banks.form import encode_form
from banks.iso20022.document import MAX_BYTES

INBOX, MESSAGES, OUTBOX = "/iso20022/inbox", "/iso20022/messages", "/iso20022/outbox"
PAGE_SIZE = 100
TAKEN, BUSY, DUPLICATE = 202, 429, 409
LARGEST = 10**18  # what a report may count up to, and a file may sum up to in đồng


class HttpFiles:
    """The `Files` of one bank. `timeout` is (connect, read) in seconds; the first holds for each write too, and a bank may stop reading 20 MB for a while."""

    def __init__(self, *, base_url: str, api_key: str, timeout: tuple[float, float] = (10.0, 120.0)) -> None:
        self._connection = BankConnection(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "User-Agent": "an-sinh"},
            timeout=timeout,
            max_answer_bytes=MAX_BYTES,
        )

    def upload(self, *, message_id: str, content: bytes, first_use: bool) -> UploadOutcome:
        """See `Files.upload`."""
        try:
            answer = self._connection.post_document(INBOX, content, content_type="application/xml", key=message_id)
        except NothingSent as error:
            return _not_taken(error.detail, first_use=first_use, retryable=True)
        except AnswerLost as error:
            return FileUnknown(code=error.code)
        except BankError:
            return FileUnknown(code="answer_too_large")
        if answer.status == TAKEN:
            return Received() if _names(answer, message_id) else FileUnknown(code="answer_unreadable")
        if answer.status == DUPLICATE:
            return Duplicate()
        if answer.status == BUSY:
            return _not_taken("rate_limit", first_use=first_use, retryable=True)
        if answer.status in REFUSALS and (code := _error_code(answer)):
            return _not_taken(code, first_use=first_use, retryable=answer.status in RETRYABLE_STATUSES)
        return FileUnknown(code=f"http_{answer.status}")

    def enquire(self, message_id: str) -> MessageState | None:
        """See `Files.enquire`."""
        answer = self._connection.get(f"{MESSAGES}/{quote(message_id, safe='')}")
        if answer.status == 404 and _error_code(answer) == "resource_missing":
            return None
        document = _read(answer)
        if document.get("message_id") != message_id:
            raise BankAnswerUnreadable("another message")
        return MessageState(message_id=message_id, count=_whole(document, "count"), total=_whole(document, "total"))

    def reports(self, *, financial_account: str, after: int) -> Iterator[Report]:
        """See `Files.reports`."""
        has_more: object = True
        while has_more:
            query = encode_form({"financial_account": financial_account, "after": after, "limit": PAGE_SIZE})
            page = _read(self._connection.get(f"{OUTBOX}?{query}"))
            data, has_more = page.get("data"), page.get("has_more")
            if not isinstance(data, list) or not isinstance(has_more, bool) or (has_more and not data):
                raise BankAnswerUnreadable("not a list of reports")
            for entry in data:
                report = self._fetch(entry, after=after)
                after = report.sequence
                yield report

    def _fetch(self, entry: Any, *, after: int) -> Report:
        if not isinstance(entry, dict):
            raise BankAnswerUnreadable("not a list of reports")
        sequence, kind = _whole(entry, "sequence"), entry.get("type")
        if sequence is None or sequence <= after or kind not in set(ReportKind):
            raise BankAnswerUnreadable("a report out of order, or of an unknown kind")
        answer = self._connection.get(f"{OUTBOX}/{sequence}")
        _refuse_failure(answer)
        return Report(sequence=sequence, kind=ReportKind(kind), content=answer.body)


def _not_taken(code: str, *, first_use: bool, retryable: bool) -> FileNotTaken | FileUnknown:
    """A refusal proves that nothing was taken only the first time a message id is used (I3)."""
    return FileNotTaken(code=code, retryable=retryable) if first_use else FileUnknown(code=code)


def _names(answer: Answer, message_id: str) -> bool:
    """Whether a whole answer says which file was taken; half an answer says nothing."""
    try:
        return bool(json.loads(answer.body)["message_id"] == message_id)
    except (ValueError, TypeError, KeyError):
        return False


def _refuse_failure(answer: Answer) -> None:
    if answer.status == BUSY or answer.status >= 500:
        raise BankUnavailable(f"HTTP {answer.status}")
    if answer.status != 200:
        raise BankRefused(code=_error_code(answer) or f"http_{answer.status}", message="", status=answer.status)


def _read(answer: Answer) -> dict[str, Any]:
    _refuse_failure(answer)
    try:
        document = json.loads(answer.body)
    except ValueError as error:
        raise BankAnswerUnreadable("not JSON") from error
    if not isinstance(document, dict):
        raise BankAnswerUnreadable("not an object")
    return document


def _error_code(answer: Answer) -> str:
    """The bank's own error code; "" for an answer of something that is not the bank, such as a proxy."""
    try:
        error = json.loads(answer.body)["error"]
        return str(error["code"])
    except (ValueError, TypeError, KeyError):
        return ""


def _whole(document: dict[str, Any], name: str) -> int | None:
    value = document.get(name)
    if value is not None and (type(value) is not int or abs(value) > LARGEST):
        raise BankAnswerUnreadable(f"{name} is not a whole number, or too large a one")
    return value
