from collections import Counter

import numpy as np
import pytest

from config.sample_province.province import build_world
from config.sample_province.units import found_province

Rows = list[dict[str, str]]


class TestExtract:
    def test_numbers_are_unique_well_formed_and_of_no_real_province(self, extract: Rows, numbers: set[str]):
        assert len(numbers) == len(extract) == round(750_408 * 0.15)
        assert {number[:3] for number in numbers} == {"097", "098", "099"}
        assert all(len(number) == 12 for number in numbers)

    def test_a_number_tells_century_sex_and_year(self, extract: Rows):
        def stem(resident: dict[str, str]) -> str:
            year = int(resident["ngay_sinh"][-4:])
            return f"{(year - 1900) // 100 * 2 + (resident['gioi_tinh'] == 'Nữ')}{year % 100:02d}"

        assert all(resident["so_dinh_danh"][3:6] == stem(resident) for resident in extract)

    def test_cards_and_electronic_identities_have_the_reported_sizes(self, extract: Rows):
        def count(column: str) -> int:
            return sum(1 for resident in extract if resident[column] == "C")

        assert count("the_can_cuoc") == round(622_839 * 0.15)
        assert count("du_dk_dinh_danh") == round(581_573 * 0.15)
        assert count("da_kich_hoat") == round(383_838 * 0.15)
        assert all(r["da_kich_hoat"] <= r["du_dk_dinh_danh"] for r in extract if r["da_kich_hoat"] == "C")

    def test_homes_are_communes_of_the_province(self, extract: Rows):
        communes = {unit.code for unit in found_province(scale=0.15, seed=11).communes}

        assert {resident["ma_xa"] for resident in extract} <= communes

    def test_some_people_have_no_vietnamese_surname(self, extract: Rows):
        first_words = Counter(resident["ho_ten"].split()[0].split("'")[0] for resident in extract)

        assert first_words["Nguyễn"] / len(extract) == pytest.approx(0.31, abs=0.03)
        assert first_words["Y"] and first_words["H"] and first_words["K"]


class TestUnits:
    @pytest.mark.parametrize(
        ("scale", "communes", "districts"), [(1, 100, 10), (0.02, 14, 2), (0.005, 7, 2), (0.001, 4, 2)]
    )
    def test_the_number_of_communes_follows_the_scale(self, scale: float, communes: int, districts: int):
        province = found_province(scale=scale, seed=1)

        assert len(province.communes) == communes
        assert len([unit for unit in province.units if unit.kind == "DISTRICT"]) == districts
        assert len({unit.code for unit in province.units}) == len(province.units)

    def test_communes_of_different_districts_share_names_but_never_within_one(self):
        communes = found_province(scale=1, seed=1).communes

        assert len({unit.name for unit in communes}) < len(communes)
        assert len({(unit.name, unit.parent_code) for unit in communes}) == len(communes)


def crowding(world_scale: float) -> dict[str, float]:
    world = build_world(scale=world_scale, seed=2024)
    listed = np.flatnonzero(~world.off_extract).tolist()
    names = [world.residents.names[i] for i in listed]
    born = world.residents.born[listed].tolist()
    pairs = Counter(zip(names, born, strict=True))
    homes = {
        (world.residents.names[i], int(world.residents.commune[i]), int(world.residents.number[i] // 1_000_000 % 1_000))
        for i in listed
    }
    absent = [person for person in world.people if world.off_extract[person.resident]]
    namesakes = sum(
        1 for person in absent if (person.name, person.main.commune, person.number // 1_000_000 % 1_000) in homes
    )
    return {
        "names": len(set(names)),
        "sharing": sum(count for count in pairs.values() if count > 1),
        "twins": sum(1 for i in listed if world.residents.twin_of[i] >= 0) / len(listed),
        "namesakes": namesakes / len(absent),
    }


class TestHardness:
    def test_a_part_of_the_province_is_as_crowded_as_its_size_allows(self):
        found = crowding(0.15)

        assert found["names"] <= 140_000 * 0.15 * 2  # distinct names grow more slowly than people
        assert found["sharing"] >= 5_600 * 0.15**2
        assert found["twins"] == pytest.approx(0.02, abs=0.001)
        assert found["namesakes"] >= 0.23

    @pytest.mark.slow
    def test_the_whole_province_is_as_hard_as_promised(self):
        found = crowding(1.0)

        assert found["names"] <= 140_000
        assert found["sharing"] >= 5_600
        assert found["twins"] == pytest.approx(0.02, abs=0.0005)
        assert found["namesakes"] >= 0.24
