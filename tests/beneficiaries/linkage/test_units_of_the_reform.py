"""34 provinces, 3,321 communes, and every unit before the reform leads to where it went."""

from staff.national_units import national_units


def test_there_are_as_many_as_the_law_says() -> None:
    units = national_units()

    assert (len(units.provinces), len(units.communes), len(units.former_provinces)) == (34, 3321, 63)
    assert (len(units.former_districts), len(units.former_communes)) == (696, 10_035)


def test_every_former_unit_has_a_successor_in_the_successor_of_its_province() -> None:
    units = national_units()

    for former in units.former_communes.values():
        province = units.former_provinces[units.former_districts[former.district].province]
        assert {commune.province for commune in units.successors(former.code)} == {province.successor}


def test_every_commune_of_today_was_made_of_something() -> None:
    units = national_units()
    made = {code for former in units.former_communes.values() for code in former.successors}
    made |= {code for district in units.former_districts.values() for code in district.successors}

    assert made == set(units.communes)


def test_a_divided_commune_has_all_its_successors() -> None:
    units = national_units()

    assert max(len(former.successors) for former in units.former_communes.values()) == 5


def test_names_shared_across_the_country_are_why_a_province_is_asked_for() -> None:
    shared: dict[str, set[str]] = {}
    for commune in national_units().communes.values():
        shared.setdefault(commune.name.split(" ", 1)[1], set()).add(commune.code)

    assert sum(len(codes) for codes in shared.values() if len(codes) > 1) > 700
