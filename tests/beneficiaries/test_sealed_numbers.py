"""Numbers are sealed with AES-GCM for one purpose, found by a keyed digest, and kept once."""

from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings as django_settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from beneficiaries.models import ACCOUNT_NUMBER, IDENTITY_NUMBER, AccountNumber, IdentityNumber
from beneficiaries.services.numbers import (
    UNREADABLE,
    NumberAltered,
    account_digest,
    identity_number_of,
    keep_account_numbers,
    keep_identity_numbers,
    reveal_account_number,
    reveal_identity_number,
)
from staff.encryption import seal, search_digest, unseal
from staff.key_ring import cipher_of

NUMBER = b"097042000001"


class TestSeal:
    @given(st.binary(max_size=200))
    def test_opens_to_what_went_in(self, plain: bytes) -> None:
        assert unseal(seal(plain, purpose="a"), purpose="a") == plain

    def test_of_one_value_is_never_the_same_twice(self) -> None:
        assert len({seal(NUMBER, purpose="a") for _ in range(100)}) == 100

    def test_does_not_contain_the_value(self) -> None:
        assert NUMBER not in seal(NUMBER, purpose="a")

    def test_opens_for_no_other_purpose(self) -> None:
        with pytest.raises(InvalidTag):
            unseal(seal(NUMBER, purpose=IDENTITY_NUMBER), purpose=ACCOUNT_NUMBER)

    @examples(max_examples=100, deadline=None)
    @given(st.integers(0, 8 * (1 + 12 + len(NUMBER) + 16) - 1))
    def test_does_not_open_with_one_bit_altered(self, bit: int) -> None:
        altered = bytearray(seal(NUMBER, purpose="a"))
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises((InvalidTag, KeyError)):
            unseal(bytes(altered), purpose="a")

    def test_made_under_an_old_key_still_opens_after_rotation(self, settings: Any) -> None:
        before = seal(NUMBER, purpose="a")
        keys = django_settings.DATA_KEYS
        cipher_of.cache_clear()
        settings.DATA_KEYS = replace(keys, current=keys.current + 1, by_id={**keys.by_id, keys.current + 1: bytes(32)})
        after = seal(NUMBER, purpose="a")
        assert (before[0], after[0]) == (keys.current, keys.current + 1)
        assert unseal(before, purpose="a") == unseal(after, purpose="a") == NUMBER
        cipher_of.cache_clear()


class TestDigest:
    def test_is_the_same_for_the_same_value_and_purpose_only(self) -> None:
        digests = {
            search_digest(value, purpose=purpose)
            for value in ("097042000001", "097042000002")
            for purpose in ("a", "b")
        }
        assert len(digests) == 4
        assert search_digest("097042000001", purpose="a") in digests

    def test_can_not_be_made_without_the_key(self, settings: Any) -> None:
        ours = search_digest("097042000001", purpose="a")
        settings.DATA_KEYS = replace(django_settings.DATA_KEYS, digest=b"another key of thirty-two bytes!")
        assert search_digest("097042000001", purpose="a") != ours

    def test_of_an_account_depends_on_its_bank(self) -> None:
        assert account_digest(bank_bin="970405", number="5550100001") != account_digest(
            bank_bin="970436", number="5550100001"
        )


@pytest.mark.django_db
class TestNumbers:
    def test_are_kept_once(self) -> None:
        first = keep_identity_numbers(["097042000001", "097042000002"])
        again = keep_identity_numbers(["097042000002", "097042000003", "097042000002"])
        assert again["097042000002"] == first["097042000002"]
        assert IdentityNumber.objects.count() == 3

    def test_open_again_for_whoever_may_see_them(self) -> None:
        person = keep_identity_numbers(["097042000001"])["097042000001"]
        account = keep_account_numbers([("970405", "5550100001")])["970405", "5550100001"]
        assert identity_number_of(IdentityNumber.objects.get(pk=person)) == "097042000001"
        kept = AccountNumber.objects.get(pk=account)
        assert reveal_account_number(kept.sealed, bank_bin="970405", digest=kept.digest) == "5550100001"

    def test_put_in_the_place_of_another_are_not_revealed(self) -> None:
        kept = keep_account_numbers([("970405", "5550100001"), ("970405", "5550100002")])
        mine, other = (AccountNumber.objects.get(pk=kept["970405", number]) for number in ("5550100001", "5550100002"))
        with pytest.raises(NumberAltered):
            reveal_account_number(other.sealed, bank_bin="970405", digest=mine.digest)

    def test_of_people_put_in_the_place_of_another_are_not_revealed_and_shown_as_such(self) -> None:
        kept = keep_identity_numbers(["097042000001", "097042000002"])
        mine, other = (IdentityNumber.objects.get(pk=pk) for pk in kept.values())
        mine.sealed = other.sealed
        with pytest.raises(NumberAltered):
            reveal_identity_number(mine.sealed, digest=mine.digest)
        assert identity_number_of(mine) == UNREADABLE
