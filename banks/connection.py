"""HTTP to one bank over kept-alive connections: no redirects, no proxies, no retries, answers of bounded size."""

import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.cookies import RequestsCookieJar
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import ConnectTimeout, ReadTimeout, RequestException
from requests.hooks import default_hooks
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from banks.errors import AnswerLost, BankAnswerUnreadable, NothingSent

# A refusal with one of these statuses comes before anything is executed. 408, 409, 424 and 425 do not prove that.
REFUSALS: Final = frozenset({400, 401, 402, 403, 404, 405, 413, 415, 422})
# Nothing is wrong with what was sent: key or permission is missing and may come.
RETRYABLE_STATUSES: Final = frozenset({401, 403})
CHUNK_BYTES = 1024 * 1024
IDLE_SECONDS = 4.0  # servers commonly close after 5 s; a connection lost that way would look like a lost answer


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer of the bank, of any status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class BankConnection:
    """Used by any number of threads; each call borrows one session, and with it one connection.

    `timeout` is (connect, read) in seconds. Raises NothingSent, AnswerLost, or BankAnswerUnreadable when an answer
    passes `max_answer_bytes`.
    """

    def __init__(
        self, *, base_url: str, headers: Mapping[str, str], timeout: tuple[float, float], max_answer_bytes: int
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity", **headers}
        self._timeout = timeout
        self._max_answer_bytes = max_answer_bytes
        self._idle: deque[tuple[float, Session]] = deque()

    def get(self, target: str) -> Answer:
        """GET `target`, a path with its query, already encoded."""
        return self._call("GET", target, body=None, headers=self._headers)

    def download(self, target: str, *, into: BinaryIO) -> Answer:
        """GET `target` and write the answer's body `into` a file as it comes; the answer itself has none. For what may be large."""
        return self._call("GET", target, body=None, headers=self._headers, into=into)

    def post(self, target: str, form: str, *, idempotency_key: str) -> Answer:
        """POST an encoded form."""
        body = form.encode("ascii")
        headers = {
            **self._headers,
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
            "Idempotency-Key": idempotency_key,
        }
        return self._call("POST", target, body=body, headers=headers)

    def post_document(self, target: str, content: bytes, *, content_type: str, key: str) -> Answer:
        """POST a whole document, such as a file of orders, under the key it is known by."""
        headers = {
            **self._headers,
            "Content-Type": content_type,
            "Content-Length": str(len(content)),
            "Idempotency-Key": key,
        }
        return self._call("POST", target, body=content, headers=headers)

    def _call(
        self,
        method: str,
        target: str,
        *,
        body: bytes | None,
        headers: Mapping[str, str],
        into: BinaryIO | None = None,
    ) -> Answer:
        # Prepared by hand: Session.prepare_request re-merges what never changes and costs a quarter of the call.
        request = PreparedRequest()
        request.method = method
        request.url = self._base_url + target
        request.headers = CaseInsensitiveDict(headers)
        request.body = body
        request.hooks = default_hooks()
        request._cookies = RequestsCookieJar()  # type: ignore[attr-defined]  # what Session.send expects
        session = self._borrow()
        try:
            return self._exchange(session, request, into=into)
        finally:
            self._idle.append((time.monotonic(), session))

    def _exchange(self, session: Session, request: PreparedRequest, *, into: BinaryIO | None) -> Answer:
        with _losses_named():
            # The adapter itself: no redirects, hooks or cookies are wanted, and what Session does for them costs on every call.
            response = session.get_adapter(self._base_url).send(
                request, stream=True, timeout=self._timeout, verify=True, proxies={}
            )
        body = b"" if into is not None else self._read(response, self._max_answer_bytes + 1)
        size = len(body)
        while into is not None and (chunk := self._read(response, CHUNK_BYTES)):
            size += len(chunk)
            if size > self._max_answer_bytes:
                break
            into.write(chunk)
        if size > self._max_answer_bytes:
            response.close()
            raise BankAnswerUnreadable(f"answer longer than {self._max_answer_bytes} bytes")
        return Answer(status=response.status_code, headers=response.headers, body=body)

    def _read(self, response: Response, size: int) -> bytes:
        with _losses_named():
            return bytes(response.raw.read(size, decode_content=False))

    def _borrow(self) -> Session:
        try:
            used_at, session = self._idle.pop()
        except IndexError:
            return _new_session()
        if time.monotonic() - used_at > IDLE_SECONDS:
            session.close()
        return session


@contextmanager
def _losses_named() -> Iterator[None]:
    """Whether anything may have reached the bank is all that counts."""
    try:
        yield
    except ConnectTimeout as error:
        raise NothingSent("connect_timeout") from error
    except (ReadTimeout, ReadTimeoutError) as error:
        raise AnswerLost("timeout") from error
    except RequestsConnectionError as error:
        if _never_connected(error):
            raise NothingSent("connection_refused") from error
        raise AnswerLost("connection_lost") from error
    except (RequestException, HTTPError, OSError) as error:
        raise AnswerLost("connection_lost") from error


def _never_connected(error: RequestsConnectionError) -> bool:
    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _new_session() -> Session:
    session = Session()
    session.trust_env = False
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=1, max_retries=0)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session
