"""A key is known by what it opens: a wrong one under a known number neither starts, nor is taken in, nor is made twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from beneficiaries.models import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.services.numbers import keep_account_numbers, keep_identity_numbers
from config.checks import every_key_in_use_is_known
from config.environment import DataKeys, SettingWrong
from config.keys_at_start import refuse_unknown_keys
from staff import key_ring, key_trial
from staff.encryption import seal, unseal
from staff.errors import KeyCannotRest, KeyIsAnother, MasterKeyMissing
from staff.key_ring import KeyMissing, cipher_of, forget_newest, unopened, unwrap, wrap
from staff.key_trial import doubts, wrong_keys
from staff.models import DataKey
from staff.services.data_keys import RESTS_FIRST, keys_in_use, make_key, retire_key, rewrap_keys, take_in_keys
from tests.staff.test_data_keys import FIRST, NOW, SECOND, Given, forgotten, given, kept_number

__all__ = ["given"]
pytestmark = pytest.mark.django_db
ANOTHER = b"o" * 32


@pytest.fixture
def numbers(given: Given) -> Iterator[int]:
    """Some numbers of both kinds, under the key of the environment, whose number it is."""
    keep_identity_numbers([f"09704200000{n}" for n in range(8)])
    keep_account_numbers([("970405", f"10010000{n}") for n in range(8)])
    yield given.before.current


def other_key(given: Given, *, masters: tuple[bytes, ...] = (), digest: bytes | None = None) -> None:
    keys = given.before
    given.settings.DATA_KEYS = replace(
        keys,
        by_id=dict.fromkeys(keys.by_id, ANOTHER) if digest is None else keys.by_id,
        digest=digest or keys.digest,
        masters=masters,
    )
    forgotten()


def told_by_check() -> list[str | None]:
    return [each.id for each in every_key_in_use_is_known(None, ["default"])]


class TestAnotherKeyUnderAKnownNumber:
    def test_no_process_starts_and_the_check_says_so(self, given: Given, numbers: int) -> None:
        assert (doubts(everywhere=True), told_by_check()) == ([], [])
        other_key(given)
        assert told_by_check() == ["ansinh.E004"]
        with pytest.raises(SettingWrong, match=f"data key {numbers} is not the key"):
            refuse_unknown_keys()

    def test_is_not_taken_in(self, given: Given, numbers: int) -> None:
        other_key(given, masters=(FIRST,))
        with pytest.raises(KeyIsAnother, match="không mở được"):
            take_in_keys(now=NOW)
        assert not DataKey.objects.exists()

    def test_another_key_of_digests_is_found_out_too(self, given: Given, numbers: int) -> None:
        other_key(given, digest=b"d" * 32)
        assert told_by_check() == ["ansinh.E004"]
        with pytest.raises(SettingWrong, match="ANSINH_DIGEST_KEY"):
            refuse_unknown_keys()

    def test_one_row_that_was_altered_stops_nobody(self, given: Given, numbers: int) -> None:
        newest = AccountNumber.objects.order_by("-pk")[0]
        AccountNumber.objects.filter(pk=newest.pk).update(sealed=bytes(newest.sealed)[:-1] + b"\0")
        assert wrong_keys(everywhere=True) == wrong_keys(everywhere=False) == []
        refuse_unknown_keys()

    def test_a_key_in_the_middle_is_tried_by_the_check(self, given: Given, numbers: int) -> None:
        given.masters(FIRST, data_keys=True)
        take_in_keys(now=NOW)
        second = make_key(now=NOW)
        middle = kept_number("097042000099")
        make_key(now=NOW)
        keep_identity_numbers([f"09704200010{n}" for n in range(8)])
        assert bytes(middle.sealed)[0] == second
        IdentityNumber.objects.filter(pk=middle.pk).update(sealed=bytes([second]) + b"x" * 50)
        assert wrong_keys(everywhere=True) == [second]

    def test_the_trial_knows_purposes_and_an_empty_database(self, given: Given) -> None:
        assert [purpose for _, purpose, _ in key_trial._TABLES] == [IDENTITY_NUMBER, ACCOUNT_NUMBER]
        assert [table for table, _, _ in key_trial._TABLES] == [
            IdentityNumber._meta.db_table,
            AccountNumber._meta.db_table,
        ]
        assert doubts(everywhere=True) == doubts(everywhere=False) == []


class TestANumberIsNeverAnotherKeysToo:
    def test_of_rows_whose_key_was_left_out(self, given: Given, numbers: int) -> None:
        given.masters(FIRST)  # the old list went before it was taken in
        assert make_key(now=NOW) != numbers

    def test_of_messages_that_outlived_restored_books(self, given: Given, tmp_path: Any) -> None:
        given.masters(FIRST)
        first = make_key(now=NOW)
        (tmp_path / "a.sealed").write_bytes(bytes([first + 1]) + b"x" * 40)
        assert make_key(now=NOW) == first + 2

    def test_and_a_file_sent_meanwhile_is_no_error(self, given: Given, tmp_path: Any) -> None:
        (tmp_path / "gone.sealed").symlink_to(tmp_path / "nowhere")
        assert all("outbox" not in key.rows for key in keys_in_use())


class TestAProcessThatRunsOn:
    def test_uses_the_key_of_restored_books_within_a_minute(self, given: Given, monkeypatch: Any) -> None:
        given.masters(FIRST)
        number = make_key(now=NOW)
        before = seal(b"x", purpose="a")
        restored = wrap(ANOTHER, number=number, master=FIRST)
        monkeypatch.setattr(
            key_ring,
            "_asked",
            lambda statement, *_: [(number, "restored")] if "fingerprint" in statement else [(restored,)],
        )
        forget_newest()
        after = seal(b"x", purpose="a")
        assert before[0] == after[0] == number
        with pytest.raises(InvalidTag):
            unseal(before, purpose="a")
        assert unseal(after, purpose="a") == b"x"

    def test_forgets_a_retired_key(self, given: Given) -> None:
        given.masters(FIRST)
        old, _ = make_key(now=NOW), make_key(now=NOW)
        cipher_of(old)
        seal(b"x", purpose="a")
        retire_key(number=old, now=NOW + RESTS_FIRST)
        seal(b"x", purpose="a")
        with pytest.raises(KeyMissing):
            cipher_of(old)

    @pytest.mark.parametrize("slept", [timedelta(days=2), timedelta(hours=-1)])
    def test_asks_anew_after_a_sleep_whatever_the_clock_says(
        self, given: Given, monkeypatch: Any, slept: timedelta
    ) -> None:
        given.masters(FIRST)
        first = make_key(now=NOW)
        assert seal(b"x", purpose="a")[0] == first
        asked_at = key_ring._Newest.asked_at
        second = make_key(now=NOW)
        key_ring._Newest.number, key_ring._Newest.asked_at = first, asked_at  # made by another process
        monkeypatch.setattr("staff.key_ring.time.time", lambda: asked_at + slept.total_seconds())
        assert seal(b"x", purpose="a")[0] == second


class TestTheShellOfTheNight:
    def test_with_yesterday_s_master_makes_nothing_the_others_can_not_open(self, given: Given) -> None:
        given.masters(FIRST)
        make_key(now=NOW)
        given.masters(FIRST, SECOND)
        rewrap_keys()
        given.masters(FIRST)
        for step in (make_key, take_in_keys):
            with pytest.raises(MasterKeyMissing, match="như các tiến trình đang chạy"):
                step(now=NOW)

    def test_retires_no_key_the_environment_still_gives(self, given: Given) -> None:
        given.masters(FIRST, data_keys=True)
        taken = take_in_keys(now=NOW)
        make_key(now=NOW)
        with pytest.raises(KeyCannotRest, match="còn trong ANSINH_DATA_KEYS"):
            retire_key(number=taken[0], now=NOW + RESTS_FIRST)

    def test_starts_nothing_where_the_environment_gives_a_retired_key(self, given: Given) -> None:
        given.masters(FIRST, data_keys=True)
        taken = take_in_keys(now=NOW)
        given.masters(FIRST)
        make_key(now=NOW)
        retire_key(number=taken[0], now=NOW + RESTS_FIRST)
        given.masters(FIRST, data_keys=True)
        with pytest.raises(SettingWrong, match=f"key {taken[0]} was retired"):
            refuse_unknown_keys()

    def test_books_restored_from_before_the_exchange_need_the_old_master_alone(self, given: Given) -> None:
        given.masters(FIRST)
        number = make_key(now=NOW)
        sealed = seal(b"x", purpose="a")
        backup = DataKey.objects.values("wrapped", "wrapped_by").get()
        given.masters(FIRST, SECOND)
        rewrap_keys()
        DataKey.objects.filter(pk=number).update(**backup)
        given.masters(SECOND)
        (wrong,) = unopened()
        assert backup["wrapped_by"] in wrong
        given.masters(FIRST, SECOND)
        assert rewrap_keys() == [number]
        given.masters(SECOND)
        assert unseal(sealed, purpose="a") == b"x"


class TestWrapped:
    def test_twice_never_looks_the_same(self) -> None:
        assert len({wrap(ANOTHER, number=1, master=FIRST)[:12] for _ in range(500)}) == 500

    @pytest.mark.parametrize("damaged", [b"", b"x", b"x" * 12, b"x" * 28, b"x" * 60])
    def test_and_damaged_is_a_key_that_is_missing(self, given: Given, damaged: bytes) -> None:
        given.masters(FIRST)
        with pytest.raises(KeyMissing):
            unwrap(damaged, number=1)

    def test_the_master_is_no_other_key(self, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
        said = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="
        monkeypatch.setenv("ANSINH_MASTER_KEYS", said)
        monkeypatch.setenv("ANSINH_DIGEST_KEY", said)
        with pytest.raises(SettingWrong, match="ANSINH_DIGEST_KEY"):
            DataKeys.from_environment()
