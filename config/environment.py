"""What this process learns from its environment: mode, paths, keys. No Django here.

In development everything has a safe default made on the spot under `var/`; in production a missing secret is an error, never a default.
"""

import base64
import os
import secrets
import sys
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ANSINH_VAR", ROOT / "var"))
AES_KEY_BYTES = (16, 24, 32)
MASTER_KEY_BYTES = 32
COUNTER_SECONDS = 0.25  # longer a question is never kept waiting for being counted


class SettingMissing(RuntimeError):
    """A secret that production must be given is not set."""


class SettingWrong(RuntimeError):
    """A secret that can't be used; the message names the variable, never its value."""


def is_production(said: str | None) -> bool:
    """What `ANSINH_ENV` says; not set, this is development. Raises `SettingWrong`: "prod" must not run with the keys and doors of a demo."""
    if said not in (None, "development", "production"):
        raise SettingWrong("ANSINH_ENV: production, or development")
    return said == "production"


PRODUCTION = is_production(os.environ.get("ANSINH_ENV"))


def _kept_secret(name: str) -> str:
    """The secret `name` of this checkout, made once with mode 600; two processes that race read the same one."""
    folder = VAR / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    try:
        descriptor = os.open(path.with_suffix(f".{os.getpid()}"), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(base64.b64encode(secrets.token_bytes(32)).decode())
        os.link(path.with_suffix(f".{os.getpid()}"), path)
    except FileExistsError:
        pass
    finally:
        path.with_suffix(f".{os.getpid()}").unlink(missing_ok=True)
    return path.read_text().strip()


def secret(variable: str) -> str:
    """The secret in environment variable `variable`; outside production one is made and kept under `var/secrets`."""
    if value := os.environ.get(variable):
        return value
    if PRODUCTION:
        raise SettingMissing(f"{variable} must be set in production")
    return _kept_secret(variable.lower())


def given(variable: str, *, otherwise: str) -> str:
    """The environment variable, or `otherwise` outside production. Raises `SettingMissing` in production."""
    value = os.environ.get(variable)
    if value is None and PRODUCTION:
        raise SettingMissing(f"{variable} must be set in production")
    return otherwise if value is None else value


def seal_key() -> bytes | None:
    """The Ed25519 seed (32 bytes) that signs seals: base64 in `ANSINH_SEAL_KEY` or in the file `ANSINH_SEAL_KEY_FILE` names.

    Outside production one is made; in production None where neither is set: most processes must not hold it.
    """
    if path := os.environ.get("ANSINH_SEAL_KEY_FILE"):
        return base64.b64decode(Path(path).read_text())
    if PRODUCTION and not os.environ.get("ANSINH_SEAL_KEY"):
        return None
    return base64.b64decode(secret("ANSINH_SEAL_KEY"))


def process_name() -> str:
    """`manage.py demo`, `celery -A`: program and first argument, at most 63 characters, nothing else of the command line."""
    return " ".join([Path(sys.argv[0]).name, *sys.argv[1:2]])[:63] if sys.argv and sys.argv[0] else "python"


@dataclass(frozen=True)
class DataKeys:
    """Keys of personal data: `current` encrypts, all of `by_id` decrypt, `digest` makes search digests.

    `masters` open the keys that are kept wrapped in the database, the last one wraps (ADR 91). With them `by_id` may be empty and `current` 0.
    """

    current: int
    by_id: dict[int, bytes] = field(repr=False)
    digest: bytes = field(repr=False)
    masters: tuple[bytes, ...] = field(repr=False, default=())

    @classmethod
    def from_environment(cls) -> "DataKeys":
        """Read `ANSINH_MASTER_KEYS` ("base64,base64", the last one wraps), `ANSINH_DATA_KEYS` ("1:base64,2:base64", the last one encrypts;
        not needed beside a master key) and `ANSINH_DIGEST_KEY` (base64).

        Raises `SettingWrong` before anything is sealed under a key nobody would find again.
        """
        masters = tuple(
            _decoded("ANSINH_MASTER_KEYS", key.strip(), sizes=(MASTER_KEY_BYTES,))
            for key in os.environ.get("ANSINH_MASTER_KEYS", "").split(",")
            if key.strip()
        )
        listed = os.environ.get("ANSINH_DATA_KEYS") or ("" if masters else f"1:{secret('ANSINH_DATA_KEY')}")
        by_id: dict[int, bytes] = {}
        for number, _, key in (item.strip().partition(":") for item in listed.split(",") if listed):
            if not (number.isdecimal() and 0 < int(number) < 256) or int(number) in by_id:
                raise SettingWrong("ANSINH_DATA_KEYS: each key has a number of its own, 1 to 255")
            by_id[int(number)] = _decoded("ANSINH_DATA_KEYS", key, sizes=AES_KEY_BYTES)
        if len({*masters, *by_id.values()}) < len(masters) + len(set(by_id.values())):
            raise SettingWrong("ANSINH_MASTER_KEYS: each is given once, and none is a data key")
        digest = _decoded("ANSINH_DIGEST_KEY", secret("ANSINH_DIGEST_KEY"), sizes=range(16, 1025))
        if digest in masters:
            raise SettingWrong("ANSINH_MASTER_KEYS: a master key is not also ANSINH_DIGEST_KEY, which stays for ever")
        return cls(current=list(by_id)[-1] if by_id else 0, by_id=by_id, digest=digest, masters=masters)


def _decoded(variable: str, said: str, *, sizes: Container[int]) -> bytes:
    try:
        key = base64.b64decode(said, validate=True)
    except ValueError as error:
        raise SettingWrong(f"{variable}: not base64") from error
    if len(key) not in sizes:
        raise SettingWrong(f"{variable}: a key of {len(key)} bytes is no key; 32 random ones are")
    return key


def shared_counters(*, broker_url: str, prefix: str) -> dict[str, Any]:
    """Django's settings for the counters all processes share: `ANSINH_COUNTERS_URL`, else the broker when that is a Redis, else none are shared."""
    if broker_url.startswith("redis+socket://"):
        broker_url = broker_url.replace("redis+socket", "unix", 1).partition("?")[0]  # what follows is Celery's alone
    url = os.environ.get("ANSINH_COUNTERS_URL") or broker_url
    if not url.startswith(("redis://", "rediss://", "unix://")):
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counters"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": f"{prefix}:counter",
        "OPTIONS": {
            "serializer": "staff.api.throttles.WholeNumbers",
            "socket_connect_timeout": COUNTER_SECONDS,
            "socket_timeout": COUNTER_SECONDS,
        },
    }


def database_from_url(url: str) -> dict[str, Any]:
    """Django's database settings for `postgresql://user:password@host:port/name?host=/socket/dir`."""
    parts = urlsplit(url)
    query = dict(item.split("=", 1) for item in parts.query.split("&") if "=" in item)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "OPTIONS": {key: unquote(value) for key, value in query.items() if key != "host"},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
