"""The catalogue of units: loaded top down, once."""

from pathlib import Path

import pytest

from staff.errors import NoProvince
from staff.models import AdministrativeUnit
from staff.services.units import load_units, the_province

CATALOGUE = """code,name,kind,parent_code,valid_from,valid_to
97,tỉnh Phước Hòa,PROVINCE,,,
971,huyện Phước Sơn,DISTRICT,97,,2025-06-30
97101,xã Phước Thuận,COMMUNE,971,2020-01-01,
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "units.csv"
    path.write_text(CATALOGUE, encoding="utf-8")
    return path


class TestLoadUnits:
    def test_builds_the_tree_with_its_dates(self, db, catalogue):
        added = load_units(path=catalogue)

        commune = AdministrativeUnit.objects.get(code="97101")
        assert (added, commune.path, commune.parent.code) == (3, "/97/971/97101/", "971")
        assert str(AdministrativeUnit.objects.get(code="971").valid_to) == "2025-06-30"

    def test_a_second_time_adds_nothing(self, db, catalogue):
        load_units(path=catalogue)

        assert load_units(path=catalogue) == 0

    def test_an_orphan_loads_nothing(self, db, catalogue):
        catalogue.write_text(CATALOGUE + "97201,xã Phước An,COMMUNE,972,,\n", encoding="utf-8")

        with pytest.raises(KeyError):
            load_units(path=catalogue)

        assert AdministrativeUnit.objects.count() == 0


class TestTheProvince:
    def test_is_the_unit_above_all(self, db, catalogue):
        load_units(path=catalogue)
        assert the_province().code == "97"

    def test_that_was_never_loaded_is_said_in_a_sentence(self, db):
        with pytest.raises(NoProvince, match="load_province"):
            the_province()
