"""Changes of settings money hangs on: proposed on a page by one, put in force on it by another in another role."""

from typing import Any, ClassVar

from django.http import QueryDict

from payments.api.funding import CloseAccountView, FundingAccountsView
from payments.api.setting_changes import AcceptChangeView, DeclineChangeView, SettingChangesView, SigningRulesView
from payments.models import SettingChange
from payments.states import ALWAYS_SIGN, Step
from staff.models import Role, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.pages.typed import read_typed
from staff.pages.wording import Fault
from staff.rights import Right, may

Kind = SettingChange.Kind
RIGHT_OF = {
    Kind.OPEN_ACCOUNT: Right.KEEP_FUNDING,
    Kind.CLOSE_ACCOUNT: Right.KEEP_FUNDING,
    Kind.SIGNING_RULE: Right.SET_SIGNING_RULES,
}


class SettingChangesPage(Page):
    """What waits for a second person first; the rules in force; forms to propose."""

    template_name = "payments/setting_changes.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor = self.request.user
        if not isinstance(actor, User):
            return {}
        changes = self.ask(SettingChangesView)
        accounts = self.ask_if_allowed(FundingAccountsView, query={"limit": 200}) or {"results": []}
        return {
            "changes": changes,
            "rows": [self._readable(row, actor) for row in changes["results"]],
            "rules": self.ask(SigningRulesView, query={"limit": 50})["results"],
            "accounts": [one for one in accounts["results"] if not one["closed_at"]],
            "units": units_below(actor),
            "steps": [(step.value, step.label) for step in Step],
            "always": [step.value for step in ALWAYS_SIGN],
            "may_keep": may(actor, Right.KEEP_FUNDING),
            "may_rule": may(actor, Right.SET_SIGNING_RULES),
        }

    def _readable(self, row: dict[str, Any], actor: User) -> dict[str, Any]:
        """With what is proposed in words; a step's label for its code, and whose turn it is."""
        said, waits = row["said"], row["accepted"] is None
        able = waits and may(actor, RIGHT_OF[Kind(row["kind"])])
        own = actor.full_name == row["proposed_by"] and actor.role == row["proposed_role"]
        return row | {
            "role_label": dict(Role.choices)[row["proposed_role"]],
            "step_label": dict(Step.choices).get(said.get("step", ""), ""),
            "waits": waits,
            "may_accept": able and actor.role != row["proposed_role"],
            "may_decline": able,
            "own": own,
        }


class _OfAll(PageStep):
    """A step whose page is the one of all changes."""

    back, again = "page-setting-changes", SettingChangesPage
    done = "Đã đề nghị; có hiệu lực khi người ở vai trò khác xác nhận."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class _WithDocument(_OfAll):
    """A proposal whose form is not the first on the page with a document."""

    document: ClassVar[str]

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """To its own field."""
        found = super().faults(said, address)
        return [Fault(self.document, one.sentence) if one.field == "document" else one for one in found]


class ProposeAccount(_OfAll):
    """A funding account to open."""

    step = FundingAccountsView


class ProposeClosing(_WithDocument):
    """One to close; the account stands in the form."""

    step, document, own = CloseAccountView, "close-document", ("account",)

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"account": self.not_sent.get("account") or "-"}


class ProposeRule(_WithDocument):
    """Who signs from which sum on."""

    step, document = SigningRulesView, "rule-document"

    def body(self, typed: QueryDict) -> QueryDict:
        """The sum as people write it."""
        given = super().body(typed)
        read_typed(given, amounts=("from_amount",))
        return given


class Accept(_OfAll):
    """The second person's yes: in force at once."""

    step = AcceptChangeView
    done = "Đã xác nhận; thay đổi có hiệu lực."


class Decline(_OfAll):
    """No, or taken back by whoever proposed it."""

    step = DeclineChangeView
    done = "Đã ghi: không chấp nhận; không có gì thay đổi."
