"""What a checkout remembers about its PostgreSQL: port and passwords, in a file only its user can read."""

import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from config.embedded.errors import BelongsToAnotherUser

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class PostgresRecord:
    """`prepared` means that server, roles and database are up; it is taken back before every start."""

    var_dir: str
    data: str
    admin_password: str = field(repr=False)
    owner_password: str = field(repr=False)
    app_password: str = field(repr=False)
    socket_dir: str = ""
    port: int = 0
    prepared: bool = False


def load(*, var_dir: Path) -> PostgresRecord | None:
    """Read the record; None if there is none, if it is damaged, or if it came along with a copied checkout."""
    path = _path(var_dir)
    try:
        record = PostgresRecord(**json.loads(path.read_text(encoding="utf-8")))
    except PermissionError as error:
        raise BelongsToAnotherUser(path=str(path)) from error
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return record if record.var_dir == str(var_dir) else None


def save(record: PostgresRecord) -> None:
    """Write the record whole or not at all, readable by its owner only from its first byte."""
    path = _path(Path(record.var_dir))
    unfinished = path.with_suffix(".json.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(record), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def new_record(*, var_dir: Path, data: Path) -> PostgresRecord:
    """A record with fresh passwords; port and socket are chosen when the server starts."""
    return PostgresRecord(
        var_dir=str(var_dir),
        data=str(data),
        admin_password=secrets.token_urlsafe(24),
        owner_password=secrets.token_urlsafe(24),
        app_password=secrets.token_urlsafe(24),
    )


def with_free_port(record: PostgresRecord) -> PostgresRecord:
    """Keep the port of last time if nobody has taken it, so that open consoles and tools stay valid; else another."""
    return replace(record, port=_bindable(record.port) or _bindable(0))


def _bindable(port: int) -> int:
    """The port that could be bound, 0 if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _path(var_dir: Path) -> Path:
    return var_dir / "postgres.json"
