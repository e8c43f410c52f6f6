"""PostgreSQL from the installed wheel: found if it runs, else started; safe to ask for from many processes at once."""

import os
import signal
import socket
import struct
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from config.embedded import records
from config.embedded.binaries import postgres_programs
from config.embedded.cluster import ADMIN, check_version, configure, make_cluster, set_admin_password
from config.embedded.errors import RefusedInProduction, ServiceDidNotStart, ServiceDidNotStop
from config.embedded.homes import Home, home_of, log_file, socket_directory
from config.embedded.locking import only_one
from config.embedded.processes import POLL_SECONDS, alive, end, servants_of, serves
from config.embedded.records import LOOPBACK, PostgresRecord
from config.embedded.roles import APP, OWNER, ensure_roles_and_database, grant_app_rights

DATABASE = "ansinh"
TEMPLATE = "template1"
START_ATTEMPTS = 3
ASK_FOR_TLS = struct.pack("!ii", 8, 80877103)  # the protocol's SSLRequest: length and code; answered before any log-in
SECONDS_TO_ANSWER = 5
SECONDS_TO_START = 600  # recovery after a kill replays up to `max_wal_size`
SECONDS_TO_STOP = 60


@dataclass(frozen=True, kw_only=True)
class PostgresAddress:
    """Where the database is and the three ways in; URLs go over loopback TCP, `socket_dir` also works as host."""

    host: str
    port: int
    socket_dir: Path
    database: str
    owner_url: str = field(repr=False)
    app_url: str = field(repr=False)
    admin_url: str = field(repr=False)

    def for_database(self, database: str) -> "PostgresAddress":
        """The same server, another database; it need not exist yet."""
        urls = (self.owner_url, self.app_url, self.admin_url)
        owner_url, app_url, admin_url = (url.rpartition("/")[0] + f"/{database}" for url in urls)
        return replace(self, database=database, owner_url=owner_url, app_url=app_url, admin_url=admin_url)


def ensure_postgres(var_dir: Path) -> PostgresAddress:
    """Return the address of this checkout's PostgreSQL; start it, with roles and database, if it does not run.

    Raises EmbeddedServiceError, in production RefusedInProduction. The server outlives the caller: see `stop_postgres`.
    """
    if os.environ.get("ANSINH_ENV") == "production":
        raise RefusedInProduction(service="PostgreSQL", setting="DATABASE_URL")
    var_dir = var_dir.resolve()
    record = _running(var_dir)
    if record is None:
        with only_one(var_dir=var_dir):
            record = _running(var_dir) or _start(var_dir)
    return _address(record)


def find_postgres(var_dir: Path) -> PostgresAddress | None:
    """The address if the server of this checkout runs and is ready, else None; starts nothing."""
    record = _running(var_dir.resolve())
    return _address(record) if record else None


def stop_postgres(var_dir: Path) -> bool:
    """End this checkout's server and wait for it: open transactions are rolled back. False if none was running."""
    var_dir = var_dir.resolve()
    with only_one(var_dir=var_dir):
        record = records.load(var_dir=var_dir)
        data = Path(record.data) if record else None
        pid = _postmaster(data).pid if data else 0
        if data is None or not serves(pid=pid, directory=data):
            return False
        fast = end(pid=pid, directory=data, by=signal.SIGINT, seconds=SECONDS_TO_STOP)
        if not fast and not end(pid=pid, directory=data, by=signal.SIGQUIT, seconds=SECONDS_TO_STOP):
            raise ServiceDidNotStop(service="PostgreSQL", pid=pid)
        return True


@dataclass(frozen=True, kw_only=True)
class _Postmaster:
    """What the running server says of itself in `postmaster.pid`."""

    pid: int = 0
    port: int = 0
    ready: bool = False


def _postmaster(data: Path) -> _Postmaster:
    try:
        lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return _Postmaster(pid=abs(int(lines[0])), port=int(lines[3]), ready="ready" in lines[7])
    except (OSError, ValueError, IndexError):
        return _Postmaster()


def _running(var_dir: Path) -> PostgresRecord | None:
    """The record, if its server is up, ready, answers, and has its roles."""
    record = records.load(var_dir=var_dir)
    if record is None or not record.prepared:
        return None
    postmaster = _postmaster(Path(record.data))
    alive = (
        postmaster.ready and postmaster.port == record.port and serves(pid=postmaster.pid, directory=Path(record.data))
    )
    return record if alive and _answers(record.port) else None


def _answers(port: int) -> bool:
    """Whether a server speaks, not only listens: the kernel still accepts for one that is being killed."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=SECONDS_TO_ANSWER) as connection:
            connection.sendall(ASK_FOR_TLS)
            return connection.recv(1) in (b"N", b"S")
    except OSError:
        return False


def _start(var_dir: Path) -> PostgresRecord:
    home = home_of(service="pg", var_dir=var_dir)
    programs = postgres_programs(home=home)
    socket_dir = socket_directory(home=home, service="pg", var_dir=var_dir)
    _clear_remains(data=home.data, socket_dir=socket_dir)
    record = _cluster_with_known_password(var_dir=var_dir, home=home, programs=programs)
    record = replace(record, socket_dir=str(socket_dir), prepared=False)
    record = _start_on_a_free_port(var_dir=var_dir, home=home, programs=programs, record=record)
    _prepare(record)
    record = replace(record, prepared=True)
    records.save(record)
    return record


def _cluster_with_known_password(*, var_dir: Path, home: Home, programs: Path) -> PostgresRecord:
    """Make the cluster, or take up the one that is there, also when `var/` lost the record of it."""
    if not home.data.exists():
        record = records.new_record(var_dir=var_dir, data=home.data)
        records.save(record)
        make_cluster(home=home, programs=programs, password=record.admin_password)
        return record
    check_version(home=home)
    known = records.load(var_dir=var_dir)
    if known is not None and known.data == str(home.data):
        return known
    record = records.new_record(var_dir=var_dir, data=home.data)
    password = record.admin_password
    set_admin_password(data=home.data, account=home.account, programs=programs, password=password)
    records.save(record)
    return record


def _start_on_a_free_port(*, var_dir: Path, home: Home, programs: Path, record: PostgresRecord) -> PostgresRecord:
    """Another program may take the port between our look and the server's bind; then choose again."""
    log = log_file(service="postgres", var_dir=var_dir)
    for attempt in range(1, START_ATTEMPTS + 1):
        record = records.with_free_port(record)
        records.save(record)
        configure(home=home, record=record)
        from_here = log.stat().st_size if log.exists() else 0
        pid = home.account.start_detached([str(programs / "postgres"), "-D", str(home.data)], log=log)
        try:
            _wait_until_ready(pid=pid, data=home.data, log=log, from_here=from_here)
            return record
        except ServiceDidNotStart as refusal:
            if attempt == START_ATTEMPTS or "TCP/IP" not in refusal.reason:
                raise
            record = replace(record, port=0)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _wait_until_ready(*, pid: int, data: Path, log: Path, from_here: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while not _postmaster(data).ready or _postmaster(data).pid != pid:
        if not alive(pid=pid) or time.monotonic() > deadline:
            raise ServiceDidNotStart(service="PostgreSQL", log=str(log), reason=_last_words(log, from_here))
        time.sleep(POLL_SECONDS)


def _last_words(log: Path, from_here: int) -> str:
    with log.open("rb") as file:
        file.seek(from_here)
        lines = file.read().decode(errors="replace").splitlines()
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return (fatal or lines or ["it said nothing"])[-1]


def _clear_remains(*, data: Path, socket_dir: Path) -> None:
    """After a kill -9: end what is left of the old server and drop its claims.

    PostgreSQL itself keeps a claim whose process id is alive, and takes a zombie or a newcomer with that id for alive.
    """
    for orphan in servants_of(directory=data, program="postgres"):
        if not end(pid=orphan, directory=data, by=signal.SIGQUIT, seconds=SECONDS_TO_STOP):
            raise ServiceDidNotStop(service="PostgreSQL", pid=orphan)
    for claim in (data / "postmaster.pid", *socket_dir.glob(".s.PGSQL.*")):
        claim.unlink(missing_ok=True)


def _prepare(record: PostgresRecord) -> None:
    """Roles and database; the template too, so that databases created later, for tests, give the same rights."""
    admin_url = _address(record).for_database(ADMIN).admin_url
    ensure_roles_and_database(
        admin_url=admin_url,
        database=DATABASE,
        owner_password=record.owner_password,
        app_password=record.app_password,
    )
    grant_app_rights(owner_url=admin_url, database=TEMPLATE)


def _address(record: PostgresRecord) -> PostgresAddress:
    def url(role: str, password: str) -> str:
        return f"postgresql://{role}:{password}@{LOOPBACK}:{record.port}/{DATABASE}"

    return PostgresAddress(
        host=LOOPBACK,
        port=record.port,
        socket_dir=Path(record.socket_dir),
        database=DATABASE,
        owner_url=url(OWNER, record.owner_password),
        app_url=url(APP, record.app_password),
        admin_url=url(ADMIN, record.admin_password),
    )
