"""What a person asks about their own data: one page to print at the desk."""

from typing import Any

from reconciliation.api.person_data import PersonDataView
from staff.pages import Page


class PersonDataPage(Page):
    """Held, looked at, given out."""

    template_name = "reconciliation/person_data.html"

    def content(self, **address: Any) -> dict[str, Any]:
        return {"data": self.ask(PersonDataView, **address), **address}
