"""What a person asks about their own data: one page to print at the desk."""

from typing import Any

from reconciliation.api.person_data import PersonDataView
from staff.pages import Page


class PersonDataPage(Page):
    """Held, looked at, given out."""

    template_name = "reconciliation/person_data.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        data = self.ask(PersonDataView, person_id=beneficiary_id)
        return {"data": data, "beneficiary_id": beneficiary_id, "agency": f"UBND {data['unit_name']}"}
