"""Beside Excel: send one's own list of a month, read which rows differ and why, take that away as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from beneficiaries.parsers.workbook import MAX_BYTES
from payments.api.cycles import CyclesView
from reconciliation.api.comparisons import CompareListView
from reconciliation.reports.rolls.everyone import plain_workbook
from reconciliation.services.months.journal_export import XLSX
from staff.models import User
from staff.pages import FileStep, Page, PageFile, PageRefused
from staff.pages.choices import units_below
from staff.pages.kept import GONE, UNDER, kept_result, show_later
from staff.rights import Right

COMPARED, MONTH, SHOWN = "compared-list", "month", 200


class ComparePage(Page):
    """The form, and below what was found of the list last sent."""

    template_name, rights = "reconciliation/compare.html", (Right.SEE_LISTS,)

    def content(self, **address: Any) -> dict[str, Any]:
        actor, kept = self.request.user, kept_result(self.request, purpose=COMPARED)
        found = kept.get("found")
        return {
            "cycles": self.ask(CyclesView, query={})["results"],
            "units": units_below(actor) if isinstance(actor, User) else [],
            "month": self.request.GET.get(MONTH, ""),
            "shown": SHOWN,
            "under": self.request.GET.get(UNDER, ""),
        } | (
            {**kept, "rows": found["rows"][:SHOWN], "gap": found["our_total"] - found["their_total"]} if found else kept
        )


class CompareList(FileStep):
    """Compared, nothing written; the result waits half an hour under a token."""

    step, again, back, most_bytes, own = CompareListView, ComparePage, "page-compare", MAX_BYTES, (MONTH,)

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {MONTH: self.not_sent.get(MONTH, "")}

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        typed = {"unit": data["unit"], MONTH: data["month"]}
        return show_later(
            self.request, page=reverse(self.back), purpose=COMPARED, result={"found": data, "typed": typed}
        )


class FetchComparison(PageFile):
    """Every row to look at, as a workbook to work through."""

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """Of the comparison just made, for whoever made it."""
        found = kept_result(request, purpose=COMPARED).get("found")
        if found is None:
            raise PageRefused(404, GONE, [])
        content = plain_workbook(_lines(found["rows"]), sheet="So sánh")
        name = f"so-voi-excel-{found['month']}-{found['unit']}.xlsx"
        return HttpResponse(
            content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )


def _lines(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        theirs, ours = row["theirs"], row["ours"]
        yield {
            "Dòng trong tệp": row["row_number"] or "",
            "Mã hồ sơ hưởng": row["code"],
            "Họ và tên": row["full_name"],
            "Thôn, tổ dân phố": row["hamlet"],
            "Theo tệp (đ)": "" if theirs is None else theirs,
            "Theo hệ thống (đ)": "" if ours is None else ours,
            "Kết quả so": row["finding_label"],
            "Vì sao, xem gì": row["why"],
        }
