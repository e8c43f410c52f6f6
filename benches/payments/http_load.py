"""Clients that keep their connections and ask again as soon as they are answered, in a process of their own; as little Python as it takes."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import uvloop

CLIENTS = 32


@dataclass(frozen=True)
class Answers:
    """How fast, how late (seconds, sorted), and with which status."""

    rate: float
    latencies: list[float]
    statuses: dict[int, int]

    def quantile(self, share: float) -> float:
        """The latency that `share` of the answers stay below."""
        return self.latencies[min(int(len(self.latencies) * share), len(self.latencies) - 1)]


def request(method: str, target: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """One HTTP/1.1 request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


def load(port: int, requests: Sequence[bytes], *, clients: int = CLIENTS) -> Answers:
    """Send every request once, `clients` at a time."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        return alone.submit(_load, port, list(requests), clients).result()


def _load(port: int, requests: list[bytes], clients: int) -> Answers:
    waiting, latencies, statuses = deque(requests), list[float](), Counter[int]()

    async def everything() -> float:
        loop = asyncio.get_running_loop()
        connections = [await loop.create_connection(_Client, "127.0.0.1", port) for _ in range(clients)]
        began = time.perf_counter()
        await asyncio.gather(*(_ask(client, waiting, latencies, statuses) for _, client in connections))
        took = time.perf_counter() - began
        for transport, _ in connections:
            transport.close()
        return took

    took = uvloop.run(everything())
    return Answers(len(latencies) / took, sorted(latencies), dict(statuses))


async def _ask(client: "_Client", waiting: deque[bytes], latencies: list[float], statuses: Counter[int]) -> None:
    while waiting:
        began = time.perf_counter()
        status = await client.ask(waiting.popleft())
        latencies.append(time.perf_counter() - began)
        statuses[status] += 1


class _Client(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        self._received = b""
        self._answer: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def ask(self, data: bytes) -> "asyncio.Future[int]":
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)  # type: ignore[attr-defined]  # the base transport does not say it writes
        return self._answer

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if end and len(body) >= _length(head) and self._answer is not None:
            self._received = b""
            self._answer.set_result(int(head[9:12]))

    def connection_lost(self, error: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error or ConnectionResetError())


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.partition(b"\r\n")[0]) if found else 0
