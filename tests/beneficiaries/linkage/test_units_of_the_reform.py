"""34 provinces, 3,321 communes, and every unit before the reform leads to where it went."""

import pytest

from beneficiaries.linkage.units import Outcome, resolve_commune
from staff.national_units import national_units


def test_there_are_as_many_as_the_law_says() -> None:
    units = national_units()

    assert (len(units.provinces), len(units.communes), len(units.former_provinces)) == (34, 3321, 63)
    assert (len(units.former_districts), len(units.former_communes)) == (696, 10_035)


def test_every_former_unit_has_a_successor_in_the_successor_of_its_province() -> None:
    units = national_units()

    for former in units.former_communes.values():
        wanted = units.province_of_former(former).successor
        assert {commune.province for commune in units.successors(former.code)} == {wanted}


def test_every_commune_of_today_was_made_of_something() -> None:
    units = national_units()
    made = {code for former in units.former_communes.values() for code in former.successors}
    made |= {code for district in units.former_districts.values() for code in district.successors}

    assert made == set(units.communes)


def test_a_divided_commune_has_all_its_successors() -> None:
    units = national_units()

    assert max(len(former.successors) for former in units.former_communes.values()) == 5


@pytest.mark.parametrize("written", ["Phường Ba Đình", "P. Ba Đình", "phuong ba dinh", "BA ĐÌNH", "Ba Ðình"])
def test_a_name_of_today_is_found_however_it_is_written(written: str) -> None:
    found = resolve_commune(written, province="01")

    assert (found.outcome, found.candidates[0].name, found.former) == (Outcome.FOUND, "Phường Ba Đình", False)


def test_a_former_name_leads_to_its_successor() -> None:
    found = resolve_commune("P. Phúc Xá", province="01@2024")

    assert (found.outcome, found.former, [unit.name for unit in found.candidates]) == (
        Outcome.FOUND,
        True,
        ["Phường Hồng Hà"],
    )


def test_an_ambiguous_name_is_ambiguous_until_its_district_is_known() -> None:
    alone = resolve_commune("Phường 9", province="79")
    with_district = resolve_commune("Phường 09", province="79", district="Quận 3")

    assert alone.outcome is Outcome.AMBIGUOUS
    assert len(alone.candidates) > 1
    assert (with_district.outcome, len(with_district.candidates)) == (Outcome.FOUND, 1)


def test_a_name_of_another_province_is_not_found() -> None:
    assert resolve_commune("Phường Ba Đình", province="96").outcome is Outcome.UNKNOWN


def test_names_shared_across_the_country_are_why_a_province_is_asked_for() -> None:
    shared: dict[str, set[str]] = {}
    for commune in national_units().communes.values():
        shared.setdefault(commune.name.split(" ", 1)[1], set()).add(commune.code)

    assert sum(len(codes) for codes in shared.values() if len(codes) > 1) > 700
