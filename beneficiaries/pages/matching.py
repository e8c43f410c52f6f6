"""One run of matching as staff read it: by what people were found, why others were not, and how each group of them fared."""

from collections.abc import Mapping
from typing import Any

from beneficiaries.api.matching_runs import MatchingRunView
from beneficiaries.linkage.engine.evidence import CONFLICTS
from beneficiaries.services.identity.words import called, rule_in_words
from staff.pages import Page

GROUPS = {
    "all": "Tất cả người được so",
    "children_under_six": "Trẻ em dưới 6 tuổi",
    "no_number": "Danh sách không có số định danh",
    "old_card": "Danh sách ghi số chứng minh nhân dân cũ",
    "women": "Nữ",
    "over_eighty": "Từ 80 tuổi",
}
BANDS = ("AUTO", "REVIEW", "NONE")


class MatchingRunPage(Page):
    """Figures only, no person."""

    template_name = "beneficiaries/matching_run.html"

    def content(self, **address: Any) -> dict[str, Any]:
        run = self.ask(MatchingRunView, order_id=address["order_id"])
        found = run["manifest"]
        return {
            "run": run,
            "model": called(found["model"]) if found else "",
            "groups": [_group(label, found["groups"].get(code, {})) for code, label in GROUPS.items()] if found else [],
            "rules": _said(found.get("rules", {}), rule_in_words),
            "why_not": _said(found.get("why_not", {}), lambda code: CONFLICTS.get(code, code)),
        }


def _group(label: str, bands: Mapping[str, int]) -> dict[str, Any]:
    people = sum(bands.values())
    counts = {band.lower(): bands.get(band, 0) for band in BANDS}
    share = f"{100 * counts['auto'] / people:.1f}%".replace(".", ",") if people else "-"
    return {"label": label, "people": people, "share": share, **counts}


def _said(counts: Mapping[str, int], say: Any) -> list[tuple[str, int]]:
    """The most first."""
    return sorted(((say(code), count) for code, count in counts.items()), key=lambda one: (-one[1], one[0]))
