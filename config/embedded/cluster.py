"""The files of a PostgreSQL cluster: made by initdb, configured by us at every start."""

import os
import shutil
from pathlib import Path

from config.embedded.account import Account
from config.embedded.binaries import POSTGRES_MAJOR
from config.embedded.errors import EmbeddedServiceError, OtherMajorVersion
from config.embedded.homes import Home
from config.embedded.records import LOOPBACK, PostgresRecord

ADMIN = "postgres"
SMALL_SHARED_MEMORY = 1 << 30

# The log says that a statement failed, never with which values: rows hold personal data.
SETTINGS = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = '{shared_buffers}'
max_wal_size = '{max_wal_size}'
checkpoint_timeout = '15min'
work_mem = '32MB'
maintenance_work_mem = '256MB'
random_page_cost = 1.1
jit = off
dynamic_shared_memory_type = {dynamic_shared_memory}
fsync = on
full_page_writes = on
synchronous_commit = on
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_line_prefix = '%m [%p] %u@%d '
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length_on_error = 0
"""
AUTHENTICATION = """\
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""


def make_cluster(*, home: Home, programs: Path, password: str) -> None:
    """Make a cluster with this superuser password; UTF-8 in code-point order, the same on every operating system.

    It is built beside its place and renamed, so that a kill half-way leaves no half cluster.
    """
    unfinished = home.directory / "data.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    home.account.own(unfinished)
    locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    closed = ["--auth=reject", f"--username={ADMIN}", "--no-instructions"]
    _finish(home.account, [str(programs / "initdb"), "-D", str(unfinished), *locale, *closed])
    set_admin_password(data=unfinished, account=home.account, programs=programs, password=password)
    unfinished.rename(home.data)


def check_version(*, home: Home) -> None:
    """Raise OtherMajorVersion when another PostgreSQL made the cluster."""
    found = (home.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != POSTGRES_MAJOR:
        raise OtherMajorVersion(found=found, expected=POSTGRES_MAJOR)


def set_admin_password(*, data: Path, account: Account, programs: Path, password: str) -> None:
    """Set the superuser's password without a running server: for a new cluster, or when the record of it was lost."""
    command = f"ALTER ROLE {ADMIN} PASSWORD '{password}'\n"
    _finish(account, [str(programs / "postgres"), "--single", "-D", str(data), ADMIN], text_in=command)


def configure(*, home: Home, record: PostgresRecord) -> None:
    """Write the settings of this start. `ANSINH_PG_SHARED_BUFFERS` and `ANSINH_PG_MAX_WAL_SIZE` override the sizes."""
    settings = SETTINGS.format(
        host=LOOPBACK,
        port=record.port,
        socket_dir=record.socket_dir,
        shared_buffers=os.environ.get("ANSINH_PG_SHARED_BUFFERS", "1GB"),
        max_wal_size=os.environ.get("ANSINH_PG_MAX_WAL_SIZE", "8GB"),
        dynamic_shared_memory=_dynamic_shared_memory(),
    )
    _write(home, "postgresql.conf", settings)
    _write(home, "pg_hba.conf", AUTHENTICATION)


def _dynamic_shared_memory() -> str:
    """Containers often have a tiny /dev/shm, where a parallel query would fail; plain files do then."""
    shared = Path("/dev/shm")  # noqa: S108 (measured, never written)
    return "posix" if shared.is_dir() and shutil.disk_usage(shared).total >= SMALL_SHARED_MEMORY else "mmap"


def _write(home: Home, name: str, text: str) -> None:
    path = home.data / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    if path.stat().st_uid != home.account.uid:
        os.chown(path, home.account.uid, home.account.gid)


def _finish(account: Account, arguments: list[str], *, text_in: str = "") -> None:
    done = account.run(arguments, text_in=text_in)
    if done.returncode != 0:
        last_words = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise EmbeddedServiceError(f"{Path(arguments[0]).name} failed: {last_words}")
