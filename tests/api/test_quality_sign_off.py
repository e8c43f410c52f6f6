"""Who answered for the data of a day, and who has not yet."""

from collections.abc import Callable, Iterator
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction
from rest_framework.test import APIClient

from beneficiaries.models import Programme, QualityScore, QualitySignOff, SignOffLevel
from beneficiaries.models.quality import COUNTS
from config.management.commands.migrate import write_levels
from tests.api.world import NOW, World
from tests.databases import owner_url_of

DAY = date(2024, 8, 1)


def test_units_that_have_not_signed_stand_first(world: World, as_staff: Callable[[str, str], APIClient]) -> None:
    for commune in ("97101", "97102"):
        QualityScore.objects.create(
            taken_on=DAY, unit=world.units[commune], programme=Programme.objects.get(code="TCXH"), files=3,
            **dict.fromkeys(COUNTS, 1),
        )  # fmt: skip
    address = f"/api/quality/sign-off/?taken_on={DAY}"
    as_staff("COMMUNE_OFFICER", "97101").post("/api/quality/sign-off/", {"taken_on": str(DAY)}, format="json")

    rows = as_staff("LEADER", "971").get(address).json()
    assert [(row["unit"], row["files"], row["signed_by"]) for row in rows] == [
        ("971", 6, None),
        ("97102", 3, None),
        ("97101", 3, "COMMUNE_OFFICER 97101"),
    ]
    assert as_staff("CIVIL_REGISTRY", "971").get(address).status_code == 403
    assert as_staff("LEADER", "972").get(address).json() == [
        {
            "unit": "972",
            "unit_name": "huyện Phước Hải",
            "own": True,
            "files": 0,
            "sums": dict.fromkeys(("files", *COUNTS), 0),
            "signed_by": None,
            "signed_at": None,
            "note": "",
        }
    ]


Levels = Callable[[tuple[str, ...]], None]


@pytest.fixture
def levels(db: None) -> Iterator[Levels]:
    """Writes the levels as `migrate` does, as the owner of the schema, who alone may; none are left behind."""

    def write(kinds: tuple[str, ...]) -> None:
        name = str(connections["default"].settings_dict["NAME"])
        with psycopg.connect(owner_url_of(name)) as owner:
            write_levels(owner.cursor(), kinds)

    yield write
    write(())


def count(world: World, *communes: str) -> None:
    for commune in communes:
        QualityScore.objects.create(
            taken_on=DAY, unit=world.units[commune], programme=Programme.objects.get(code="TCXH"), files=3,
            **dict.fromkeys(COUNTS, 1),
        )  # fmt: skip


@pytest.mark.parametrize(("between", "waits_for"), [((), None), (("DISTRICT",), ["971"])])
def test_the_province_waits_for_the_levels_the_settings_name(
    world: World, as_staff: Callable[[str, str], APIClient], levels: Levels, between, waits_for
) -> None:
    levels(between)
    count(world, "97101")
    given = {"taken_on": str(DAY)}
    assert as_staff("COMMUNE_OFFICER", "97101").post("/api/quality/sign-off/", given, format="json").status_code == 201
    province = as_staff("MAKER", "97")
    answer = province.post("/api/quality/sign-off/", given, format="json")
    assert (answer.status_code, answer.json().get("conflicts")) == ((409, waits_for) if waits_for else (201, None))
    if waits_for:
        told = province.get(f"/api/quality/sign-off/?taken_on={DAY}").json()
        assert [(row["unit"], row["own"], row["files"], row["signed_at"] is None) for row in told] == [
            ("97", True, 3, True), ("971", False, 3, True), ("97101", False, 3, False),
        ]  # fmt: skip
        assert as_staff("MAKER", "971").post("/api/quality/sign-off/", given, format="json").status_code == 201
        assert province.post("/api/quality/sign-off/", given, format="json").status_code == 201


class TestTheDatabase:
    def sign(self, world: World, unit: str) -> None:
        QualitySignOff.objects.create(
            taken_on=DAY, unit=world.units[unit], signed_by=world.staff["MAKER", unit], signed_at=NOW, figures={}
        )

    def test_holds_the_province_to_the_level_between(self, world: World, levels: Levels) -> None:
        levels(("DISTRICT",))
        count(world, "97101")
        self.sign(world, "97101")
        with pytest.raises(IntegrityError, match="a level between has not signed"), transaction.atomic():
            self.sign(world, "97")
        self.sign(world, "971")
        self.sign(world, "97")  # the other district has nothing counted and nothing to sign for

    def test_names_no_level_where_the_settings_name_none(self, world: World, levels: Levels) -> None:
        levels(("DISTRICT",))
        levels(())
        assert not SignOffLevel.objects.exists()
        count(world, "97101")
        self.sign(world, "97101")
        self.sign(world, "97")

    def test_lets_the_application_change_no_level(self, db: None) -> None:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            SignOffLevel.objects.create(kind="DISTRICT")
