"""A keep-alive HTTP/1.1 connection for posting webhooks; only what that needs."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

ANSWER_LIMIT = 1_000_000


class PostFailed(Exception):
    """No usable answer: refused, reset, timed out, or not HTTP."""


class Connection:
    """One connection to one address, opened when first needed and again after it broke."""

    def __init__(self, url: str, *, timeout_seconds: float) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "127.0.0.1"
        self._tls = parts.scheme == "https"
        self._port = parts.port or (443 if self._tls else 80)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._start = f"POST {target} HTTP/1.1\r\nHost: {parts.netloc}\r\n"
        self._timeout = timeout_seconds
        self._stream: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer. Raises PostFailed."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        message = f"{self._start}{lines}Content-Length: {len(body)}\r\n\r\n".encode() + body
        reused = self._stream is not None
        try:
            async with asyncio.timeout(self._timeout):
                try:
                    return await self._exchange(message)
                except (OSError, asyncio.IncompleteReadError):
                    # A kept connection may have been closed by the receiver meanwhile; that says nothing about it.
                    if not reused:
                        raise
                    self.close()
                    return await self._exchange(message)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
            self.close()
            raise PostFailed(str(error) or type(error).__name__) from error

    async def _exchange(self, message: bytes) -> int:
        if self._stream is None:
            self._stream = await asyncio.open_connection(self._host, self._port, ssl=self._tls or None)
        reader, writer = self._stream
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        status = int(head[0].split(" ", 2)[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        length = headers.get("content-length")
        if length is not None and int(length) <= ANSWER_LIMIT:
            await reader.readexactly(int(length))
        if (length is None and status != 204) or headers.get("connection", "").lower() == "close":
            self.close()
        return status

    def close(self) -> None:
        if self._stream is not None:
            self._stream[1].close()
            self._stream = None
