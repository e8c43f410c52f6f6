"""Payment lists: all in reach, one with its people, and what may be done about it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from beneficiaries.pages.cases import CaseStep
from payments.api.batches import BatchesView, BatchView
from payments.api.cycles import CyclesView
from payments.api.papers import PapersView, PaperView
from payments.api.payments import BatchPaymentsView
from payments.api.replace_lost import ReplaceLostView
from payments.api.scope import payments_in_reach
from payments.api.signing import ApproveView, CosignView, ReleaseView, ReviewView, SubmitView
from payments.api.signing_work import ConflictsView, SlipsView
from payments.errors import ListHasConflicts, ListHasWarnings
from payments.models import Payment, PaymentBatch, Provider, RemovalSlip
from payments.pages.conflicts import conflicts_in_words
from payments.pages.shut_banks import shut_banks
from payments.services.lists.conflicts import LOST
from payments.services.signing.authority import authority_of
from payments.services.signing.awaiting import Awaiting, awaiting
from payments.services.signing.freeze import frozen_lists
from payments.services.signing.papers import MAX_BYTES
from payments.states import BatchStatus, Channel, PaymentStatus, Step, payment_label
from staff.errors import NotAllowed
from staff.models import User
from staff.pages import FileStep, Page, PageStep
from staff.pages.wording import Fault
from staff.rights import Right, may

# What a step is called on its button, and what is told when it is done.
SIGNING: dict[Step, tuple[str, str]] = {
    Step.MAKER: ("Ký trình", "Đã ký trình danh sách."),
    Step.REVIEWER: ("Ký soát", "Đã ký soát danh sách."),
    Step.CHECKER: ("Ký kiểm soát", "Đã ký kiểm soát danh sách."),
    Step.COSIGNER: ("Ký bổ sung", "Đã ký bổ sung danh sách."),
    Step.RELEASER: ("Duyệt chi", "Đã duyệt chi; tiền được gửi đến ngân hàng ngay bây giờ."),
}
VIEWS = {
    Step.MAKER: SubmitView,
    Step.REVIEWER: ReviewView,
    Step.CHECKER: ApproveView,
    Step.COSIGNER: CosignView,
    Step.RELEASER: ReleaseView,
}


class ListsPage(Page):
    """Lists in reach, newest month first; filters stand in the address."""

    template_name = "payments/lists.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "lists": self.ask(BatchesView, query=given),
            "cycles": self.ask(CyclesView, query={})["results"],
            "statuses": BatchStatus.choices,
            "channels": Channel.choices,
            "given": given,
        }


class ListPage(Page):
    """One list: how far it has come, who signed, what stands against it, everybody on it, and the buttons of whoever looks at it."""

    template_name = "payments/list.html"

    def content(self, **address: Any) -> dict[str, Any]:
        batch_id: int = address["batch_id"]
        shown = self.ask(BatchView, batch_id=batch_id)
        asked = {name: value for name, value in self.request.GET.items() if value}
        read = asked.pop("read", "") or shown["digest"]  # of the first page that was opened, carried to the next ones
        conflicts = self.ask_if_allowed(ConflictsView, batch_id=batch_id) if shown["whole"] else None
        labels = {code: payment_label(code, channel=shown["channel"]) for code in PaymentStatus.values}
        return {
            "list": shown,
            "channel": Channel(shown["channel"]).label,
            "progress": [row | {"label": labels[row["status"]]} for row in shown["progress"]],
            "payments": self.ask_if_allowed(BatchPaymentsView, query=asked, batch_id=batch_id),
            "shut": self._shut(batch_id) if shown["status"] == BatchStatus.RELEASED else [],
            "conflicts": conflicts,
            "open_warnings": [one for one in conflicts or [] if not one["hard"] and not one["note"]],
            "lost": [one for one in conflicts or [] if one["kind"] in LOST],
            "may_replace": self._may(Right.BUILD_LIST) and shown["status"] == BatchStatus.DRAFT,
            "papers": self.ask_if_allowed(PapersView, batch_id=batch_id) if shown["whole"] else None,
            "statuses": list(labels.items()),
            "given": asked,
            "read": read,
            "changed": bool(shown["digest"]) and read != shown["digest"],
            "next": self._next_step(batch_id) if shown["whole"] else None,
            "slips": self._open_slips(batch_id) if shown["whole"] else [],
            "may_return": self._may(Right.RETURN_FOR_REVISION) and shown["status"] in ("SUBMITTED", "APPROVED"),
            "may_pause": self._may(Right.PAUSE_LIST)
            and shown["status"] == "RELEASED"
            and shown["channel"] == "ACCOUNT",
            "may_hand_over": shown["whole"]
            and self._may(Right.HAND_OVER)
            and shown["channel"] == Channel.CASH
            and shown["status"] == BatchStatus.RELEASED,
            "providers": list(Provider.objects.order_by("name").values_list("code", "name")),
            "may_note": self._may(Right.SUBMIT),
            "may_keep": shown["whole"] and self._may(Right.KEEP_PAPERS),
            "sees_results": shown["whole"] and shown["channel"] == Channel.CASH and self._may(Right.SEE_RECONCILIATION),
        }

    def _shut(self, batch_id: int) -> list[str]:
        """Which banks what waits on the list is waiting for."""
        actor = self.request.user
        return shut_banks(payments_in_reach(actor).filter(batch=batch_id)) if isinstance(actor, User) else []

    def _may(self, right: Right) -> bool:
        return isinstance(self.request.user, User) and may(self.request.user, right)

    def _next_step(self, batch_id: int) -> dict[str, Any] | None:
        """Whose turn it is and since when, and the button of whoever looks, if it is theirs."""
        actor, now = self.request.user, timezone.now()
        waiting = awaiting(batches=PaymentBatch.objects.filter(pk=batch_id), now=now)
        found = next((one for one in waiting if one.slip_id is None), None)
        if found is None or not isinstance(actor, User):
            return None
        button = SIGNING[found.step][0] if _signs(actor, found.step, found.batch, now=now) else ""
        address = reverse(f"page-list-{found.step.lower()}", args=[batch_id])
        return {
            "waiting": found,
            "label": found.step.label,
            "button": button,
            "address": address,
            "waits_for_freeze": found.step is Step.RELEASER and frozen_lists().filter(pk=batch_id).exists(),
        }

    def _open_slips(self, batch_id: int) -> list[dict[str, Any]]:
        """Slips of this list that still wait for a signature: whose, and whether it is one of whoever looks."""
        actor, now = self.request.user, timezone.now()
        open_steps: dict[int, list[Awaiting]] = {}
        for one in awaiting(batches=PaymentBatch.objects.filter(pk=batch_id), now=now):
            if one.slip_id is not None:
                open_steps.setdefault(one.slip_id, []).append(one)
        if not open_steps or not isinstance(actor, User):
            return []
        answer = self.ask_if_allowed(SlipsView, query={"batch": batch_id, "limit": 200}) or {"results": []}
        return [
            slip
            | {
                "steps": [(one.step.label, one.people, one.overdue) for one in open_steps[slip["id"]]],
                "button": any(_signs(actor, one.step, one.batch, now=now) for one in open_steps[slip["id"]]),
                "may_refuse": slip["ground"] == RemovalSlip.Ground.REQUESTED,
            }
            for slip in answer["results"]
            if slip["id"] in open_steps
        ]


def _signs(actor: User, step: Step, batch: PaymentBatch, *, now: datetime) -> bool:
    try:
        authority_of(actor=actor, step=step, unit=batch.paying_unit, now=now)
    except NotAllowed:
        return False
    return True


class ListStep(PageStep):
    """A step of one list."""

    back = "page-list"


class ReplaceLost(ListStep):
    """Who lost the account goes on a list of the same month that pays another way."""

    step = ReplaceLostView

    def said(self, data: Any) -> str:
        moved = f"Đã chuyển {data['payments']} người sang danh sách mới, chi vào tài khoản khác hoặc tiền mặt"
        return f"{moved}; mời ký trình danh sách mới, và danh sách cũ nếu còn người."


class Signing(ListStep):
    """A signature; whose word sends money says by which way it goes. What stands against it leads to each payment."""

    again = ListPage

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """Conflicts in words, each with the payment it is about; anything else as everywhere."""
        if said["code"] not in (ListHasConflicts.code, ListHasWarnings.code):
            return super().faults(said, address)
        actor = self.request.user
        reach = payments_in_reach(actor) if isinstance(actor, User) else Payment.objects.none()
        return conflicts_in_words(said["conflicts"], reach=reach)

    def said(self, data: Any) -> str:
        if self.step is ReleaseView and data["channel"] == Channel.CASH:
            return "Đã duyệt chi danh sách tiền mặt; giao danh sách cho tổ chức dịch vụ chi trả."
        return super().said(data)


class SlipStep(ListStep):
    """A step of one removal slip, on the page of its list."""

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"slip_id": address["slip_id"]}

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        return {"batch_id": address["batch_id"]}


class SendSignedList(FileStep):
    """The list as it was signed by hand or digitally; the digital one must be this very list."""

    step, back, most_bytes = PaperView, "page-list", MAX_BYTES
    done = "Đã lưu bản đã ký của danh sách."


class CaseOffer(CaseStep):
    """A step of a case about a payment the bank refused."""


def signing(step: Step) -> Any:
    """The address that signs at `step`."""
    return Signing.as_view(step=VIEWS[step], done=SIGNING[step][1])
