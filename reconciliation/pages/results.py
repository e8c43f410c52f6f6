"""What the provider said of a cash list: send its result list in, see what was said of each person, go on to the differences."""

from typing import Any

from django.http import HttpResponse

from beneficiaries.parsers.spreadsheets import MAX_BYTES
from payments.api.batches import BatchView
from payments.models import Provider
from reconciliation.api.provider_results import BatchResultsView
from reconciliation.pages.named import payees_of
from staff.models import User
from staff.pages import FileStep, Page
from staff.rights import Right, may


class ResultsPage(Page):
    """Results of one list, person by person, and the form to send the next."""

    template_name = "reconciliation/results.html"

    def content(self, **address: Any) -> dict[str, Any]:
        batch_id: int = address["batch_id"]
        actor = self.request.user
        given = {name: value for name, value in self.request.GET.items() if value}
        lines = self.ask(BatchResultsView, query=given, batch_id=batch_id)
        payees = payees_of(actor, [line["payment"] for line in lines["results"]])
        return {
            "list": self.ask(BatchView, query={}, batch_id=batch_id),
            "lines": lines | {"results": [line | {"payee": payees.get(line["payment"])} for line in lines["results"]]},
            "providers": list(Provider.objects.order_by("name").values_list("code", "name")),
            "may_send": isinstance(actor, User) and may(actor, Right.RECONCILE),
        }


class SendResults(FileStep):
    """Rows that are right move their payments; wrong ones are named and become differences. The same list again adds nothing."""

    step, again, most_bytes = BatchResultsView, ResultsPage, MAX_BYTES
    back = "page-list-results"

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        return self.shown(ResultsPage, {"taken": data}, address)
