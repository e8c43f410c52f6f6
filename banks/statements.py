"""Where a funding account's statements come from."""

import tempfile
from datetime import date
from typing import BinaryIO, Protocol
from urllib.parse import quote

from banks.connection import BankConnection
from banks.errors import BankAnswerUnreadable, BankRefused, BankUnavailable
from banks.form import encode_form

LOOK = 4096
MAX_STATEMENT_BYTES = 4 * 1024 * 1024 * 1024  # a million entries of camt.053 have about 1.3 GB, never in memory


class Statements(Protocol):
    """A bank that publishes statements."""

    def fetch(self, *, financial_account: str, from_on: date, to_on: date) -> BinaryIO:
        """The camt.053 file of the days `from_on` to `to_on`, both included (Vietnam's calendar), open at its start; gone when it is closed.

        Raises BankUnavailable, BankRefused, BankAnswerUnreadable.
        """
        ...


class HttpStatements:
    """Statements by `GET {base}/statements/{account}?from&to&format=camt053`; the same days give the same bytes."""

    def __init__(self, *, base_url: str, timeout: tuple[float, float] = (3.05, 120.0)) -> None:
        self._connection = BankConnection(
            base_url=base_url,
            headers={"Accept": "application/xml", "User-Agent": "an-sinh"},
            timeout=timeout,
            max_answer_bytes=MAX_STATEMENT_BYTES,
        )

    def fetch(self, *, financial_account: str, from_on: date, to_on: date) -> BinaryIO:
        """See `Statements.fetch`."""
        query = encode_form({"from": from_on.isoformat(), "to": to_on.isoformat(), "format": "camt053"})
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
        try:
            answer = self._connection.download(f"/statements/{quote(financial_account, safe='')}?{query}", into=file)
            if answer.status == 429 or answer.status >= 500:
                raise BankUnavailable(f"HTTP {answer.status}")
            if answer.status != 200:
                raise BankRefused(code=f"http_{answer.status}", message="", status=answer.status)
            file.seek(0)
            if not file.read(LOOK).lstrip().startswith(b"<"):
                raise BankAnswerUnreadable("not XML")
            file.seek(0)
        except BaseException:
            file.close()
            raise
        return file
