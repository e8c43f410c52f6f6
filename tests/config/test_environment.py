"""In production nothing secret or decisive has a default."""

import base64
import os
import subprocess
import sys

import pytest
from django.db import connections

from beneficiaries.services.numbers import keep_identity_numbers
from config.checks import application_does_not_own_its_tables, every_key_in_use_is_known, the_bank_is_reached_by_tls
from config.environment import ROOT, DataKeys, SettingWrong, database_from_url, is_production

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
    "ACCOUNT_OPENING_BIN": "970436",
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

    def test_answers_no_host_that_only_tests_and_demos_use(self):
        code = "import config.settings as s; raise SystemExit(s.ALLOWED_HOSTS != ['127.0.0.1', 'localhost'])"

        assert run_in(ALL, code).returncode == 0

    @pytest.mark.parametrize("said", ["prod", "Production", ""])
    def test_is_not_taken_for_development_by_a_slip_of_the_pen(self, said):
        with pytest.raises(SettingWrong, match="ANSINH_ENV"):
            is_production(said)

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


KEY, OTHER = base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(31) + b"1").decode()


class TestDataKeys:
    def test_the_last_one_seals_and_all_of_them_are_kept(self, monkeypatch):
        monkeypatch.setenv("ANSINH_DATA_KEYS", f"1:{KEY}, 7:{OTHER}")
        keys = DataKeys.from_environment()

        assert (keys.current, set(keys.by_id)) == (7, {1, 7})

    @pytest.mark.parametrize(
        "listed", [f"1:{KEY},1:{OTHER}", f"0:{KEY}", f"256:{KEY}", f"x:{KEY}", KEY, "1:c2hvcnQ=", f"1:{KEY[:-2]}?=", f"1:{KEY},"]
    )  # fmt: skip
    def test_what_would_seal_so_that_nobody_opens_it_again_starts_nothing(self, monkeypatch, listed):
        monkeypatch.setenv("ANSINH_DATA_KEYS", listed)

        with pytest.raises(SettingWrong) as refusal:
            DataKeys.from_environment()
        assert KEY[:20] not in str(refusal.value)

    def test_beside_a_master_key_none_need_be_given(self, monkeypatch):
        monkeypatch.delenv("ANSINH_DATA_KEYS", raising=False)
        monkeypatch.setenv("ANSINH_MASTER_KEYS", f"{KEY}, {OTHER}")
        keys = DataKeys.from_environment()

        assert (keys.current, keys.by_id, len(keys.masters)) == (0, {}, 2)

    @pytest.mark.parametrize("masters", [f"{KEY},{KEY}", "c2hvcnQ=", f"1:{KEY}", OTHER])
    def test_a_master_key_that_is_none_or_is_a_data_key_starts_nothing(self, monkeypatch, masters):
        monkeypatch.setenv("ANSINH_MASTER_KEYS", masters)
        monkeypatch.setenv("ANSINH_DATA_KEYS", f"1:{OTHER}")

        with pytest.raises(SettingWrong) as refusal:
            DataKeys.from_environment()
        assert KEY[:20] not in str(refusal.value)

    def test_are_never_shown(self):
        shown = repr(
            DataKeys(
                current=1, by_id={1: b"secret-of-data"}, digest=b"secret-of-search", masters=(b"secret-of-master",)
            )
        )

        assert "secret-of" not in shown

    def test_one_taken_away_too_early_is_named_by_the_check(self, db, settings):
        sealed = keep_identity_numbers(["097042000001"])
        assert sealed and every_key_in_use_is_known(None, ["default"]) == []
        used = settings.DATA_KEYS.current

        settings.DATA_KEYS = DataKeys(current=9, by_id={9: bytes(32)}, digest=settings.DATA_KEYS.digest)

        assert [(each.id, str(used) in each.msg) for each in every_key_in_use_is_known(None, ["default"])] == [
            ("ansinh.E002", True)
        ]


def test_a_bank_reached_without_tls_is_warned_of(settings):
    settings.BANK_API_BASE = settings.BANK_STATEMENTS_BASE = "https://bank.invalid"
    settings.PLATFORM_URL, settings.BANK_FILES_BASE = "", "http://bank.invalid"

    assert [each.msg for each in the_bank_is_reached_by_tls(None)] == ["Not https: BANK_FILES_BASE."]
