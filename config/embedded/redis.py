"""A Redis that only rings the bell: nothing on disk, no port, one private socket; found if it runs, else started."""

import os
import signal
import socket
import time
from pathlib import Path

from config.embedded.binaries import redis_program
from config.embedded.errors import RefusedInProduction, ServiceDidNotStart, ServiceDidNotStop
from config.embedded.homes import Home, home_of, log_file, socket_directory
from config.embedded.locking import only_one
from config.embedded.processes import POLL_SECONDS, alive, end, servants_of

SECONDS_TO_ANSWER = 2
SECONDS_TO_START = 20
SECONDS_TO_STOP = 10
LARGEST_MEMORY = "256mb"
NOTE = "redis.socket"


def ensure_redis(var_dir: Path) -> str:
    """Return the Celery broker URL of this checkout's Redis (`redis+socket:///…`); start it if it does not answer.

    Raises EmbeddedServiceError, in production RefusedInProduction. What it holds is lost when it ends, by design:
    the table is the queue. When `ANSINH_REDIS_MAXMEMORY` (256mb) is full it refuses messages and drops none.
    """
    if os.environ.get("ANSINH_ENV") == "production":
        raise RefusedInProduction(service="Redis", setting="CELERY_BROKER_URL")
    var_dir = var_dir.resolve()
    known = _known_socket(var_dir)
    if known is None or not _answers(known):
        with only_one(var_dir=var_dir):
            known = _known_socket(var_dir)
            if known is None or not _answers(known):
                known = _start(var_dir)
    return _url(known)


def find_redis(var_dir: Path) -> str | None:
    """The broker URL if this checkout's Redis answers, else None; starts nothing."""
    known = _known_socket(var_dir.resolve())
    return _url(known) if known is not None and _answers(known) else None


def stop_redis(var_dir: Path) -> bool:
    """End this checkout's Redis and wait for it. False if none was running."""
    var_dir = var_dir.resolve()
    with only_one(var_dir=var_dir):
        if _known_socket(var_dir) is None:
            return False
        return _end_all(home_of(service="redis", var_dir=var_dir), by=signal.SIGTERM)


def _start(var_dir: Path) -> Path:
    home = home_of(service="redis", var_dir=var_dir)
    program = redis_program(home=home)
    socket_path = socket_directory(home=home, service="redis", var_dir=var_dir) / "redis.sock"
    home.account.own(home.data)
    _end_all(home, by=signal.SIGKILL)
    log = log_file(service="redis", var_dir=var_dir)
    pid = home.account.start_detached([str(program), *_settings(home=home, socket_path=socket_path)], log=log)
    deadline = time.monotonic() + SECONDS_TO_START
    while not _answers(socket_path):
        if not alive(pid=pid) or time.monotonic() > deadline:
            last_words = log.read_text(encoding="utf-8", errors="replace").splitlines()[-1:]
            raise ServiceDidNotStart(service="Redis", log=str(log), reason=(last_words or ["it said nothing"])[0])
        time.sleep(POLL_SECONDS)
    _remember(var_dir, socket_path)
    return socket_path


def _settings(*, home: Home, socket_path: Path) -> list[str]:
    settings = {
        "port": "0",
        "unixsocket": str(socket_path),
        "unixsocketperm": "700",
        "dir": str(home.data),
        "save": "",
        "appendonly": "no",
        "maxmemory": os.environ.get("ANSINH_REDIS_MAXMEMORY", LARGEST_MEMORY),
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [word for name, value in settings.items() for word in (f"--{name}", value)]


def _end_all(home: Home, *, by: signal.Signals) -> bool:
    """End every Redis of this home, also one that hangs; False if there was none."""
    found = servants_of(directory=home.data, program="redis-server")
    for pid in found:
        stopped = end(pid=pid, directory=home.data, by=by, seconds=SECONDS_TO_STOP)
        if not stopped and not end(pid=pid, directory=home.data, by=signal.SIGKILL, seconds=SECONDS_TO_STOP):
            raise ServiceDidNotStop(service="Redis", pid=pid)
    return bool(found)


def _answers(socket_path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(SECONDS_TO_ANSWER)
        try:
            client.connect(str(socket_path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _url(socket_path: Path) -> str:
    return f"redis+socket://{socket_path}"


def _known_socket(var_dir: Path) -> Path | None:
    """Where the socket was last time; finding out anew takes longer. None if the note is a copied checkout's."""
    try:
        whose, socket_path = (var_dir / NOTE).read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ValueError):
        return None
    return Path(socket_path) if whose == str(var_dir) else None


def _remember(var_dir: Path, socket_path: Path) -> None:
    unfinished = var_dir / f"{NOTE}.unfinished"
    unfinished.write_text(f"{var_dir}\n{socket_path}\n", encoding="utf-8")
    unfinished.replace(var_dir / NOTE)
