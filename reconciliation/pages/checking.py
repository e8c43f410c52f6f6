"""The proof of a month and the differences with the statement, one by one."""

from datetime import date
from typing import Any

from reconciliation.api.discrepancies import (
    AcceptAnswerView,
    AgeingView,
    AskBankView,
    BookView,
    DeclineWriteOffView,
    DiscrepanciesView,
    DiscrepancyView,
    LinkView,
    NoteView,
    ProposeWriteOffView,
    ReopenView,
    SignWriteOffView,
)
from reconciliation.api.proof import ProofView
from reconciliation.models import Discrepancy
from staff.models import User
from staff.pages import Page, PageStep
from staff.rights import Right, may


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
            "total": {key: sum(line[key] for line in proof["lines"]) for key in ("people", "amount")},
        }


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
        actor = self.request.user
        reconciles = isinstance(actor, User) and may(actor, Right.RECONCILE)
        signs = isinstance(actor, User) and may(actor, Right.SIGN_WRITE_OFF)
        is_open = item["status"] == Discrepancy.Status.OPEN
        return {
            "item": item,
            "status": dict(Discrepancy.Status.choices)[item["status"]],
            "may_act": reconciles and is_open,
            "may_reopen": reconciles and not is_open,
            "may_sign": signs and is_open and item["write_off_by"],
        }


class DifferenceStep(PageStep):
    """A step of one difference."""

    back = "page-difference"


STEPS: dict[str, tuple[type[Any], str]] = {
    "ghi-chu": (NoteView, "Đã ghi chú."),
    "tra-soat": (AskBankView, "Đã ghi việc tra soát ngân hàng."),
    "tra-loi": (AcceptAnswerView, "Đã ghi trả lời của ngân hàng."),
    "noi": (LinkView, "Đã nối với khoản chi."),
    "but-toan": (BookView, "Đã ghi bút toán."),
    "de-nghi": (ProposeWriteOffView, "Đã đề nghị xử lý theo quyết định, chờ người thứ hai ký."),
    "ky": (SignWriteOffView, "Đã ký xử lý theo quyết định."),
    "khong-dong-y": (DeclineWriteOffView, "Đã ghi: không đồng ý."),
    "mo-lai": (ReopenView, "Đã mở lại."),
}
