"""Data keys are wrapped under a master key that can be exchanged and destroyed, and nothing sealed is ever lost by it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery.signals import celeryd_init
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, models, transaction
from django.db.utils import ProgrammingError

from beneficiaries.models import IdentityNumber
from beneficiaries.services.numbers import identity_number_of, keep_identity_numbers
from config.checks import every_key_in_use_is_known
from config.environment import SettingWrong
from config.keys_at_start import refuse_unknown_keys
from staff.encryption import seal, unseal
from staff.errors import KeyCannotRest, KeyIsAnother, MasterKeyMissing
from staff.key_ring import KeyMissing, cipher_of, fingerprint, forget_newest, wrap
from staff.models import DataKey, HistoryRow
from staff.services.data_keys import (
    RESTS_FIRST,
    keys_in_use,
    make_key,
    masters_in_use,
    retire_key,
    rewrap_keys,
    sealed_columns,
    take_in_keys,
)

FIRST, SECOND, THIRD = (bytes([n]) * 32 for n in (1, 2, 3))
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NUMBER = "097042000001"
NOT_SEALED = {"digest", "row_digest", "content_digest", "file_digest", "lookup_digest", "preview_digest", "token_digest", "wrapped"}  # fmt: skip


class Given:
    """What the environment of this process gives; another one after each call, as after a restart."""

    def __init__(self, settings: Any) -> None:
        self.settings, self.before = settings, settings.DATA_KEYS

    def masters(self, *masters: bytes, data_keys: bool = False) -> None:
        by_id, current = (self.before.by_id, self.before.current) if data_keys else ({}, 0)
        self.settings.DATA_KEYS = replace(self.before, current=current, by_id=by_id, masters=masters)
        forgotten()


def forgotten() -> None:
    cipher_of.cache_clear()
    forget_newest()


@pytest.fixture
def given(settings: Any, tmp_path: Any) -> Iterator[Given]:
    settings.NOTICE_OUTBOX = str(tmp_path)
    yield Given(settings)
    forgotten()


def kept_number(number: str = NUMBER) -> IdentityNumber:
    seal(b"", purpose="a")  # keys of an uncommitted test are not seen in the middle of a COPY
    return IdentityNumber.objects.get(pk=keep_identity_numbers([number])[number])


def found_by_check() -> list[str | None]:
    return [each.id for each in every_key_in_use_is_known(None, ["default"])]


@pytest.mark.django_db
def test_a_key_is_asked_for_in_the_middle_of_a_copy(given: Given) -> None:
    given.masters(FIRST, data_keys=True)
    kept = keep_identity_numbers([NUMBER])
    assert bytes(IdentityNumber.objects.get(pk=kept[NUMBER]).sealed)[0] == given.before.current


@pytest.mark.django_db
class TestAnotherMaster:
    def test_opens_what_was_sealed_before_when_the_first_is_gone(self, given: Given) -> None:
        old = kept_number()
        given.masters(FIRST, data_keys=True)
        taken = take_in_keys(now=NOW)
        given.masters(FIRST)
        middle = seal(b"middle", purpose="a")
        new = make_key(now=NOW)
        after = seal(b"after", purpose="a")
        given.masters(FIRST, SECOND)
        assert rewrap_keys() == [*taken, new]
        assert masters_in_use() == {fingerprint(FIRST): 0, fingerprint(SECOND): len(taken) + 1}

        given.masters(SECOND)

        assert identity_number_of(old) == NUMBER
        assert unseal(middle, purpose="a") + unseal(after, purpose="a") == b"middleafter"
        assert (bytes(old.sealed)[0], middle[0], after[0]) == (taken[-1], taken[-1], new)
        assert found_by_check() == []

    def test_touches_no_sealed_row(self, given: Given) -> None:
        given.masters(FIRST)
        make_key(now=NOW)
        before = bytes(kept_number().sealed)
        given.masters(FIRST, SECOND)
        rewrap_keys()
        assert bytes(kept_number().sealed) == before

    def test_goes_on_where_it_was_interrupted(self, given: Given) -> None:
        given.masters(FIRST)
        numbers = [make_key(now=NOW) for _ in range(3)]
        DataKey.objects.filter(pk=numbers[1]).update(wrapped_by=fingerprint(THIRD), wrapped=b"x" * 60)
        given.masters(FIRST, SECOND)
        with pytest.raises(MasterKeyMissing, match=f"Khóa dữ liệu {numbers[1]}"):
            rewrap_keys()
        assert masters_in_use() == {fingerprint(FIRST): 1, fingerprint(SECOND): 1}
        DataKey.objects.filter(pk=numbers[1]).update(
            wrapped_by=fingerprint(FIRST), wrapped=wrap(b"k" * 32, number=numbers[1], master=FIRST)
        )
        assert rewrap_keys() == numbers[1:]
        assert rewrap_keys() == []

    def test_leaves_no_wrapped_key_in_the_history(self, given: Given) -> None:
        given.masters(FIRST)
        number = make_key(now=NOW)
        given.masters(FIRST, SECOND)
        rewrap_keys()
        rows = HistoryRow.objects.filter(relation="staff_datakey", row_id=number).order_by("pk")
        assert [row.operation for row in rows] == ["I", "U"]
        assert rows[1].changes == {"wrapped_by": [fingerprint(FIRST), fingerprint(SECOND)]}
        assert "wrapped" not in rows[0].changes


@pytest.mark.django_db
class TestWithoutTheMaster:
    def test_nothing_opens_the_check_says_so_and_no_process_starts(self, given: Given) -> None:
        given.masters(FIRST)
        make_key(now=NOW)
        kept = kept_number()
        given.masters(SECOND)
        with pytest.raises(KeyMissing):
            unseal(bytes(kept.sealed), purpose="a")
        assert found_by_check() == ["ansinh.E003", "ansinh.E002"]
        with pytest.raises(SettingWrong, match=fingerprint(FIRST)):
            refuse_unknown_keys()

    def test_no_worker_starts(self, given: Given) -> None:
        given.masters(FIRST)
        make_key(now=NOW)
        given.masters(SECOND)
        with pytest.raises(SystemExit, match=fingerprint(FIRST)):
            celeryd_init.send(sender="worker")

    def test_an_old_environment_is_refused_too(self, given: Given) -> None:
        given.masters(FIRST)
        make_key(now=NOW)
        given.masters()
        with pytest.raises(SettingWrong, match="ANSINH_MASTER_KEYS"):
            refuse_unknown_keys()

    def test_what_the_environment_itself_gives_starts(self, given: Given) -> None:
        given.masters(FIRST, data_keys=True)
        take_in_keys(now=NOW)
        given.masters(data_keys=True)
        assert found_by_check() == []
        refuse_unknown_keys()

    def test_nothing_is_made_wrapped_or_destroyed(self, given: Given) -> None:
        given.masters(data_keys=True)
        for step in (make_key, take_in_keys):
            with pytest.raises(MasterKeyMissing):
                step(now=NOW)
        with pytest.raises(MasterKeyMissing):
            rewrap_keys()
        with pytest.raises(MasterKeyMissing):
            retire_key(number=1, now=NOW)

    def test_a_new_installation_is_told_to_make_a_key(self, given: Given) -> None:
        given.masters(FIRST)
        with pytest.raises(KeyMissing, match="data_keys new"):
            seal(b"x", purpose="a")


@pytest.mark.django_db
class TestTakenIn:
    def test_once_and_never_beside_another_key_of_the_number(self, given: Given) -> None:
        given.masters(FIRST, data_keys=True)
        numbers = take_in_keys(now=NOW)
        assert numbers == sorted(given.before.by_id)
        assert take_in_keys(now=NOW) == []
        other = dict.fromkeys(given.before.by_id, b"o" * 32)
        given.settings.DATA_KEYS = replace(given.settings.DATA_KEYS, by_id=other)
        with pytest.raises(KeyIsAnother):
            take_in_keys(now=NOW)
        assert "ansinh.E003" in found_by_check()

    def test_a_wrapped_key_under_another_number_opens_nothing(self, given: Given) -> None:
        given.masters(FIRST)
        first, second = make_key(now=NOW), make_key(now=NOW)
        sealed = seal(b"x", purpose="a")
        stolen = DataKey.objects.get(pk=first).wrapped
        DataKey.objects.filter(pk=second).update(wrapped=stolen)
        forgotten()
        with pytest.raises(KeyMissing):
            unseal(sealed, purpose="a")


@pytest.mark.django_db
class TestRetired:
    @pytest.fixture
    def two(self, given: Given) -> tuple[int, int]:
        given.masters(FIRST)
        return make_key(now=NOW), make_key(now=NOW)

    def test_is_destroyed_when_nothing_is_sealed_under_it(self, two: tuple[int, int]) -> None:
        retire_key(number=two[0], now=NOW + RESTS_FIRST)
        assert DataKey.objects.get(pk=two[0]).wrapped is None
        assert make_key(now=NOW) == two[1] + 1

    def test_is_refused_while_a_row_or_a_message_is_under_it(self, given: Given, tmp_path: Any) -> None:
        given.masters(FIRST)
        used = make_key(now=NOW)
        row = kept_number()
        (tmp_path / "a.sealed").write_bytes(seal(b"x", purpose="a"))
        make_key(now=NOW)
        with pytest.raises(KeyCannotRest, match="beneficiaries_identitynumber 1, outbox 1"):
            retire_key(number=used, now=NOW + RESTS_FIRST)
        (tmp_path / "a.sealed").unlink()
        with pytest.raises(KeyCannotRest, match="beneficiaries_identitynumber 1"):
            retire_key(number=used, now=NOW + RESTS_FIRST)
        row.delete()
        retire_key(number=used, now=NOW + RESTS_FIRST)

    def test_is_refused_while_it_seals_or_may_still(self, two: tuple[int, int]) -> None:
        for number, now in ((two[1], NOW + RESTS_FIRST), (two[0], NOW + RESTS_FIRST - timedelta(seconds=1)), (99, NOW)):
            with pytest.raises(KeyCannotRest):
                retire_key(number=number, now=now)

    def test_the_database_keeps_the_one_that_seals_and_brings_none_back(self, two: tuple[int, int]) -> None:
        gone = {"wrapped": None, "retired_at": NOW}
        with pytest.raises(IntegrityError, match="the newest data key seals"), transaction.atomic():
            DataKey.objects.filter(pk=two[1]).update(**gone)
        DataKey.objects.filter(pk=two[0]).update(**gone)
        with pytest.raises(IntegrityError, match="is gone"), transaction.atomic():
            DataKey.objects.filter(pk=two[0]).update(wrapped=b"x", retired_at=None)
        with pytest.raises(IntegrityError, match="stays the key"), transaction.atomic():
            DataKey.objects.filter(pk=two[1]).update(fingerprint="0" * 16)
        with pytest.raises(ProgrammingError, match="denied"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM staff_datakey")


@pytest.mark.django_db
class TestCounted:
    def test_every_binary_column_is_sealed_or_known_not_to_be(self) -> None:
        sealed = set(sealed_columns())
        binary = {
            (model._meta.db_table, field.column)
            for model in apps.get_models()
            for field in model._meta.local_concrete_fields
            if isinstance(field, models.BinaryField)
        }
        assert {column for _, column in binary - sealed} <= NOT_SEALED
        assert len(sealed) > 20

    def test_the_command_shows_rows_and_masters_and_no_key(self, given: Given, capsys: Any) -> None:
        given.masters(FIRST)
        number = make_key(now=NOW)
        kept_number()
        call_command("data_keys")
        said = capsys.readouterr().out
        assert f"Khóa {number}: 1 dòng. Đang dùng để mã hóa." in said
        assert "beneficiaries_identitynumber: 1" in said
        assert f"Khóa chủ {fingerprint(FIRST)}: bọc 1" in said
        assert [key.total for key in keys_in_use()] == [1]
        with pytest.raises(CommandError, match="đang dùng để mã hóa"):
            call_command("data_keys", "retire", str(number))
