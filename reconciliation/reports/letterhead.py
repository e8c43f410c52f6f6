"""Who reports, as Decree 30/2020 has it on paper: the lines above, the sign in the number, who signs, who receives."""

from typing import Any

from django.conf import settings

from reconciliation.reports.sentences import capitalised
from staff.models import AdministrativeUnit

_KINDS = ("tỉnh", "thành phố", "huyện", "quận", "thị xã", "thị trấn", "xã", "phường", "đặc khu")


def agency_of(unit: AdministrativeUnit) -> dict[str, Any]:
    """`{name, symbol, above, signer, receivers}` as frozen with the figures: the province's by its department, any other by its own committee."""
    archive = f"Lưu: VT{', ' + settings.AGENCY_ROOM if settings.AGENCY_ROOM else ''}."
    if unit.kind == AdministrativeUnit.Kind.PROVINCE:
        police = f"Công an {unit.name} (t/h Đề án 06);"
        return {
            "name": settings.AGENCY_NAME, "symbol": settings.AGENCY_SYMBOL, "above": f"UBND {unit.name}", "signer": ["GIÁM ĐỐC"],
            "receivers": [f"UBND {unit.name} (b/c);", police, archive],
        }  # fmt: skip
    above = unit.parent.name if unit.parent else ""
    return {
        "name": f"UBND {unit.name}", "symbol": "UBND", "above": "", "signer": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        "receivers": [
            *([f"UBND {above} (b/c);"] if above else []), f"{settings.AGENCY_NAME} (b/c);", f"Công an {unit.name} (t/h Đề án 06);", archive,
        ],
    }  # fmt: skip


def letterhead(figures: dict[str, Any]) -> dict[str, Any]:
    """What `agency_of` froze; a snapshot of an older schema was always the department's."""
    name = figures["unit"]["name"]
    older = {
        "above": f"UBND {name}", "signer": ["GIÁM ĐỐC"], "receivers": [f"UBND {name} (b/c);", f"Công an {name} (t/h Đề án 06);", "Lưu: VT."],
    }  # fmt: skip
    return {**older, **figures["agency"]}


def place_of(unit_name: str) -> str:
    """Where a paper is dated: `thành phố An Sơn` → `An Sơn`."""
    lowered = unit_name[:1].lower() + unit_name[1:]
    for kind in _KINDS:
        if lowered.startswith(f"{kind} "):
            return capitalised(unit_name[len(kind) + 1 :])
    return capitalised(unit_name)
