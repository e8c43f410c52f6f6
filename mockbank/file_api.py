"""The main port's paths for files, beside Stripe's: an inbox, messages by id, an outbox of reports."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from mockbank.bank import Bank
from mockbank.books import financial_account_no
from mockbank.errors import ApiError, missing_resource
from mockbank.faults import Rule, Subject
from mockbank.file_books import report_path
from mockbank.file_desk import FileDesk
from mockbank.forms import integer, parse_form, refuse_unknown, required
from mockbank.front_door import CRASH, FrontDoor, encode
from mockbank.http_server import Request, Response
from mockbank.pain001 import message_id_of

PREFIX = "/iso20022/"
_MAX_PAGE = 100
_XML = "application/xml"


class FileApi:
    """Same key, limits and request faults (`"on": "file"` for uploads) as the API of payments."""

    def __init__(self, bank: Bank, *, desk: FileDesk, begin_outage: Callable[[float], None]) -> None:
        self._bank = bank
        self._desk = desk
        self._door = FrontDoor(bank, begin_outage=begin_outage)

    async def handle(self, request: Request) -> Response:
        try:
            return await self._answer(request)
        except ApiError as refusal:
            self._bank.counts[f"refused_{refusal.code}"] += 1
            return Response(status=refusal.status, body=encode(refusal.body()))

    async def _answer(self, request: Request) -> Response:
        self._door.authenticate(request)
        uploading = (request.method, request.path) == ("POST", f"{PREFIX}inbox")
        rule = self._strike(request, uploading)
        if (answer := await self._door.turned_away(rule)) is not None:
            return answer
        if uploading:
            return await self._upload(request, rule)
        if request.method == "GET":
            return self._read(request)
        raise missing_resource(kind="path", id=f"{request.method} {request.path}", param="path")

    def _strike(self, request: Request, uploading: bool) -> Rule | None:
        if not self._bank.faults.rules:
            return None
        key = (message_id_of(request.body) if uploading else None) or f"{request.method} {request.path}?{request.query}"
        return self._bank.faults.strike("request", Subject(key=key, on="file" if uploading else "read"))

    async def _upload(self, request: Request, rule: Rule | None) -> Response:
        fault = "" if rule is None else rule.fault
        if fault == "refuse":
            raise ApiError(status=400, code="file_refused", message="The bank refuses this file.")
        if fault == "error_500_before":
            return Response(status=500, body=CRASH)
        if rule is not None and fault == "accept_late":
            await asyncio.sleep(rule.seconds)
        message_id = await self._desk.receive(request.body)
        if rule is not None and fault == "timeout_after_accept":
            await asyncio.sleep(rule.seconds)
        if fault == "error_500_after_execute":
            return Response(status=500, body=CRASH)
        body = encode({"object": "message", "message_id": message_id, "status": "RCVD"})
        return Response(status=202, body=body, cut_after=len(body) // 2 if fault == "reset_mid_body" else None)

    def _read(self, request: Request) -> Response:
        path = request.path.removeprefix(PREFIX)
        if path == "outbox":
            return Response(body=encode(self._list(request.query)))
        collection, _, id = path.partition("/")
        if collection == "messages":
            return Response(body=encode(self._message(unquote(id))))
        if collection == "outbox" and id.isascii() and id.isdigit():
            return self._report(int(id))
        raise missing_resource(kind="path", id=request.path, param="path")

    def _message(self, message_id: str) -> dict[str, Any]:
        row = self._bank.connection.execute(
            "SELECT status, count, total, received FROM messages WHERE message_id = ?", (message_id,)
        ).fetchone()
        if row is None:
            raise missing_resource(kind="message", id=message_id)
        status, count, total, received = row
        return {
            "object": "message",
            "message_id": message_id,
            "status": status,
            "count": count,
            "total": total,
            "received": received,
        }

    def _list(self, query: str) -> dict[str, Any]:
        """Reports of one funding account, and those of files whose account could not be read, oldest first."""
        params = parse_form(query)
        refuse_unknown(params, known=frozenset({"financial_account", "after", "limit"}))
        account_no = financial_account_no(
            self._bank.connection, required(params, "financial_account"), param="financial_account"
        )
        limit = integer(params, "limit", low=1, high=_MAX_PAGE) if "limit" in params else _MAX_PAGE
        after = integer(params, "after", low=0, high=2**53) if "after" in params else 0
        rows = self._bank.connection.execute(
            "SELECT sequence, type, created FROM reports WHERE (account_no = ? OR account_no IS NULL) AND sequence > ?"
            " ORDER BY sequence LIMIT ?",
            (account_no, after, limit + 1),
        ).fetchall()
        data = [{"sequence": sequence, "type": type, "created": created} for sequence, type, created in rows[:limit]]
        return {"object": "list", "data": data, "has_more": len(rows) > limit}

    def _report(self, sequence: int) -> Response:
        row = self._bank.connection.execute("SELECT type FROM reports WHERE sequence = ?", (sequence,)).fetchone()
        if row is None:
            raise missing_resource(kind="report", id=str(sequence))
        return Response(content_type=_XML, file=report_path(self._bank.data, sequence, row[0]))
