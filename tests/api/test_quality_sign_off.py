"""Who answered for the data of a day, and who has not yet."""

from collections.abc import Callable
from datetime import date

from rest_framework.test import APIClient

from beneficiaries.models import Programme, QualityScore
from beneficiaries.models.quality import COUNTS
from tests.api.world import World

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
        {"unit": "972", "unit_name": "huyện Phước Hải", "files": 0, "signed_by": None, "signed_at": None, "note": ""}
    ]
