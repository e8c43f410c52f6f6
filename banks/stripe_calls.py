"""Calls to an API of Stripe's shape: one connection, one key, one rate. What is read is asked for again, what is sent never."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeVar

from banks.connection import Answer, BankConnection
from banks.errors import BankAnswerUnreadable, BankUnavailable
from banks.form import FormValue, encode_form
from banks.limiter import Limiter
from banks.stripe_answers import Document, read_success

TIMEOUT: Final = (3.05, 10.0)
PAGE_SIZE: Final = 100  # Stripe's largest
MAX_ANSWER_BYTES: Final = 2 * 1024 * 1024  # a page of 100 payments has about 150 kB
READ_ATTEMPTS: Final = 3

Entry = TypeVar("Entry")


class StripeCalls:
    """Shared by all threads of a process. `timeout` is (connect, read) in seconds, `rate_limit` calls per second and process."""

    def __init__(
        self, *, base_url: str, api_key: str, version: str, timeout: tuple[float, float], rate_limit: float | None
    ) -> None:
        self._connection = BankConnection(
            base_url=base_url,
            headers={"Authorization": f"Bearer {api_key}", "Stripe-Version": version, "User-Agent": "an-sinh"},
            timeout=timeout,
            max_answer_bytes=MAX_ANSWER_BYTES,
        )
        self._limiter = Limiter(rate=rate_limit)

    def post(self, target: str, form: str, *, idempotency_key: str) -> Answer:
        """POST an encoded form, once. Raises as `BankConnection` does."""
        called_at = self._limiter.wait()
        return self._noted(self._connection.post(target, form, idempotency_key=idempotency_key), called_at=called_at)

    def post_if(self, may_call: Callable[[], bool], target: str, form: str, *, idempotency_key: str) -> Answer | None:
        """The same, unless `may_call`, asked right before the call, says no: then None, and nothing was sent."""
        called_at = self._limiter.wait()
        if not may_call():
            return None
        return self._noted(self._connection.post(target, form, idempotency_key=idempotency_key), called_at=called_at)

    def read(self, target: str) -> Document:
        """GET a document; a bank that does not answer is asked again, a few times. Raises BankUnavailable, BankRefused, BankAnswerUnreadable."""
        for _ in range(READ_ATTEMPTS - 1):
            try:
                return self._read_once(target)
            except BankUnavailable:
                continue
        return self._read_once(target)

    def pages(
        self, path: str, asked: Mapping[str, FormValue], *, read_entry: Callable[[Document], Entry]
    ) -> Iterator[list[Entry]]:
        """A list's entries page by page, each once. One that can't be read keeps nobody from learning of the others: BankAnswerUnreadable comes at the end.

        Raises as `read` does, and BankAnswerUnreadable at once for what is no list, or one that does not advance.
        """
        query: dict[str, FormValue] = {**asked, "limit": PAGE_SIZE}
        # Of one page: what moves while a list is read moves to the next, and all ids would not stay small.
        before: set[str] = set()
        asked_behind: set[str] = set()  # one id a page: who leads us in a circle, of however many pages, is left
        unreadable, has_more = 0, True
        while has_more:
            page, has_more = _read_page(self.read(f"{path}?{encode_form(query)}"))
            fresh = [entry for entry_id, entry in page if entry_id not in before]
            if has_more and (not fresh or page[-1][0] in asked_behind):
                raise BankAnswerUnreadable("a list that does not advance")
            before = {entry_id for entry_id, _ in page}
            readable: list[Entry] = []
            for entry in fresh:
                try:
                    readable.append(read_entry(entry))
                except BankAnswerUnreadable:
                    unreadable += 1
            if page:
                query["starting_after"] = page[-1][0]
                asked_behind.add(page[-1][0])
            if readable:
                yield readable
        if unreadable:
            raise BankAnswerUnreadable(f"{unreadable} entries of a list")

    def _read_once(self, target: str) -> Document:
        called_at = self._limiter.wait()
        return read_success(self._noted(self._connection.get(target), called_at=called_at))

    def _noted(self, answer: Answer, *, called_at: float) -> Answer:
        if answer.status == 429:
            self._limiter.refused(retry_after=_seconds(answer.headers.get("Retry-After")), called_at=called_at)
        else:
            self._limiter.succeeded()
        return answer


def _read_page(document: Document) -> tuple[list[tuple[str, Document]], bool]:
    """The entries by their ids, and whether there are more."""
    data, has_more = document.get("data"), document.get("has_more")
    if not isinstance(data, list) or not isinstance(has_more, bool):
        raise BankAnswerUnreadable("not a list")
    entries = [entry if isinstance(entry, dict) else {} for entry in data]
    if not all(isinstance(entry.get("id"), str) and entry["id"] for entry in entries):
        raise BankAnswerUnreadable("a list of something else")
    return [(entry["id"], entry) for entry in entries], has_more


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not used by APIs of this shape."""
    return float(retry_after) if retry_after is not None and retry_after.isdecimal() else None
