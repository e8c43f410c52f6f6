"""The proof of a month and the differences with the statement, one by one."""

from copy import copy
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from rest_framework import status
from rest_framework.response import Response

from reconciliation.api.discrepancies import (
    AcceptAnswerView,
    AgeingView,
    AskBankView,
    AssignView,
    BookView,
    DeclineWriteOffView,
    DiscrepanciesView,
    DiscrepancyView,
    LinkView,
    LookAgainView,
    NoteView,
    ProposeWriteOffView,
    ReopenView,
    SignWriteOffView,
)
from reconciliation.api.proof import ProofView
from reconciliation.models import Discrepancy
from reconciliation.models.discrepancies import PROVIDER_KINDS
from reconciliation.services.differences.difference_words import who_answers
from reconciliation.services.differences.discrepancies import colleagues, ends_by_an_answer
from reconciliation.services.differences.reevaluate import LINE_KINDS
from reconciliation.services.differences.write_off import may_propose, may_sign
from staff.models import User
from staff.pages import Page, PageStep
from staff.pages.wording import Fault
from staff.rights import Right, may

UNKNOWN = "Không tìm thấy khoản chi hoặc người đã nêu; mời kiểm tra lại mã khoản chi."


class ProofPage(Page):
    """Both sides of every figure of a month."""

    template_name = "reconciliation/proof_page.html"

    def content(self, **address: Any) -> dict[str, Any]:
        month: str = address["month"]
        proof = self.ask(ProofView, month=month)
        return {
            "proof": proof,
            "checks": [
                check
                | {"ours": _figure(check["ours"], check["unit"]), "theirs": _figure(check["theirs"], check["unit"])}
                for check in proof["checks"]
            ],
            "differences": _linked(proof),
            "total": {key: sum(line[key] for line in proof["lines"]) for key in ("people", "amount")},
        }


def _linked(proof: dict[str, Any]) -> list[tuple[str, int | None]]:
    """The sentences of what does not hold; those of open differences, the last ones, each with the id its page is found by."""
    ids = [item["id"] for item in proof["discrepancies"]]
    checks = len(proof["differences"]) - len(ids)
    return list(zip(proof["differences"], [*([None] * checks), *ids], strict=True))


def _figure(value: int, unit: str) -> str:
    """A day count of the proof is a date to people."""
    if unit == "ngày":
        return f"{date.fromordinal(value):%d/%m/%Y}" if value else "-"
    return f"{value:,}".replace(",", ".")


class DifferencesPage(Page):
    """Differences in reach, the oldest first, with the ageing table."""

    template_name = "reconciliation/differences.html"

    def content(self, **address: Any) -> dict[str, Any]:
        given = {name: value for name, value in self.request.GET.items() if value}
        return {
            "items": self.ask(DiscrepanciesView, query={"status": Discrepancy.Status.OPEN} | given),
            "ageing": self.ask(AgeingView, query={}),
            "now": timezone.now(),
            "kinds": Discrepancy.Kind.choices,
            "statuses": Discrepancy.Status.choices,
            "given": {"status": Discrepancy.Status.OPEN} | given,
        }


class DifferencePage(Page):
    """One difference: what either side says, what was done, what may be done."""

    template_name = "reconciliation/difference.html"

    def content(self, **address: Any) -> dict[str, Any]:
        discrepancy_id: int = address["discrepancy_id"]
        item = self.ask(DiscrepancyView, discrepancy_id=discrepancy_id)
        kept = Discrepancy.objects.get(pk=discrepancy_id)
        actor = self.request.user
        return {
            "item": item,
            "status": dict(Discrepancy.Status.choices)[item["status"]],
            "of_provider": kept.kind in PROVIDER_KINDS,
            "asked": who_answers(kept),
            **(_offered(kept, actor) if isinstance(actor, User) else {}),
        }


def _offered(item: Discrepancy, actor: User) -> dict[str, Any]:
    """Only what the API would take from the actor now; it has the last word."""
    reconciles, is_open = may(actor, Right.RECONCILE), item.status == Discrepancy.Status.OPEN
    acts = reconciles and is_open
    waits = may(actor, Right.SIGN_WRITE_OFF) and is_open and item.write_off_by_id is not None
    return {
        "may_act": acts,
        "colleagues": [(one.username, _named(one)) for one in colleagues(item)] if acts else [],
        "may_explain": acts and item.line is not None and item.kind in LINE_KINDS,
        "may_accept": acts and ends_by_an_answer(item),
        "may_propose": acts and may_propose(item, actor=actor),
        "may_reopen": reconciles and not is_open and item.ground != Discrepancy.Ground.FOUND_LATER,
        "may_decline": waits,
        "may_sign": waits and may_sign(item, actor=actor),
    }


def _named(one: User) -> str:
    return f"{one.full_name}, {one.unit.name}" if one.unit else one.full_name


class DifferenceStep(PageStep):
    """A step of one difference. Refused, it is shown on the page with what was typed in the form it was sent by (`word`)."""

    back, again = "page-difference", DifferencePage
    word: str = ""

    def refused(self, answer: Any, address: dict[str, Any]) -> HttpResponse:
        """What it names and nobody knows, a payment's code, is told on the page; a difference that is not there has none."""
        if answer.status_code == status.HTTP_404_NOT_FOUND and self._is_there(address):
            answer = Response({"sentence": UNKNOWN, "conflicts": []}, status=status.HTTP_409_CONFLICT)
        return super().refused(answer, address)

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """The forms of the page have fields of the same name: the open form says which is meant."""
        return [Fault("", one.sentence) for one in super().faults(said, address)]

    def shown(
        self, page: type[Page], more: dict[str, Any], address: dict[str, Any], *, code: int = status.HTTP_200_OK
    ) -> HttpResponse:
        return super().shown(page, more | {"sent": self.word}, address, code=code)

    def _is_there(self, address: dict[str, Any]) -> bool:
        reading = copy(self.request)
        reading.method = "GET"
        return status.is_success(DiscrepancyView.as_view()(reading, **address).status_code)


STEPS: dict[str, tuple[type[Any], str]] = {
    "giao": (AssignView, "Đã giao xử lý."),
    "ghi-chu": (NoteView, "Đã ghi chú."),
    "tra-soat": (AskBankView, "Đã ghi việc tra soát."),
    "tra-loi": (AcceptAnswerView, "Đã ghi trả lời."),
    "noi": (LinkView, "Đã nối với khoản chi."),
    "do-lai": (LookAgainView, "Đã dò lại: dòng này nay đã khớp."),
    "but-toan": (BookView, "Đã ghi bút toán."),
    "de-nghi": (ProposeWriteOffView, "Đã đề nghị xử lý theo quyết định, chờ người thứ hai ký."),
    "ky": (SignWriteOffView, "Đã ký xử lý theo quyết định."),
    "khong-dong-y": (DeclineWriteOffView, "Đã ghi: không đồng ý."),
    "mo-lai": (ReopenView, "Đã mở lại."),
}
