"""The fictional tỉnh An Sơn of 2024: districts, communes, hamlets. Code 97 belongs to no real province."""

import math
from dataclasses import dataclass

import numpy as np

PROVINCE_CODE = "97"
PROVINCE_NAME = "tỉnh An Sơn"

DISTRICTS = (
    "thành phố An Sơn", "thị xã Ninh Hải", "huyện Phước Sơn", "huyện Đá Trắng", "huyện Bắc Lâm",
    "huyện Tân Lập", "huyện Sông Hinh Thượng", "huyện Krông Nô Hạ", "huyện Thuận Nam", "huyện Mỹ Hòa",
)  # fmt: skip
WARDS = (
    "Phước Mỹ", "Tấn Tài", "Đài Sơn", "Kinh Dinh", "Đông Hải", "Mỹ Hương", "Thanh Sơn", "Phủ Hà", "Văn Hải", "Bảo An",
    "Đạo Long", "Mỹ Bình", "Hòa An", "Ninh Thủy", "Ninh Diêm", "Ninh Giang", "Ninh Hà", "Ninh Đa",
)  # fmt: skip
COMMUNES = (
    "Phước Thuận", "Phước Hậu", "Phước Thái", "Phước Hữu", "Phước Vinh", "Hòa Sơn", "Hòa Thủy", "Lâm Sơn", "Lương Sơn",
    "Quảng Sơn", "Mỹ Sơn", "Nhơn Sơn", "Ma Nới", "Tân Hải", "Xuân Hải", "Hộ Hải", "Tri Hải", "Nhơn Hải", "Thanh Hải",
    "Vĩnh Hải", "Phương Hải", "Lợi Hải", "Công Hải", "Bắc Sơn", "Bắc Phong", "Phước Kháng", "Phước Chiến", "Cà Ná",
    "Phước Diêm", "Phước Minh", "Phước Nam", "Phước Ninh", "Phước Dinh", "Nhị Hà", "Phước Hà", "An Hải", "Phước Hải",
    "Phước Đại", "Phước Thành", "Phước Tiến", "Phước Tân", "Phước Trung", "Phước Hòa", "Phước Bình", "Phước Chính",
    "Phước Thắng", "Ea Trol", "Sông Trầu", "Ia Rsươm", "Đắk Rung", "Krông Jing", "Ea Bhốk", "Suối Trai", "Cà Lúi",
    "Tân Lập", "Tân Tiến", "Tân Hòa", "Hòa Bình", "Hòa Thắng", "Bình An", "Bình Minh", "Long Thạnh", "Long Điền",
    "Thạnh Mỹ", "Vĩnh Phước", "Vĩnh Hòa", "Đại Lộc", "Đại Thắng", "Tam Quan", "Tam Hiệp", "Kim Sơn", "Kim Hòa",
)  # fmt: skip
# Common names that exist in several districts: only the code tells them apart.
SHARED = ("Tân Tiến", "Hòa Bình", "Phước Hòa", "Bình Minh", "Tân Lập", "Hòa Sơn")


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    kind: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class Province:
    """Units from province to commune; `hamlets[i]` are the names inside `communes[i]`."""

    units: tuple[Unit, ...]
    communes: tuple[Unit, ...]
    hamlets: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]
    highland: tuple[bool, ...]


def found_province(*, scale: float, seed: int) -> Province:
    """Lay out districts and communes: about 100 communes at scale 1, never fewer than four."""
    rng = np.random.default_rng([seed, 2])
    total = max(4, round(100 * math.sqrt(scale)))
    districts = min(10, max(2, math.ceil(total / 10)))
    units = [Unit(PROVINCE_CODE, PROVINCE_NAME, "PROVINCE", "")]
    units += [Unit(f"97{i + 1 if i < 9 else 0}", DISTRICTS[i], "DISTRICT", PROVINCE_CODE) for i in range(districts)]
    stock = {"phường": list(WARDS), "xã": [name for name in COMMUNES if name not in SHARED]}
    communes: list[Unit] = []
    hamlets: list[tuple[str, ...]] = []
    highland: list[bool] = []
    per_district = [total // districts + (1 if i < total % districts else 0) for i in range(districts)]
    for d, size in enumerate(per_district):
        for nth in range(size):
            kind = "phường" if (d < 2 and nth < size - 2) else ("thị trấn" if nth == 0 else "xã")
            if kind == "thị trấn":
                name = DISTRICTS[d].split(" ", 1)[1]
            elif kind == "xã" and nth == size - 1:
                name = SHARED[(d // 2) % len(SHARED)]
            else:
                names = stock[kind] or stock["xã"]
                name = names.pop(0)
            communes.append(
                Unit(f"{units[d + 1].code}{nth * 2 + 1:02d}", f"{kind} {name}", "COMMUNE", units[d + 1].code)
            )
            word = "Thôn" if kind == "xã" else "Tổ dân phố"
            hamlets.append(tuple(f"{word} {i + 1}" for i in range(int(rng.integers(4, 13)))))
            highland.append(kind == "xã" and d in (3, 4, 6, 7))
    weights = rng.lognormal(0, 0.45, size=total)
    return Province(
        units=(*units, *communes),
        communes=tuple(communes),
        hamlets=tuple(hamlets),
        weights=tuple(float(w) for w in weights / weights.sum()),
        highland=tuple(highland),
    )
