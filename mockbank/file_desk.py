"""Takes files in, by HTTP or by directory, and works them off: receive first and answer, read and execute afterwards."""

from __future__ import annotations

import asyncio
import sqlite3

from mockbank.bank import Bank
from mockbank.errors import ApiError
from mockbank.file_books import message_path
from mockbank.file_orders import refuse_file, take_orders
from mockbank.file_reports import cut_reports
from mockbank.pain001 import OrderFile, Unreadable, message_id_of, read_pain001

SCAN_EVERY_SECONDS = 0.5


class FileDesk:
    """One per bank. A message id is taken once: the second file under it is refused, whatever is in it."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._inbox = bank.data / "inbox"
        self._next_scan = 0.0
        self._busy = asyncio.Lock()

    async def receive(self, content: bytes) -> str:
        """Keep the file and its message id, durably, and return the id. Raises ApiError: no id, or one that is known."""
        message_id = message_id_of(content)
        if message_id is None:
            raise ApiError(status=400, code="message_unreadable", message="No MsgId in the head of the file.")
        path = message_path(self._bank.data, message_id)

        def keep(connection: sqlite3.Connection) -> None:
            if connection.execute("SELECT 1 FROM messages WHERE message_id = ?", (message_id,)).fetchone():
                raise ApiError(
                    status=409, code="duplicate_message", message=f"Message {message_id} was received before."
                )
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
            connection.execute(
                "INSERT INTO messages (message_id, status, received) VALUES (?, 'RCVD', ?)",
                (message_id, int(self._bank.clock.now())),
            )

        await self._bank.commits.submit(keep)
        return message_id

    async def work(self) -> None:
        """Take in what lies in the directory, execute what was received, report what is due."""
        async with self._busy:
            await self._scan()
            for no, message_id in self._bank.connection.execute(
                "SELECT no, message_id FROM messages WHERE status = 'RCVD' ORDER BY no"
            ).fetchall():
                await self._execute(no, message_id)
            if self._something_to_say():
                await self._bank.commits.submit(lambda connection: cut_reports(connection, bank=self._bank))

    def _something_to_say(self) -> bool:
        (news,) = self._bank.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM file_news) OR EXISTS (SELECT 1 FROM messages WHERE report_due_wall <= ?)",
            (self._bank.clock.wall(),),
        ).fetchone()
        return bool(news)

    async def _execute(self, no: int, message_id: str) -> None:
        content = message_path(self._bank.data, message_id).read_bytes()
        try:
            file: OrderFile = await asyncio.to_thread(read_pain001, content)
        except Unreadable as error:
            code = error.code
            await self._bank.commits.submit(
                lambda connection: refuse_file(connection, bank=self._bank, message_no=no, code=code)
            )
            return
        await self._bank.commits.submit(
            lambda connection: take_orders(connection, bank=self._bank, message_no=no, file=file)
        )

    async def _scan(self) -> None:
        """Files put into DATA/inbox: taken ones move to inbox/taken, refused ones to inbox/refused."""
        wall = self._bank.clock.wall()
        if wall < self._next_scan or not self._inbox.is_dir():
            return
        self._next_scan = wall + SCAN_EVERY_SECONDS
        for path in sorted(self._inbox.glob("*.xml")):
            try:
                await self.receive(await asyncio.to_thread(path.read_bytes))
                folder = self._inbox / "taken"
            except ApiError:
                folder = self._inbox / "refused"
            folder.mkdir(exist_ok=True)
            path.replace(folder / path.name)
