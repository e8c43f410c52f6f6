"""Old decisions nobody is named to have signed: by commune, who waits for a second person, and one decision with its proposals."""

from typing import Any

from beneficiaries.api.decision_signers import (
    ConfirmSignerView,
    DecisionSignerView,
    DecisionsWithoutSignerView,
    RefuseSignerView,
    UnitsWithoutSignerView,
    WithdrawSignerView,
)
from beneficiaries.models import SuppliedSigner
from staff.models import User
from staff.pages import OneOfForms, Page, PageStep
from staff.rights import Right, may

MOST_UNITS = 200


class SignersPage(Page):
    """How many of each commune, and those of the one that is looked at."""

    template_name = "beneficiaries/signers.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "units": self.ask(UnitsWithoutSignerView, query={"limit": MOST_UNITS}),
            "decisions": self.ask(DecisionsWithoutSignerView, query=given),
            "given": given,
        }


class DecisionSignerPage(Page):
    """One decision: who signed it, the form to say so, and what was said before."""

    template_name = "beneficiaries/signer.html"

    def content(self, **address: Any) -> dict[str, Any]:
        decision = self.ask(DecisionSignerView, decision_id=address["decision_id"])
        actor = self.request.user if isinstance(self.request.user, User) else None
        waiting = next((one for one in decision["supplied"] if one["status"] == "PROPOSED"), None)
        own = waiting is not None and SuppliedSigner.objects.filter(pk=waiting["id"], proposed_by=actor).exists()
        records = actor is not None and may(actor, Right.RECORD_DECISION)
        return {
            "one": decision,
            "waiting": waiting,
            "may_propose": records and waiting is None and not decision["names_signer"],
            "may_decide": waiting is not None
            and not own
            and actor is not None
            and may(actor, Right.CONFIRM_CORRECTION),
            "may_withdraw": own and records,
        }


class ProposeSigner(PageStep):
    """Put before a second person."""

    step, back, again = DecisionSignerView, "page-decision-signer", DecisionSignerPage
    done = "Đã ghi đề nghị; người ký chỉ được bổ sung khi người thứ hai xem bản giấy và xác nhận."

    def said(self, data: Any) -> str:
        others = len(data["same_paper"])
        return f"{self.done} Kể cả {others} hồ sơ khác cùng quyết định." if others else self.done


SHOWN_BY = {"xac-nhan": "may_decide", "khong-chap-nhan": "may_decide", "rut": "may_withdraw"}


class DecideSigner(OneOfForms):
    """A step of the proposal that waits."""

    back, again = "page-decision-signer", DecisionSignerPage
    shown_by = SHOWN_BY


STEPS: dict[str, tuple[type[Any], str]] = {
    "xac-nhan": (ConfirmSignerView, "Đã xác nhận người ký."),
    "khong-chap-nhan": (RefuseSignerView, "Đã ghi: không chấp nhận."),
    "rut": (WithdrawSignerView, "Đã rút đề nghị."),
}
