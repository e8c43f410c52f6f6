"""The web process as the demo starts it, with the plain views beside the product's."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.celery import app
from config.demo.environment import free_port
from config.demo.processes import Processes, web

QUEUE = "ansinh-bench-bells"


@contextmanager
def running_web(environment: dict[str, str]) -> Iterator[int]:
    """Granian on a free port, access log to a file; bells ring into a queue nobody listens to."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [argument.replace("config.wsgi", "benches.payments.site") for argument in web(str(port))]
        with Processes(logs=Path(folder), environment={"ANSINH_QUEUE": QUEUE, **environment}) as running:
            running.start("web", *command, "--access-log")
            running.wait_for("web", f"http://127.0.0.1:{port}/api/health/")
            try:
                yield port
            finally:
                with app.connection() as broker:
                    for queue in (QUEUE, f"{QUEUE}.bank"):
                        broker.default_channel.queue_purge(queue)
