"""The freeze switch, and who signs for whom while somebody is away."""

from typing import Any

from django.utils import timezone

from beneficiaries.models import Programme
from payments.api.delegations import DelegateView, DelegationsView, RevokeDelegationView
from payments.api.freezes import FreezesView, FreezeView, LiftView
from staff.models import Delegation, Role, User
from staff.pages import Page, PageStep
from staff.pages.choices import units_below
from staff.rights import Right, may


class FreezesPage(Page):
    """Where nothing is paid, who said so and why; the switch."""

    template_name = "payments/freezes.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        return {
            "freezes": self.ask(FreezesView, query=given),
            "units": units_below(actor) if isinstance(actor, User) else [],
            "programmes": list(Programme.objects.order_by("code").values_list("code", "name")),
            "may_freeze": isinstance(actor, User) and may(actor, Right.FREEZE),
            "may_lift": isinstance(actor, User) and may(actor, Right.UNFREEZE),
        }


class Freezing(PageStep):
    """Nothing is sent or handed over there from now on."""

    step, back, again = FreezeView, "page-freezes", FreezesPage
    done = "Đã tạm ngừng chi; không danh sách nào được duyệt chi, không khoản nào được gửi đi cho đến khi chủ tài khoản gỡ."


class Lifting(PageStep):
    """The releaser alone."""

    step, back, again, row = LiftView, "page-freezes", FreezesPage, "freeze_id"
    done = "Đã gỡ tạm ngừng chi."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}


class DelegationsPage(Page):
    """Who signs for whom, by which document; one's own signature given to somebody for a time."""

    template_name = "payments/delegations.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        actor = self.request.user
        delegations = self.ask(DelegationsView, query=given)
        delegates = isinstance(actor, User) and may(actor, Right.DELEGATE)
        path = actor.unit.path if isinstance(actor, User) and actor.unit else "-"
        # Whom the database takes: who has this very signature, or one of those a rule adds.
        people = User.objects.filter(
            unit__path__startswith=path,
            is_active=True,
            role__in=(Role.REVIEWER, Role.COSIGNER, getattr(actor, "role", "")),
        ).exclude(username=actor.get_username())
        own = set(Delegation.objects.filter(delegator_id=actor.pk).values_list("pk", flat=True))
        roles = dict(Role.choices)
        today = timezone.localdate().isoformat()
        rows = [
            row
            | {
                "role_label": roles[row["role"]],
                "over": bool(row["revoked_at"]) or row["valid_to"] < today,
                "own": row["id"] in own,
            }
            for row in delegations["results"]
        ]
        return {
            "delegations": delegations,
            "rows": rows,
            "units": units_below(actor) if isinstance(actor, User) else [],
            "forms": Delegation.Form.choices,
            "people": list(people.order_by("full_name", "pk").values_list("username", "full_name", "unit__name")),
            "may_delegate": delegates,
        }


class Delegating(PageStep):
    """One's own signature, to somebody with the same one or with one that a rule adds."""

    step, back, again = DelegateView, "page-delegations", DelegationsPage
    done = "Đã ghi ủy quyền ký."


class Revoking(PageStep):
    """Signatures made until now stand."""

    step, back = RevokeDelegationView, "page-delegations"
    done = "Đã thu hồi ủy quyền ký; chữ ký đã ký vẫn giữ nguyên."

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {}
