"""Where a service lives: below `var/` if its account can get there, else in a place per checkout that it can reach."""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.embedded.account import Account, service_account
from config.embedded.errors import BelongsToAnotherUser, EmbeddedServiceError

SYSTEM_HOMES = Path("/var/lib/an-sinh")
# The kernel's limit for a socket's path is 107 bytes; PostgreSQL adds "/.s.PGSQL.65535.lock" for the name.
LONGEST_SOCKET_DIRECTORY = 85
LOG_BYTES_KEPT = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Home:
    """A service's place: `directory` for what it keeps, and the account that serves it."""

    directory: Path
    account: Account

    @property
    def data(self) -> Path:
        """What the service itself writes; only its account can enter it."""
        return self.directory / "data"


def home_of(*, service: str, var_dir: Path) -> Home:
    """Choose the place, the same at every call: `var/<service>`, else one named after the checkout's path.

    The second is for a root user whose checkout sits in a directory that only root can enter.
    """
    for directory in _places(service=service, var_dir=var_dir):
        directory.mkdir(parents=True, exist_ok=True)
        place = directory.resolve()
        _open_to_all(place)
        home = Home(directory=place, account=service_account(data=place / "data"))
        if home.account.can_use(place):
            return home
    raise EmbeddedServiceError(
        f"Account {home.account.name!r} can reach neither {var_dir} nor {SYSTEM_HOMES}: move the checkout."
    )


def remove_home(*, service: str, var_dir: Path) -> None:
    """Delete what a stopped service has kept, wherever it lived."""
    sockets = Path(tempfile.gettempdir()).glob(_socket_name(service=service, account="*", var_dir=var_dir))
    for directory in (*_places(service=service, var_dir=var_dir), *sockets):
        shutil.rmtree(directory, ignore_errors=True)


def socket_directory(*, home: Home, service: str, var_dir: Path) -> Path:
    """A directory for the socket that only the account can enter, with a path short enough for the kernel."""
    directory = home.directory / "socket"
    if len(os.fsencode(directory)) > LONGEST_SOCKET_DIRECTORY:
        name = _socket_name(service=service, account=str(home.account.uid), var_dir=var_dir)
        directory = Path(tempfile.gettempdir()) / name
    # Names in a shared directory can be guessed, so somebody else's directory or link is never taken.
    if directory.is_symlink() or (directory.exists() and directory.stat().st_uid != home.account.uid):
        raise BelongsToAnotherUser(path=str(directory))
    return home.account.own(directory)


def log_file(*, service: str, var_dir: Path) -> Path:
    """The server's log under `var/log`, the previous one beside it once it has grown large."""
    log = var_dir / "log" / f"{service}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_BYTES_KEPT:
        log.replace(log.with_suffix(".log.1"))
    return log


def _places(*, service: str, var_dir: Path) -> tuple[Path, Path]:
    return var_dir / service, SYSTEM_HOMES / f"{service}-{_checkout_key(var_dir=var_dir)}"


def _open_to_all(place: Path) -> None:
    """Undo a strict umask for the directories that are ours; what is private lies one level deeper."""
    for ours in (place, *(parent for parent in place.parents if parent == SYSTEM_HOMES)):
        if ours.stat().st_uid == os.geteuid():
            ours.chmod(0o755)


def _socket_name(*, service: str, account: str, var_dir: Path) -> str:
    return f"an-sinh-{service}-{account}-{_checkout_key(var_dir=var_dir)}"


def _checkout_key(*, var_dir: Path) -> str:
    """Twelve characters that differ between two checkouts on one machine."""
    return hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:12]
