"""Who the embedded servers run as: ourselves, or an unprivileged account where we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from config.embedded.errors import NoUsableAccount

# A server starts with these alone, so that no secret of ours is in its environment.
CLEAN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


Identity = TypeVar("Identity")


@dataclass(frozen=True, kw_only=True)
class Account:
    """An operating-system account that programs are started as."""

    name: str
    uid: int
    gid: int

    def run(self, arguments: list[str], *, text_in: str = "", seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a short program to its end as this account; its exit code is the caller's to judge."""
        return subprocess.run(
            arguments,
            input=text_in,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
            cwd="/",
            env=CLEAN_ENVIRONMENT,
            user=self._other(self.uid),
            group=self._other(self.gid),
            extra_groups=self._other([]),
        )

    def start_detached(self, arguments: list[str], *, log: Path) -> int:
        """Start a server that outlives us and holds none of our files; return its process id.

        The shell in between ends at once, so that the server is nobody's child here and never our zombie.
        """
        with log.open("ab") as log_file:
            shell = subprocess.run(
                ["/bin/sh", "-c", '"$@" >&2 & echo $!', "sh", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log_file,
                start_new_session=True,
                check=True,
                cwd="/",
                env=CLEAN_ENVIRONMENT,
                user=self._other(self.uid),
                group=self._other(self.gid),
                extra_groups=self._other([]),
            )
        return int(shell.stdout)

    def can_use(self, path: Path) -> bool:
        """Whether this account can reach and read `path`: asked of the system, so that ACLs and mounts count too."""
        if self.uid == os.geteuid():
            return os.access(path, os.R_OK | os.X_OK)
        try:
            return self.run(["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]).returncode == 0
        except OSError as error:
            raise NoUsableAccount(account=self.name) from error

    def own(self, path: Path) -> Path:
        """Make `path` a directory only this account can enter."""
        path.mkdir(parents=True, exist_ok=True)
        if path.stat().st_uid != self.uid:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)
        return path

    def _other(self, identity: Identity) -> Identity | None:
        """None keeps who we are: only root may change identity, even to its own."""
        return None if self.uid == os.geteuid() else identity


def service_account(*, data: Path) -> Account:
    """Who serves `data`: ourselves; for root the owner of what is there, else ANSINH_SERVICE_USER, else nobody."""
    if os.geteuid() != 0:
        return _account(pwd.getpwuid(os.geteuid()))
    if data.exists() and data.stat().st_uid != 0:
        return _account(pwd.getpwuid(data.stat().st_uid))
    name = os.environ.get("ANSINH_SERVICE_USER", "nobody")
    try:
        return _account(pwd.getpwnam(name))
    except KeyError as error:
        raise NoUsableAccount(account=name) from error


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)
