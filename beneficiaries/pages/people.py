"""One person's accounts and who receives for them: slips, powers of attorney with their scans; changes of account for a second person."""

from typing import Any, ClassVar

from django.conf import settings
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from rest_framework.views import APIView

from beneficiaries.api.account_shapes import METHODS, PAYEE_KINDS
from beneficiaries.api.accounts import ApproveChangeView, ChangesView, RefuseChangeView
from beneficiaries.api.lookup_slips import LookupOffView, PersonLookupView
from beneficiaries.api.reach import people_in_reach
from beneficiaries.api.slips import EndPayeeView, PapersView, PayeePaperView, PayeesView, SlipScanView, SlipsView
from beneficiaries.models import PayeeKind, PayeeRelation, RegistrationSlip
from beneficiaries.services.accounts.banks import PROVIDERS
from beneficiaries.services.accounts.register_slip import MAX_SCAN_BYTES
from beneficiaries.services.receiving.payees import likely_signer
from beneficiaries.states import ChangeStatus
from staff.models import User
from staff.pages import FileStep, Page, PageStep
from staff.rights import Right, may

ACCOUNT, HOLDER_KIND = ("account.bank_bin", "account.number", "account.holder_name"), "account.holder_kind"


class PersonPage(Page):
    """How one person receives: slips and who receives for them, with the papers; forms to record more."""

    template_name = "beneficiaries/person.html"

    def content(self, **address: Any) -> dict[str, Any]:
        beneficiary_id: int = address["beneficiary_id"]
        slips = self.ask(SlipsView, beneficiary_id=beneficiary_id)
        payees = self.ask(PayeesView, beneficiary_id=beneficiary_id)
        actor = self.request.user
        methods, kinds, every_kind = dict(METHODS), dict(PAYEE_KINDS), dict(PayeeKind.choices)
        person = get_object_or_404(people_in_reach(actor), pk=beneficiary_id) if isinstance(actor, User) else None
        signer_kind, signer_name = (
            likely_signer(beneficiary=person, on=timezone.localdate(), signs_from_age=settings.SIGNS_FROM_AGE)
            if person
            else ("", "")
        )
        return {
            "person": person,
            "signer_kind": signer_kind,
            "signer_name": signer_name,
            "slips": [
                row | {"method_label": methods[row["method"]], "signer_label": every_kind[row["signer_kind"]]}
                for row in slips
            ],
            "payees": [row | {"kind_label": kinds[row["kind"]]} for row in payees],
            "methods": METHODS,
            "kinds": PAYEE_KINDS,
            "every_kind": PayeeKind.choices,
            "banks": list(PROVIDERS.items()),
            "scopes": PayeeRelation.Scope.choices,
            "ends": PayeeRelation.EndReason.choices,
            "lookup": self.ask(PersonLookupView, beneficiary_id=beneficiary_id),
            "may_slip": isinstance(actor, User) and may(actor, Right.MANAGE_ACCOUNTS),
            "may_payee": isinstance(actor, User) and may(actor, Right.MANAGE_PAYEES),
        }


@method_decorator(sensitive_post_parameters("account.number"), name="dispatch")
class RecordSlip(PageStep):
    """A signed slip; an account that replaces one in use waits for a second person."""

    step, back, again = SlipsView, "page-person", PersonPage
    secrets: ClassVar[frozenset[str]] = frozenset({"account.number"})

    def body(self, typed: QueryDict) -> QueryDict:
        """Whose the account is always stands in the form; of cash nobody names one."""
        given = super().body(typed)
        if given.get("method") == RegistrationSlip.Method.CASH and not any(given.get(name) for name in ACCOUNT):
            given.pop(HOLDER_KIND, None)
        return given

    def said(self, data: Any) -> str:
        if data["change_id"]:
            return "Đã ghi phiếu; tài khoản mới chờ người thứ hai duyệt, trong lúc đó tiền vẫn trả như cũ."
        return "Đã ghi phiếu đăng ký."


@method_decorator(sensitive_post_parameters("identity_number", "phone"), name="dispatch")
class RecordPayee(PageStep):
    """Who receives for the person, and by which paper."""

    step, back, again = PayeesView, "page-person", PersonPage
    secrets: ClassVar[frozenset[str]] = frozenset({"identity_number", "phone"})
    done = "Đã ghi người nhận thay; mời tải lên bản quét giấy tờ."


class OfPerson:
    """A step about a slip or payee, on the page of the person."""

    back = "page-person"

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"beneficiary_id": address["beneficiary_id"]}

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in address.items() if name != "beneficiary_id"}


class EndPayee(OfPerson, PageStep):
    """The relation holds no longer from a day on."""

    step = EndPayeeView
    done = "Đã ghi chấm dứt việc nhận thay."


class SendSlipScan(OfPerson, FileStep):
    """The scanned slip, kept sealed."""

    step, most_bytes = SlipScanView, MAX_SCAN_BYTES
    done = "Đã lưu bản quét của phiếu."


class SendPayeePaper(OfPerson, FileStep):
    """The scanned power of attorney, kept sealed."""

    step, most_bytes = PayeePaperView, MAX_SCAN_BYTES
    done = "Đã lưu bản quét giấy tờ."


class ChangesPage(Page):
    """Changes of account: those that wait for a second person, and papers that run out."""

    template_name = "beneficiaries/account_changes.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        changes = self.ask(ChangesView, query=given)
        labels = dict(ChangeStatus.choices)
        return {
            "changes": changes,
            "rows": [row | {"status_label": labels[row["status"]]} for row in changes["results"]],
            "papers": self.ask(PapersView, query={"limit": 50}),
            "may_decide": isinstance(actor, User) and may(actor, Right.APPROVE_ACCOUNT_CHANGE),
            "pending": ChangeStatus.PENDING.value,
        }


class DecideChange(PageStep):
    """The second person's yes."""

    step: type[APIView] = ApproveChangeView
    back = "page-account-changes"
    done = "Đã duyệt đổi tài khoản; tài khoản mới được dùng sau thời gian chờ."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class RefuseChange(DecideChange):
    """The second person's no."""

    step = RefuseChangeView
    done = "Đã ghi không duyệt; tài khoản cũ vẫn được dùng."


class StopLookingUp(PageStep):
    """The person wants nobody to ask by code."""

    step, back = LookupOffView, "page-person"
    done = "Đã tắt tra cứu: mã trên phiếu không còn dùng được."
