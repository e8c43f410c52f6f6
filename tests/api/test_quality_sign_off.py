"""Who answered for the data of a day, and who has not yet."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from beneficiaries.models import Programme, QualityScore, QualitySignOff, SignOffLevel
from beneficiaries.models.quality import COUNTS
from tests.api.world import NOW, World

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
            "signed_by": None,
            "signed_at": None,
            "note": "",
        }
    ]


def write_levels(settings, kinds: tuple[str, ...]) -> None:
    """As `migrate` does, of which nothing else is left to do."""
    settings.SIGN_OFF_BETWEEN = kinds
    call_command("migrate", "beneficiaries", database="default", verbosity=0)


def count(world: World, *communes: str) -> None:
    for commune in communes:
        QualityScore.objects.create(
            taken_on=DAY, unit=world.units[commune], programme=Programme.objects.get(code="TCXH"), files=3,
            **dict.fromkeys(COUNTS, 1),
        )  # fmt: skip


@pytest.mark.parametrize(("between", "waits_for"), [((), None), (("DISTRICT",), ["971"])])
def test_the_province_waits_for_the_levels_the_settings_name(
    world: World, as_staff: Callable[[str, str], APIClient], settings, between, waits_for
) -> None:
    write_levels(settings, between)
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

    def test_holds_the_province_to_the_level_between(self, world: World, settings) -> None:
        write_levels(settings, ("DISTRICT",))
        count(world, "97101")
        self.sign(world, "97101")
        with pytest.raises(IntegrityError, match="a level between has not signed"), transaction.atomic():
            self.sign(world, "97")
        self.sign(world, "971")
        self.sign(world, "97")  # the other district has nothing counted and nothing to sign for

    def test_names_no_level_where_the_settings_name_none(self, world: World, settings) -> None:
        write_levels(settings, ("DISTRICT",))
        write_levels(settings, ())
        assert not SignOffLevel.objects.exists()
        count(world, "97101")
        self.sign(world, "97101")
        self.sign(world, "97")
