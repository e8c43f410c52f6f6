"""A real province in the database: today's communes, the units before the reform below it, and what became of each."""

import pytest
from django.core.management import CommandError, call_command

from staff.models import AdministrativeUnit, UnitSuccessor
from staff.national_units import national_units
from staff.services.former_units import code_before_reform, load_province

CAN_THO = "92"


@pytest.fixture
def can_tho(db: None) -> int:
    """Made of Cần Thơ, Hậu Giang and Sóc Trăng."""
    return load_province(province=CAN_THO)


def test_has_as_many_communes_as_the_catalogue(can_tho: int) -> None:
    today = AdministrativeUnit.objects.filter(kind="COMMUNE", valid_to__isnull=True)

    assert today.count() == sum(commune.province == CAN_THO for commune in national_units().communes.values()) == 103
    assert can_tho == AdministrativeUnit.objects.count()


def test_every_former_commune_has_a_successor_of_today(can_tho: int) -> None:
    former = AdministrativeUnit.objects.filter(kind="COMMUNE", valid_to__isnull=False)

    assert former.exists()
    assert not former.filter(successors__isnull=True).exists()
    assert not UnitSuccessor.objects.filter(successor__valid_to__isnull=False).exists()


def test_one_code_before_and_after_the_reform_is_two_units(can_tho: int) -> None:
    both = [
        unit.official_code
        for unit in AdministrativeUnit.objects.filter(valid_to__isnull=True, kind="COMMUNE")
        if AdministrativeUnit.objects.filter(code=code_before_reform(unit.official_code)).exists()
    ]

    assert both


def test_staff_of_the_province_still_reach_its_former_units(can_tho: int) -> None:
    province = AdministrativeUnit.objects.get(kind="PROVINCE")
    soc_trang = AdministrativeUnit.objects.get(code="94@2024")

    assert (province.code, soc_trang.kind, soc_trang.path) == (CAN_THO, "FORMER", "/92/94@2024/")
    assert [unit.code for unit in soc_trang.successors.all()] == [CAN_THO]


def test_a_second_time_adds_nothing(can_tho: int) -> None:
    before = UnitSuccessor.objects.count()

    assert load_province(province=CAN_THO) == 0
    assert UnitSuccessor.objects.count() == before


def test_an_unknown_code_is_refused(db: None) -> None:
    with pytest.raises(CommandError):
        call_command("load_province", "97")

    assert not AdministrativeUnit.objects.exists()
