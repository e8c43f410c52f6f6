"""One running bank: two ports, the settlement that ticks, the webhooks, and a clean stop."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass

from mockbank.admin import AdminApi
from mockbank.api import StripeApi
from mockbank.bank import Bank
from mockbank.file_api import PREFIX, FileApi
from mockbank.file_desk import FileDesk
from mockbank.http_server import HttpServer, Request, Response
from mockbank.settlement import settle_all_due
from mockbank.webhooks import Deliverer

_TICK_SECONDS = 0.05
_BODY_LIMIT = 64_000_000  # a file of 50,000 orders has about 35 MB
_ADMIN_BODY_LIMIT = 50_000_000


@dataclass(frozen=True, slots=True)
class Ports:
    host: str
    main: int
    admin: int


class PortTaken(RuntimeError):
    """Another program listens where the bank was told to."""


async def run_bank(bank: Bank, ports: Ports) -> None:
    """Serve until SIGTERM or SIGINT; print one line when ready. Raises PortTaken."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    outages: set[asyncio.Task[None]] = set()

    def begin_outage(seconds: float) -> None:
        task = loop.create_task(_outage(main, seconds))
        outages.add(task)
        task.add_done_callback(outages.discard)

    deliverer = Deliverer(bank)
    desk = FileDesk(bank)
    payments, files = StripeApi(bank, begin_outage=begin_outage), FileApi(bank, desk=desk, begin_outage=begin_outage)

    async def answer(request: Request) -> Response:
        return await (files if request.path.startswith(PREFIX) else payments).handle(request)

    main = HttpServer(
        handler=answer,
        host=ports.host,
        port=ports.main,
        body_limit=_BODY_LIMIT,
    )
    admin = HttpServer(
        handler=AdminApi(bank, deliverer=deliverer, desk=desk, begin_outage=begin_outage).handle,
        host=ports.host,
        port=ports.admin,
        body_limit=_ADMIN_BODY_LIMIT,
    )
    try:
        await main.start()
        await admin.start()
    except OSError as error:
        raise PortTaken(f"cannot listen on {ports.host}, ports {ports.main} and {ports.admin}: {error}") from error
    deliverer.refresh()
    settling = loop.create_task(_settle_for_ever(bank, desk))
    # If settlement breaks, the bank must not go on as if nothing happened.
    settling.add_done_callback(lambda _: stop.set())
    print(
        f"mockbank ready: http://{ports.host}:{main.port} admin http://{ports.host}:{admin.port} data {bank.data}",
        flush=True,
    )
    await stop.wait()
    main.stop()
    admin.stop()
    deliverer.stop()
    if settling.done():
        settling.result()
    settling.cancel()
    bank.keep_clock()


async def _settle_for_ever(bank: Bank, desk: FileDesk) -> None:
    while True:
        await settle_all_due(bank)
        await desk.work()
        await asyncio.sleep(_TICK_SECONDS)


async def _outage(server: HttpServer, seconds: float) -> None:
    server.stop()
    await asyncio.sleep(seconds)
    await server.start()
