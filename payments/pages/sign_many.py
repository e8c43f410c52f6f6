"""Many lists signed with one confirmation: choose, read the totals and the digests, sign; each list for itself, the refused ones in words."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from payments.api.batches import BatchesView, BatchView
from payments.api.signing import SignManyView
from payments.api.signing_shapes import MANY
from payments.api.signing_work import AwaitingView
from payments.models import Signature
from payments.pages.lists import SIGNING
from payments.services.lists.conflicts import conflicts_of
from payments.services.signing.freeze import frozen_lists
from payments.states import SIGNED_AT, Channel, Step
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.kept import kept_result, show_later

SIGNED = "signed-lists"
NAMED_BY = ("month", "paying_unit", "programme", "total", "budget_source")
CHANNELS = dict(Channel.choices)


class SignManyPage(Page):
    """Lists that wait for my signature, by step; of those chosen (`?step=&list=`) what would be signed; after signing what became of each."""

    template_name = "payments/sign_many.html"

    def content(self, **address: Any) -> dict[str, Any]:
        waiting = self.ask(AwaitingView, query={"limit": MANY})["results"]
        mine = [row for row in waiting if row["mine"] and not row["slip"]]
        asked, wanted = self.request.GET.get("step", ""), set(self.request.GET.getlist("list"))
        chosen = self._to_confirm([row for row in mine if row["step"] == asked and str(row["batch"]) in wanted])
        rows = [] if chosen else self._to_choose(mine)
        of_steps = [(step, [row for row in rows if row["step"] == step]) for step in Step]
        return {
            "steps": [{"step": step.value, "label": step.label, "rows": found} for step, found in of_steps if found],
            "chosen": chosen,
            "step": asked,
            "frozen": _once(freeze for one in chosen for freeze in one["frozen"]),
            "releasing": asked == Step.RELEASER,
            "button": SIGNING[Step(asked)][0] if chosen else "",
            "sum": {key: sum(one["total"][key] for one in chosen) for key in ("people", "amount")},
            "doubtful": sum(1 for one in chosen if one["to_mend"] or one["unanswered"]),
        } | kept_result(self.request, purpose=SIGNED)

    def _to_choose(self, mine: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With their totals: one question for each status lists wait in."""
        shown: dict[int, dict[str, Any]] = {}
        for status in {SIGNED_AT[Step(row["step"])][0] for row in mine}:
            for offset in range(0, 5 * MANY, MANY):
                lists = self.ask(BatchesView, query={"status": status, "limit": MANY, "offset": offset})["results"]
                shown |= {one["id"]: one for one in lists}
                if len(lists) < MANY:
                    break
        return self._with_doubts([row | _named(shown[row["batch"]]) for row in mine if row["batch"] in shown])

    def _to_confirm(self, chosen: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With the digest each is to be signed over."""
        shown = [(row, self.ask(BatchView, query={}, batch_id=row["batch"])) for row in chosen]
        return self._with_doubts(
            [row | _named(one) | {"digest": one["digest"], "frozen": one["frozen"]} for row, one in shown]
        )

    def _with_doubts(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """How many faults to mend, warnings nobody answered, and warnings let stand each has, and whether a freeze holds it."""
        found = conflicts_of(batch_ids=[row["batch"] for row in rows]) if rows else []
        to_mend = Counter(one.batch_id for one in found if one.hard)
        answered = Counter(one.batch_id for one in found if not one.open)
        unanswered = Counter(one.batch_id for one in found if one.open and not one.hard)
        counts = {"to_mend": to_mend, "answered": answered, "unanswered": unanswered, "held": self._held(rows)}
        return [row | {name: count[row["batch"]] for name, count in counts.items()} for row in rows]

    def _held(self, rows: list[dict[str, Any]]) -> Counter[int]:
        """Lists whose release waits for a freeze to be lifted."""
        to_release = [row["batch"] for row in rows if row["step"] == Step.RELEASER]
        return Counter(frozen_lists().filter(pk__in=to_release).values_list("pk", flat=True))


class SignMany(PageStep):
    """Sign those that were confirmed, each over the digest that was shown; one refused holds no other up.

    Pressed twice, what the first press signed counts as signed.
    """

    step, back, again = SignManyView, "page-sign-many", SignManyPage

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        step = Step(str(self.request.POST["step"]))
        by_me = Signature.objects.filter(signer=self._signer(), step=step, batch__in=[one["batch"] for one in data])
        digests = dict(by_me.order_by("revision").values_list("batch_id", "digest"))
        read = {one["batch"]: self.request.POST.get(f"digests.{one['batch']}") for one in data}
        named = [one | _named(self.read(BatchView, batch_id=one["batch"])) for one in data]
        stands = {pk for pk, digest in digests.items() if digest == read[pk]}
        result = {
            "results": {
                "signed": [one for one in named if one["signed"] or one["batch"] in stands],
                "left": [one for one in named if not one["signed"] and one["batch"] not in stands],
            },
            "at_step": step.label,
        }
        return show_later(self.request, page=reverse(self.back), purpose=SIGNED, result=result)

    def _signer(self) -> User | None:
        return self.request.user if isinstance(self.request.user, User) else None


def _once(freezes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """A freeze that holds several of the lists is said once."""
    return list({(one["unit"], one["began_at"], one["reason"]): one for one in freezes}.values())


def _named(shown: dict[str, Any]) -> dict[str, Any]:
    """What tells one list from another."""
    return {key: shown[key] for key in NAMED_BY} | {"channel": CHANNELS[shown["channel"]]}
