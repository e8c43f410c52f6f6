"""Look-up codes: given once, kept as digests, hard to mistype into somebody else's."""

from datetime import date

import pytest

from beneficiaries.models import Beneficiary
from beneficiaries.services.lookup import (
    ALPHABET,
    is_well_formed,
    issue_lookup_codes,
    lookup_state,
    renew_lookup_code,
    switch_off_lookup,
)
from beneficiaries.services.lookup_slips import codes_by_hamlet
from tests.api.lookup import found_by
from tests.api.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def code(world: World) -> str:
    """The code of Trần Văn Ân, born 1942."""
    return issue_lookup_codes(unit=world.units["97101"], now=NOW)[0].code


class TestIssuing:
    def test_gives_everyone_of_the_unit_a_code_of_their_own(self, world: World) -> None:
        issued = issue_lookup_codes(unit=world.units["971"], now=NOW)

        assert [slip.beneficiary_id for slip in issued] == [
            world.people["Trần Văn Ân"].pk,
            world.people["Lê Thị Bình"].pk,
        ]
        assert len({slip.code for slip in issued}) == 2
        assert Beneficiary.objects.get(full_name="Ngô Văn Cường").lookup_digest is None

    def test_gives_each_code_out_only_once(self, world: World) -> None:
        issue_lookup_codes(unit=world.units["971"], now=NOW)

        assert issue_lookup_codes(unit=world.units["971"], now=NOW) == []

    def test_keeps_and_shows_no_code(self, world: World) -> None:
        slip = issue_lookup_codes(unit=world.units["97101"], now=NOW)[0]

        stored = bytes(Beneficiary.objects.get(pk=slip.beneficiary_id).lookup_digest)
        assert slip.code.replace("-", "").encode() not in stored
        assert slip.code not in repr(slip)

    def test_gives_one_code_to_a_person_with_two_records(self, world: World) -> None:
        kept = world.people["Trần Văn Ân"]
        world.add_person("Trần Văn An", unit="97101", same_as=kept)

        assert [slip.beneficiary_id for slip in issue_lookup_codes(unit=world.units["97101"], now=NOW)] == [kept.pk]

    def test_gives_none_to_who_could_not_use_it_or_receives_nothing_any_more(self, world: World) -> None:
        world.enrol(world.add_person("Thiếu Năm Sinh", unit="97101", birth_year=None))
        world.add_person("Không Hồ Sơ", unit="97101")
        ended = world.add_person("Đã Thôi", unit="97101")
        world.enrol(ended)
        ended.enrolments.update(ended_month=date(2024, 8, 1))

        issued = issue_lookup_codes(unit=world.units["97101"], now=NOW)

        assert [slip.beneficiary_id for slip in issued] == [world.people["Trần Văn Ân"].pk]

    def test_gives_a_hamlet_at_a_time_and_as_many_as_are_asked_for(self, world: World) -> None:
        for name in ("Bùi Văn Sáu", "Bùi Văn Bảy"):
            world.enrol(world.add_person(name, unit="97101"))
        Beneficiary.objects.filter(full_name="Bùi Văn Sáu").update(hamlet="Thôn 9")

        first = issue_lookup_codes(unit=world.units["97101"], now=NOW, hamlet="Thôn 9", most=5)
        second = issue_lookup_codes(unit=world.units["97101"], now=NOW, most=1)

        assert [slip.beneficiary_id for slip in first] == [world.people["Bùi Văn Sáu"].pk]
        assert len(second) == 1


class TestReading:
    def test_finds_the_person_by_code_and_birth_year(self, world: World, code: str) -> None:
        assert found_by(code, birth_year=1942) == world.people["Trần Văn Ân"]

    @pytest.mark.parametrize(
        "written",
        [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "O").replace("1", "l")],
    )
    def test_reads_a_code_as_people_write_it(self, written, world: World, code: str) -> None:
        assert found_by(written(code), birth_year=1942) == world.people["Trần Văn Ân"]

    def test_finds_nobody_by_code_or_year_alone(self, code: str) -> None:
        assert found_by(code, birth_year=1943) is None
        assert found_by("0000-0000-000", birth_year=1942) is None

    def test_a_wrong_code_and_a_wrong_year_cost_the_same_one_query(self, code: str, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            found_by("gì cũng được", birth_year=1942)
        with django_assert_num_queries(1):
            found_by(code, birth_year=1943)

    def test_finds_the_record_kept_for_the_person(self, world: World, code: str) -> None:
        other = world.people["Trần Văn Ân"]
        kept = world.add_person("Trần Văn Ân (hồ sơ chính)", unit="97101")
        Beneficiary.objects.filter(pk=other.pk).update(same_as=kept)

        assert found_by(code, birth_year=1942) == kept

    def test_a_code_switched_off_finds_nobody_and_no_other_is_given(self, world: World, code: str) -> None:
        person = world.people["Trần Văn Ân"]

        switch_off_lookup(beneficiary_id=person.pk)

        assert found_by(code, birth_year=1942) is None
        assert found_by(str(person.pk), birth_year=1942) is None
        assert issue_lookup_codes(unit=world.units["97101"], now=NOW) == []

    def test_a_new_code_ends_the_former_one(self, world: World, code: str) -> None:
        person = world.people["Trần Văn Ân"]

        renewed = renew_lookup_code(beneficiary_id=person.pk, now=NOW).code

        assert found_by(code, birth_year=1942) is None
        assert found_by(renewed, birth_year=1942) == person

    def test_says_whether_somebody_has_one(self, world: World) -> None:
        person = world.people["Trần Văn Ân"]
        said = [lookup_state(person)]
        for step in (
            lambda: renew_lookup_code(beneficiary_id=person.pk, now=NOW),
            lambda: switch_off_lookup(beneficiary_id=person.pk),
        ):
            step()
            person.refresh_from_db()
            said.append(lookup_state(person))

        assert said == ["NONE", "GIVEN", "OFF"]


class TestHamlets:
    def test_are_counted_and_given_slips_once_however_they_are_written(self, world: World) -> None:
        world.enrol(world.add_person("Trần Văn Bốn", unit="97101"))
        Beneficiary.objects.filter(full_name="Trần Văn Bốn").update(hamlet="THÔN  3")
        home = world.units["97101"]
        counted = codes_by_hamlet(unit=home, actor=world.staff["MAKER", "971"], now=NOW)
        asked = issue_lookup_codes(unit=home, now=NOW, hamlet=counted[0].hamlet)
        assert [row.none for row in counted] == [2]
        assert len(asked) == 2


class TestListedTwice:
    """Somebody with two records is one person: a wish, or a lost slip, under one of them is about all codes they have."""

    @pytest.fixture
    def kept(self, world: World, code: str) -> Beneficiary:
        """Ân was given a code before another record of his was found to be the same person."""
        kept = world.add_person("Trần Văn Ân (hồ sơ chính)", unit="97101")
        world.enrol(kept)
        Beneficiary.objects.filter(pk=world.people["Trần Văn Ân"].pk).update(same_as=kept)
        return kept

    @pytest.mark.parametrize("screen", ["Trần Văn Ân", "Trần Văn Ân (hồ sơ chính)"])
    def test_switching_off_ends_every_code_whichever_record_stood_on_the_screen(
        self, screen: str, world: World, code: str, kept: Beneficiary
    ) -> None:
        switch_off_lookup(beneficiary_id=world.people[screen].pk)

        assert found_by(code, birth_year=1942) is None
        assert lookup_state(kept) == "OFF"
        assert issue_lookup_codes(unit=world.units["97101"], now=NOW) == []

    @pytest.mark.parametrize("screen", ["Trần Văn Ân", "Trần Văn Ân (hồ sơ chính)"])
    def test_a_new_slip_ends_every_former_one(self, screen: str, world: World, code: str, kept: Beneficiary) -> None:
        renewed = renew_lookup_code(beneficiary_id=world.people[screen].pk, now=NOW).code

        assert found_by(code, birth_year=1942) is None
        assert found_by(renewed, birth_year=1942) == kept

    def test_who_wanted_none_under_a_record_joined_later_is_told_of_by_no_code(self, world: World, code: str) -> None:
        other = world.add_person("Trần Văn An", unit="97102")
        switch_off_lookup(beneficiary_id=other.pk)
        Beneficiary.objects.filter(pk=other.pk).update(same_as=world.people["Trần Văn Ân"])

        assert found_by(code, birth_year=1942) is None
        assert lookup_state(world.people["Trần Văn Ân"]) == "OFF"

    def test_whoever_has_a_slip_under_the_other_record_is_given_no_second(
        self, world: World, code: str, kept: Beneficiary
    ) -> None:
        assert issue_lookup_codes(unit=world.units["97101"], now=NOW) == []
        counted = codes_by_hamlet(unit=world.units["97101"], actor=world.staff["MAKER", "971"], now=NOW)
        assert [(row.given, row.none) for row in counted] == [(1, 0)]


class TestCheckLetter:
    def test_accepts_what_was_issued(self, code: str) -> None:
        assert is_well_formed(code)

    def test_notices_every_single_wrong_letter(self, code: str) -> None:
        letters = code.replace("-", "")

        wrong = [
            letters[:at] + other + letters[at + 1 :]
            for at in range(len(letters))
            for other in ALPHABET
            if other != letters[at]
        ]

        assert not any(map(is_well_formed, wrong))

    def test_notices_every_two_letters_swapped(self, code: str) -> None:
        letters = code.replace("-", "")
        pairs = [(a, b) for a in range(len(letters)) for b in range(a) if letters[a] != letters[b]]

        swapped = [
            "".join(letters[b if at == a else a if at == b else at] for at in range(len(letters))) for a, b in pairs
        ]

        assert not any(map(is_well_formed, swapped))

    @pytest.mark.parametrize("text", ["", "4K7Q", "4K7Q-9XM2-PRU", "ĐÂY LÀ MÃ"])
    def test_refuses_what_is_no_code(self, text: str) -> None:
        assert not is_well_formed(text)
