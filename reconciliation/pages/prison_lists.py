"""Lists of who served a prison sentence, from the police or an execution office: send one, see what came of each."""

from typing import Any

from beneficiaries.parsers.prison_lists import COLUMNS
from beneficiaries.parsers.workbook import MAX_BYTES
from reconciliation.api.prison_lists import PrisonListsView
from staff.models import User
from staff.pages import FileStep, Page
from staff.pages.choices import units_below
from staff.rights import Right, may


class PrisonListsPage(Page):
    """Lists sent in, the newest first, and the form for another."""

    template_name = "reconciliation/prison_lists.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked = {name: value for name, value in self.request.GET.items() if value}
        lists, actor = self.ask(PrisonListsView, query=asked), self.request.user
        return {
            "lists": lists,
            "working": any(not one["finished_at"] for one in lists["results"]),
            "columns": list(COLUMNS.values()),
            "may_send": isinstance(actor, User) and may(actor, Right.IMPORT_REGISTRY),
            "units": units_below(actor) if isinstance(actor, User) else [],
        }


class SendPrisonList(FileStep):
    """Kept and taken in by the background."""

    step, back, again, most_bytes = PrisonListsView, "page-prison-lists", PrisonListsPage, MAX_BYTES
    done = "Đã nhận tệp; kết quả nạp hiện ở bảng dưới sau chừng một phút."
