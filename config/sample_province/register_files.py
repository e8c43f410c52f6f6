"""Units, the population extract, and the sizes a report quotes: what the province's registers say."""

import json
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from config.sample_province import quotas
from config.sample_province.province import World
from config.sample_province.residents import EXTRACT_DATE
from config.sample_province.units import PROVINCE_CODE, PROVINCE_NAME

POPULATION_HEADING = (
    "so_dinh_danh,ho_ten,ngay_sinh,gioi_tinh,ma_xa,thon,ngay_mat,the_can_cuoc,du_dk_dinh_danh,da_kich_hoat"
)
_CHUNK = 50_000


def write_units(*, world: World, out: Path) -> None:
    lines = ["code,name,kind,parent_code,valid_from,valid_to"]
    lines += [f"{unit.code},{unit.name},{unit.kind},{unit.parent_code},2020-01-01," for unit in world.province.units]
    (out / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_population(*, world: World, out: Path) -> None:
    """`population/dan_cu.csv`: everybody in the extract as of 15 June 2024, the recently dead included."""
    rng = np.random.default_rng([world.quotas.seed, 9])
    residents = world.residents
    died = _deaths(world, rng)
    listed = np.flatnonzero(~world.off_extract)
    card, eligible, active = _cards(world, listed, died, rng)
    low, high = int(residents.born.min()), EXTRACT_DATE.toordinal()
    printed = {day: f"{date.fromordinal(day):%d/%m/%Y}" for day in range(low, high + 1)} | {0: ""}
    homes = [
        [f"{commune.code},{hamlet}" for hamlet in hamlets]
        for commune, hamlets in zip(world.province.communes, world.province.hamlets, strict=True)
    ]
    sex, letter = ("Nam", "Nữ"), ("K", "C")
    path = out / "population" / "dan_cu.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    order = listed[rng.permutation(len(listed))]
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(POPULATION_HEADING + "\n")
        for start in range(0, len(order), _CHUNK):
            part = order[start : start + _CHUNK]
            columns = (part, residents.number[part], residents.born[part], residents.female[part], residents.commune[part],
                       residents.hamlet[part], died[part], card[part], eligible[part], active[part])  # fmt: skip
            file.writelines(
                f"0{number},{residents.names[i]},{printed[born]},{sex[female]},{homes[commune][hamlet]},{printed[dead]},"
                f"{letter[c]},{letter[e]},{letter[a]}\n"
                for i, number, born, female, commune, hamlet, dead, c, e, a in zip(
                    *(column.tolist() for column in columns), strict=True
                )
            )


def _deaths(world: World, rng: np.random.Generator) -> NDArray[np.int64]:
    """Days of death: those of beneficiaries, and 0.35 % of other residents, mostly old."""
    residents = world.residents
    died = residents.died.copy()
    for person in world.people:
        if person.died_on is not None:
            died[person.resident] = person.died_on.toordinal()
    age = (EXTRACT_DATE.toordinal() - residents.born) / 365.25
    others = ~world.taken & ~world.off_extract & (rng.random(len(residents)) < np.where(age > 65, 0.025, 0.0012))
    died[others] = EXTRACT_DATE.toordinal() - rng.integers(1, 400, size=int(others.sum()))
    died[died != 0] = np.maximum(died[died != 0], residents.born[died != 0])
    return died


def _cards(
    world: World, listed: NDArray[np.int64], died: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Who has a card, may have an e-ID account, has activated it: exact numbers of each, adults first."""
    residents = world.residents
    age = (EXTRACT_DATE.toordinal() - residents.born) / 365.25
    score = rng.random(len(residents)) + (age >= 14) * 3.0 - (died > 0) * 2.5 - (age > 85) * 0.4
    card = _first(score, listed, world.quotas.proportion(quotas.CARDS_ISSUED))
    score = rng.random(len(residents)) + card * 8.0 + (age >= 14) * 4.0 - (died > 0) * 2.5
    eligible = _first(score, listed, world.quotas.proportion(quotas.EID_ELIGIBLE))
    score = rng.random(len(residents)) + eligible * 8.0 - np.clip(age - 20, 0, 80) / 60 - (died > 0) * 2.5
    return card, eligible, _first(score, listed, world.quotas.proportion(quotas.EID_ACTIVATED))


def _first(score: NDArray[np.float64], listed: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    chosen = np.zeros(len(score), dtype=bool)
    chosen[listed[np.argsort(-score[listed], kind="stable")[:count]]] = True
    return chosen


def write_estimates(*, world: World, out: Path) -> None:
    """`estimates.json`: names of agencies, the ministry's target and the register figures a report quotes."""
    sizes = world.quotas
    body = {
        "province": {"code": PROVINCE_CODE, "name": PROVINCE_NAME},
        "agencies": {
            "department": "Sở Lao động - Thương binh và Xã hội",
            "department_short": "SLĐTBXH",
            "ministry": "Bộ Lao động - Thương binh và Xã hội",
            "paying_unit": "Phòng Lao động - Thương binh và Xã hội",
        },
        "coverage_target_percent": 30,
        "id_cards": {
            "issued": sizes.proportion(quotas.CARDS_ISSUED),
            "eligible": sizes.proportion(quotas.POPULATION),
            "source": "Công an tỉnh",
        },
        "e_id_accounts": {
            "activated": sizes.proportion(quotas.EID_ACTIVATED),
            "eligible": sizes.proportion(quotas.EID_ELIGIBLE),
            "source": "Công an tỉnh",
        },
    }
    (out / "estimates.json").write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
