"""In production nothing secret or decisive has a default."""

import os
import subprocess
import sys

import pytest
from django.db import connections

from config.checks import application_does_not_own_its_tables
from config.environment import ROOT, database_from_url

ALL = {
    "ANSINH_ENV": "production",
    "ANSINH_SECRET_KEY": "k" * 50,
    "ANSINH_DATA_KEYS": "1:" + "A" * 43 + "=",
    "ANSINH_DIGEST_KEY": "A" * 43 + "=",
    "DATABASE_URL": "postgresql://app@127.0.0.1:1/x",
    "DATABASE_OWNER_URL": "postgresql://owner@127.0.0.1:1/x",
    "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
    "BANK_API_BASE": "https://bank.invalid",
    "BANK_STATEMENTS_BASE": "https://bank.invalid",
    "BANK_FILES_BASE": "https://bank.invalid/files",
    "BANK_FILE_CHARACTERS": "LATIN",
    "BANK_API_KEY": "sk_live_x",
    "BANK_MAX_PROCESSING_SECONDS": "3600",
    "ANSINH_HOTLINE": "0259 000 000",
    "ANSINH_AGENCY": "Sở Y tế",
    "ANSINH_AGENCY_SYMBOL": "SYT",
    "ANSINH_TARGET_SETTER": "Bộ Y tế",
}


def run_in(environment: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    """`code` in a process of its own that has this environment and no other."""
    bare = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )


def _load_settings(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return run_in(environment, "import config.settings")


class TestProduction:
    def test_starts_when_everything_is_given(self):
        assert _load_settings(ALL).returncode == 0

    @pytest.mark.parametrize("missing", sorted(set(ALL) - {"ANSINH_ENV", "ANSINH_DATA_KEYS", "DATABASE_OWNER_URL"}))
    def test_refuses_to_start_without(self, missing):
        result = _load_settings({name: value for name, value in ALL.items() if name != missing})

        assert result.returncode != 0
        assert "must be set in production" in result.stderr or "production" in result.stderr.lower()

    def test_knows_no_owner_unless_given(self):
        bare = {name: value for name, value in ALL.items() if name != "DATABASE_OWNER_URL"}
        code = "import config.settings as s; raise SystemExit('owner' in s.DATABASES)"

        result = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={"PATH": os.environ["PATH"], **bare}, check=False
        )

        assert result.returncode == 0


@pytest.mark.django_db
class TestDatabaseRole:
    def test_is_fit_to_pay(self):
        assert application_does_not_own_its_tables(None, databases=["default"]) == []

    @pytest.mark.django_db(databases=["default", "owner"])
    def test_an_owner_is_not(self, monkeypatch):
        monkeypatch.setattr("config.checks.connections", {"default": connections["owner"]})

        assert [error.id for error in application_does_not_own_its_tables(None, databases=["default"])] == [
            "ansinh.E001"
        ]


class TestDatabaseUrl:
    def test_keeps_what_it_does_not_know(self):
        settings = database_from_url("postgresql://u%40x:p@db:5433/ansinh?sslmode=verify-full&host=/run/pg")

        assert (settings["USER"], settings["HOST"], settings["PORT"]) == ("u@x", "/run/pg", "5433")
        assert settings["OPTIONS"] == {"sslmode": "verify-full"}
