"""`python -m config.embedded start|stop|status|remove`: the embedded services of this checkout, by hand."""

import argparse
import sys
from pathlib import Path

from config.demo.turn import in_use
from config.embedded.errors import EmbeddedServiceError
from config.embedded.homes import remove_home
from config.embedded.postgres import ensure_postgres, find_postgres, stop_postgres
from config.embedded.redis import ensure_redis, find_redis, stop_redis
from config.environment import VAR


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 1 when a service refuses or the demo uses it, 3 when `status` finds one not running."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded", description=__doc__)
    parser.add_argument("command", choices=["start", "stop", "status", "remove"])
    parser.add_argument("--var", type=Path, default=VAR, help="directory of the services' data")
    chosen = parser.parse_args(arguments)
    if chosen.command in ("stop", "remove") and in_use(var=chosen.var):
        print("`make demo` or `make serve` is running here: end it first (Ctrl-C).", file=sys.stderr)
        return 1
    try:
        return {"start": _start, "stop": _stop, "status": _status, "remove": _remove}[chosen.command](chosen.var)
    except EmbeddedServiceError as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _start(var_dir: Path) -> int:
    ensure_postgres(var_dir)
    ensure_redis(var_dir)
    return _status(var_dir)


def _stop(var_dir: Path) -> int:
    if not var_dir.exists():
        return 0
    print("PostgreSQL: stopped" if stop_postgres(var_dir) else "PostgreSQL: was not running")
    print("Redis: stopped" if stop_redis(var_dir) else "Redis: was not running")
    return 0


def _remove(var_dir: Path) -> int:
    """Stop the services and delete their data."""
    _stop(var_dir)
    for service in ("pg", "redis"):
        remove_home(service=service, var_dir=var_dir.resolve())
    for note in ("postgres.json", "redis.socket"):
        (var_dir / note).unlink(missing_ok=True)
    return 0


def _status(var_dir: Path) -> int:
    """Addresses without passwords: those are in `var/postgres.json`."""
    postgres = find_postgres(var_dir)
    redis = find_redis(var_dir)
    print(
        f"PostgreSQL: {postgres.host}:{postgres.port}, {postgres.socket_dir}" if postgres else "PostgreSQL: not running"
    )
    print(f"Redis: {redis}" if redis else "Redis: not running")
    return 0 if postgres and redis else 3


if __name__ == "__main__":
    sys.exit(main())
