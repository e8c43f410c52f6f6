"""Issues statements: numbered once per account and period, then kept, so that the same question gets the same bytes."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from mockbank.bank import Bank
from mockbank.books import financial_account_no
from mockbank.camt053 import write_camt053
from mockbank.clock import bank_date
from mockbank.csv_statement import write_csv
from mockbank.errors import ApiError
from mockbank.mt940 import write_mt940
from mockbank.schema import open_for_reading
from mockbank.settlement import settle_all_due
from mockbank.statement_lines import StatementHead, StatementLine, read_head, read_lines

Writer = Callable[[StatementHead, Iterable[StatementLine]], Iterator[str]]
FORMATS: dict[str, tuple[Writer, str, str]] = {
    "camt053": (write_camt053, "xml", "application/xml"),
    "csv": (write_csv, "csv", "text/csv; charset=utf-8"),
    "mt940": (write_mt940, "sta", "text/plain; charset=us-ascii"),
}


class Statements:
    """Writes each statement once into `data/statements`."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._folder = bank.data / "statements"
        self._one_at_a_time = asyncio.Lock()

    async def issue(
        self, *, account_id: str, first_day: date, last_day: date, format: str, interim: bool
    ) -> tuple[Path, str]:
        """The file and its content type. Raises ApiError: unknown account or format, or a day that is not over.

        An interim statement may cover today; it has no number and is not kept.
        """
        if format not in FORMATS:
            raise ApiError(status=400, code="bad_format", message=f"known formats: {sorted(FORMATS)}", param="format")
        writer, suffix, content_type = FORMATS[format]
        account_no = financial_account_no(self._bank.connection, account_id, param="financial_account", status=404)
        if first_day > last_day:
            raise ApiError(status=400, code="bad_period", message="from is after to", param="from")
        if not interim and last_day >= bank_date(self._bank.clock.now()):
            raise ApiError(
                status=409,
                code="day_not_over",
                message="The last day is not over on the bank's clock; move the clock, or ask with interim=true.",
                param="to",
            )
        async with self._one_at_a_time:
            await settle_all_due(self._bank)
            sequence, issued_at = None, int(self._bank.clock.now())
            if not interim:
                sequence, issued_at = await self._bank.commits.submit(
                    lambda connection: _number(connection, account_no, first_day, last_day, issued_at)
                )
            name = f"{account_id}-{sequence:06d}" if sequence is not None else f"{account_id}-interim"
            path = self._folder / f"{name}.{format}.{suffix}"
            if interim or not path.exists():
                await asyncio.to_thread(self._write, path, writer, account_no, sequence, first_day, last_day, issued_at)
        return path, content_type

    def _write(
        self,
        path: Path,
        writer: Writer,
        account_no: int,
        sequence: int | None,
        first_day: date,
        last_day: date,
        issued_at: int,
    ) -> None:
        self._folder.mkdir(exist_ok=True)
        unfinished = path.with_suffix(".part")
        connection = open_for_reading(self._bank.data)
        try:
            connection.execute("BEGIN")
            head = read_head(
                connection,
                account_no=account_no,
                sequence=sequence,
                first_day=first_day,
                last_day=last_day,
                issued_at=issued_at,
            )
            lines = read_lines(
                connection, account_no=account_no, first_day=first_day, last_day=last_day, faults=self._bank.faults
            )
            with unfinished.open("w", encoding="utf-8", newline="") as file:
                file.writelines(writer(head, lines))
        finally:
            connection.close()
        unfinished.replace(path)


def _number(
    connection: sqlite3.Connection, account_no: int, first_day: date, last_day: date, now: int
) -> tuple[int, int]:
    """The period's number and time of issue; consecutive per account, in the order in which periods were asked for."""
    key = (account_no, first_day.isoformat(), last_day.isoformat())
    known = connection.execute(
        "SELECT sequence, issued_at FROM statements WHERE account_no = ? AND from_date = ? AND to_date = ?", key
    ).fetchone()
    if known is not None:
        return int(known[0]), int(known[1])
    (sequence,) = connection.execute(
        "SELECT coalesce(max(sequence), 0) + 1 FROM statements WHERE account_no = ?", (account_no,)
    ).fetchone()
    connection.execute(
        "INSERT INTO statements (account_no, sequence, from_date, to_date, issued_at) VALUES (?, ?, ?, ?, ?)",
        (account_no, sequence, key[1], key[2], now),
    )
    return int(sequence), now
