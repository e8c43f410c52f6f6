"""Find a person by name or code, and see everything about them in one place: enrolments, where the money is, payments, accounts, open work."""

from datetime import date
from typing import Any, ClassVar
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from beneficiaries.api.accounts import AccountsView
from beneficiaries.api.cases import CasesView
from beneficiaries.api.enrolments import MOST, EnrolmentsView
from beneficiaries.api.persons import PersonView
from beneficiaries.models import LifeEvent, Phone, Reason
from beneficiaries.services.life_events.record import MAY_SPEAK_FOR
from beneficiaries.states import AccountStatus
from payments.api.commune_people import CALLED, WHO, CommunePeopleView, hamlets_of
from payments.api.not_seen import NotSeenView
from payments.api.person_money import PersonAnswersView, PersonPaymentsView
from payments.api.phones import PhoneView
from payments.states import PaymentStatus
from staff.models import AdministrativeUnit, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.kept import kept_result, show_later
from staff.rights import Right, may

SHOWN = 24
FOUND = "found-people"


class CommunePage(Page):
    """Everybody of one commune, to leaf through; neither a name nor a number stands in the address."""

    template_name = "payments/commune.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        units = units_below(actor, kinds=(AdministrativeUnit.Kind.COMMUNE.value,)) if isinstance(actor, User) else []
        unit = str(asked.get("unit", "")) or (units[0][0] if units else "")
        people = self.ask(CommunePeopleView, query={**asked, "unit": unit})
        return {
            "people": people,
            "units": units,
            "unit": unit,
            "hamlets": hamlets_of(unit),
            "who": list(WHO.items()),
            "asked": {"who": "receiving"} | asked,
            "calls": asked.get("who") in CALLED and isinstance(actor, User) and may(actor, Right.DECIDE_CASE),
            "month": people["results"][0]["month"] if people["results"] else None,
        }


class PeoplePage(Page):
    """A field for a code and one for a name; what was found stands below, under a token that says nothing of either."""

    template_name, rights = "payments/people.html", (Right.SEE_PERSONS,)

    def content(self, **address: Any) -> dict[str, Any]:
        return {"found": None} | kept_result(self.request, purpose=FOUND)


@method_decorator(sensitive_post_parameters(), name="dispatch")
class FindPeople(PageStep):
    """Nothing is changed; it is a POST so that no name stands in an address, a log or a history of pages."""

    step, back, again = EnrolmentsView, "page-people", PeoplePage

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        typed = {name: self.request.POST.get(name, "") for name in ("code", "name")}
        result = {"found": data, "typed": typed, "most": len(data) == MOST}
        return show_later(self.request, page=reverse(self.back), purpose=FOUND, result=result)


class WholePersonPage(Page):
    """One person; every part as far as whoever looks may see it."""

    template_name = "payments/person.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        of_person = {"beneficiary": beneficiary_id, "limit": SHOWN}
        actor = self.request.user
        accounts = self.ask_if_allowed(AccountsView, query=of_person)
        statuses, reasons = dict(AccountStatus.choices), dict(Reason.choices)
        person = self.ask(PersonView, beneficiary_id=beneficiary_id)
        reports = isinstance(actor, User) and may(actor, Right.REPORT_LIFE_EVENTS)
        may_speak_for = MAY_SPEAK_FOR.get(actor.role, frozenset()) if isinstance(actor, User) else frozenset()
        return {
            "person": person,
            "answers": self.ask_if_allowed(PersonAnswersView, beneficiary_id=beneficiary_id),
            "payments": self.ask_if_allowed(PersonPaymentsView, query={"limit": SHOWN}, beneficiary_id=beneficiary_id),
            "accounts": accounts
            and [
                row | {"status_label": statuses[row["status"]], "reason_label": reasons.get(row["reason"], "")}
                for row in accounts["results"]
            ],
            "cases": self.ask_if_allowed(CasesView, query=of_person),
            "sees_papers": isinstance(actor, User) and may(actor, Right.SEE_ACCOUNTS) and person["here"],
            "may_report": reports and person["here"],
            "may_record": isinstance(actor, User) and may(actor, Right.RECORD_DECISION) and person["here"],
            "sources": [(code, label) for code, label in LifeEvent.Source.choices if code in may_speak_for],
            "phone": self._phone(beneficiary_id) if person["here"] else None,
            "phone_owners": Phone.Owner.choices,
            "may_ask": isinstance(actor, User) and may(actor, Right.DECIDE_CASE) and person["here"],
            "posted": PaymentStatus.POSTED.value,
            "event_id": uuid4().hex,  # of this form: pressed twice it tells once
            "issued_at": timezone.now().isoformat(),
        }

    def _phone(self, beneficiary_id: int) -> Any:
        """Whose number it is and the number, if there is one to tell."""
        known = Phone.objects.filter(beneficiary=beneficiary_id).exclude(sealed=b"").exists()
        return self.ask_if_allowed(PhoneView, beneficiary_id=beneficiary_id) if known else None


@method_decorator(sensitive_post_parameters("number"), name="dispatch")
class RecordPhone(PageStep):
    """The telephone of one person."""

    step, back, again = PhoneView, "page-person-all", WholePersonPage
    secrets: ClassVar[frozenset[str]] = frozenset({"number"})
    done = "Đã ghi điện thoại."


class AskForThePerson(PageStep):
    """The person has not seen money that is said to have arrived."""

    step, back, again, row = NotSeenView, "page-person-all", WholePersonPage, "payment_id"

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"payment_id": address["payment_id"]}

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"beneficiary_id": address["beneficiary_id"]}

    def said(self, data: Any) -> str:
        due = date.fromisoformat(str(data["due_on"]))
        return f"Đã mở tra soát; hẹn trả lời người dân trước ngày {due:%d/%m/%Y}. Trang tra cứu của người dân ghi đúng ngày này."
