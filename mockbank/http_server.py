"""A small HTTP/1.1 server on httptools. Written out because faults need the socket: half a body, a reset, no answer."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import cast

import httptools

logger = logging.getLogger(__name__)

_REASONS = {status.value: status.phrase for status in HTTPStatus}
_FILE_CHUNK = 256 * 1024
JSON = "application/json"


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True)
class Response:
    """What to write: `body`, or the content of `file`. `cut_after` sends that many bytes of it, then resets."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = JSON
    cut_after: int | None = None
    file: Path | None = None


Handler = Callable[[Request], Awaitable[Response]]


class HttpProtocol(asyncio.Protocol):
    """One connection: keep-alive, requests of one connection answered in order."""

    def __init__(self, *, handler: Handler, connections: set[HttpProtocol], body_limit: int) -> None:
        self._handler = handler
        self._connections = connections
        self._body_limit = body_limit
        self._parser = httptools.HttpRequestParser(self)
        self._queue: deque[tuple[Request, bool]] = deque()
        self._busy: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()
        self._transport: asyncio.Transport
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        # A request already being executed goes on: a bank does not undo a transfer because the client hung up.
        self._connections.discard(self)
        self._writable.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._write(Response(status=400, body=b"{}"), keep_alive=False)

    def on_message_begin(self) -> None:
        self._url, self._headers, self._body = b"", {}, bytearray()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        if self._headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body += body
        if len(self._body) > self._body_limit:
            self._write(Response(status=413, body=b"{}"), keep_alive=False)

    def on_message_complete(self) -> None:
        if self._transport.is_closing():
            return
        path, _, query = self._url.decode("latin-1").partition("?")
        request = Request(self._parser.get_method().decode(), path, query, self._headers, bytes(self._body))
        self._queue.append((request, self._parser.should_keep_alive()))
        if self._busy is None:
            self._start()

    def _start(self) -> None:
        self._busy = asyncio.get_running_loop().create_task(self._answer())
        self._busy.add_done_callback(self._answered)

    async def _answer(self) -> None:
        while self._queue:
            request, keep_alive = self._queue.popleft()
            response = await self._handler(request)
            if response.file is None:
                self._write(response, keep_alive=keep_alive)
            else:
                await self._write_file(response, response.file, keep_alive=keep_alive)

    def _answered(self, task: asyncio.Task[None]) -> None:
        self._busy = None
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("a request failed", exc_info=error)
            body = b'{"error": {"type": "api_error", "message": "An unknown error occurred"}}'
            self._write(Response(status=500, body=body), keep_alive=False)
        elif self._queue:
            # A request that came between the last answer and this call found the task still there.
            self._start()

    def _head(self, response: Response, *, length: int, keep_alive: bool) -> bytes:
        lines = [
            f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}",
            f"Content-Type: {response.content_type}",
            f"Content-Length: {length}",
        ]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        if not keep_alive:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _write(self, response: Response, *, keep_alive: bool) -> None:
        if self._transport.is_closing():
            return
        head = self._head(response, length=len(response.body), keep_alive=keep_alive)
        if response.cut_after is not None:
            self._transport.write(head + response.body[: response.cut_after])
            # Give the kernel a moment to send the half before the reset throws the rest away.
            asyncio.get_running_loop().call_later(0.05, self._transport.abort)
            return
        self._transport.write(head + response.body)
        if not keep_alive:
            self._transport.close()

    async def _write_file(self, response: Response, path: Path, *, keep_alive: bool) -> None:
        with path.open("rb") as file:
            self._transport.write(self._head(response, length=path.stat().st_size, keep_alive=keep_alive))
            while (chunk := file.read(_FILE_CHUNK)) and not self._transport.is_closing():
                self._transport.write(chunk)
                await self._writable.wait()
        if not keep_alive:
            self._transport.close()

    def abort(self) -> None:
        self._transport.abort()


class HttpServer:
    """One listening port that can be taken down and brought back, so that an outage is a refused connection."""

    def __init__(self, *, handler: Handler, host: str, port: int, body_limit: int) -> None:
        self._handler = handler
        self._host = host
        self.port = port
        self._body_limit = body_limit
        self._connections: set[HttpProtocol] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, self.port, backlog=1024)
        self.port = self._server.sockets[0].getsockname()[1]

    def _protocol(self) -> HttpProtocol:
        return HttpProtocol(handler=self._handler, connections=self._connections, body_limit=self._body_limit)

    def stop(self) -> None:
        """Refuse new connections and drop the open ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in list(self._connections):
            connection.abort()
