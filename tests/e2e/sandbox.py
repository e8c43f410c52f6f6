"""A `var` directory of one's own: the product's commands run in it with their own PostgreSQL and Redis."""

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from config.demo.environment import DATABASE
from config.embedded.binaries import postgres_programs
from config.embedded.homes import home_of
from config.embedded.postgres import ensure_postgres

ROOT = Path(__file__).resolve().parents[2]
# What would lead a command of ours to somebody else's database, broker or bank.
FOREIGN = ("DATABASE_URL", "DATABASE_OWNER_URL", "CELERY_BROKER_URL")
SMALL = {"ANSINH_PG_SHARED_BUFFERS": "128MB", "ANSINH_PG_MAX_WAL_SIZE": "1GB", "PYTHONDONTWRITEBYTECODE": "1"}


@dataclass(frozen=True)
class Sandbox:
    """Where one run keeps everything; `root` is the checkout whose commands are run."""

    var: Path
    root: Path = ROOT

    @property
    def demo(self) -> Path:
        """What the demo leaves."""
        return self.var / "demo"

    @property
    def books(self) -> Path:
        """The mock bank's own books."""
        return self.demo / "ngan-hang" / "bank.sqlite3"

    @property
    def environment(self) -> dict[str, str]:
        """Our environment without what names other services."""
        ours = {name: value for name, value in os.environ.items() if name not in FOREIGN}
        kept = {name: value for name, value in ours.items() if not name.startswith(("BANK_", "ANSINH_"))}
        return kept | SMALL | {"ANSINH_VAR": str(self.var)}

    def run(self, *command: str, seconds: float = 300, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python <command>` to its end; the exit code is the caller's to judge."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start `python <command>`; the caller reads what it says and ends it."""
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=self.root,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def database_url(self, database: str = DATABASE) -> str:
        """The owner's way in, because the oracle may look at everything."""
        return ensure_postgres(self.var).for_database(database).owner_url

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a query against the run's database."""
        with closing(psycopg.connect(self.database_url(), autocommit=True)) as connection:
            return connection.execute(query).fetchall()

    def dump(self) -> str:
        """The whole database as `pg_dump` writes it."""
        program = postgres_programs(home=home_of(service="pg", var_dir=self.var.resolve())) / "pg_dump"
        done = subprocess.run(
            [str(program), f"--dbname={self.database_url()}"], capture_output=True, text=True, timeout=300, check=True
        )
        return done.stdout
