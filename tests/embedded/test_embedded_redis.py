"""The embedded Redis is private, bounded, forgets, and is there when asked for."""

import os
import signal
import stat
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from config.embedded.errors import RefusedInProduction
from config.embedded.processes import servants_of
from config.embedded.redis import ensure_redis, find_redis, stop_redis

Command = Callable[..., subprocess.CompletedProcess[str]]


def client(url: str) -> redis.Redis:
    return redis.Redis(unix_socket_path=url.removeprefix("redis+socket://"))


class TestEnsureRedis:
    def test_has_no_port_keeps_nothing_on_disk_and_is_bounded(self, var_dir: Path) -> None:
        connection = client(ensure_redis(var_dir))

        settings = connection.config_get("*")
        assert (settings["port"], settings["save"], settings["appendonly"]) == ("0", "", "no")
        assert (settings["maxmemory"], settings["maxmemory-policy"]) == ("268435456", "noeviction")

    def test_lets_no_other_user_at_its_socket(self, var_dir: Path) -> None:
        socket_path = Path(ensure_redis(var_dir).removeprefix("redis+socket://"))

        assert stat.S_IMODE(socket_path.stat().st_mode) == 0o700
        assert stat.S_IMODE(socket_path.parent.stat().st_mode) == 0o700

    @pytest.mark.slow
    def test_four_processes_at_once_start_one_server(self, var_dir: Path, command: Command) -> None:
        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda _: command("start", "--var", str(var_dir)), range(4)))

        assert {each.returncode for each in done} == {0}
        assert len(servants_of(directory=var_dir.resolve() / "redis" / "data", program="redis-server")) == 1

    def test_comes_back_after_a_kill(self, var_dir: Path) -> None:
        url = ensure_redis(var_dir)
        os.kill(client(url).info()["process_id"], signal.SIGKILL)

        assert client(ensure_redis(var_dir)).ping()

    def test_two_checkouts_ring_different_bells(self, checkout: Callable[..., Path]) -> None:
        one, other = client(ensure_redis(checkout())), client(ensure_redis(checkout(below="x" * 100)))
        one.set("rung", "1")

        assert other.get("rung") is None

    def test_stops_once_and_is_then_not_found(self, var_dir: Path) -> None:
        ensure_redis(var_dir)

        assert [stop_redis(var_dir), stop_redis(var_dir)] == [True, False]
        assert find_redis(var_dir) is None

    def test_is_refused_in_production(self, var_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ANSINH_ENV", "production")

        with pytest.raises(RefusedInProduction, match="refused in production: set CELERY_BROKER_URL"):
            ensure_redis(var_dir)
