"""The month's steps in their order, of them those of whoever looks, each with how much waits there and since when."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework.views import APIView

from beneficiaries.api.accounts import ChangesView
from beneficiaries.api.cases import CaseCountsView
from beneficiaries.api.decision_signers import DecisionsWithoutSignerView
from beneficiaries.api.persons import ArrivalsView
from beneficiaries.states import ChangeStatus
from payments.api.batches import BatchesView
from payments.api.contradictions import ContradictedView
from payments.api.corrections import CorrectionsView
from payments.api.life_work import NoticesView
from payments.api.setting_changes import SettingChangesView
from payments.api.unknown_outcomes import UnknownOutcomesView
from payments.models import SettingChange
from payments.pages.setting_changes import RIGHT_OF
from payments.states import BatchStatus, Channel
from reconciliation.api.discrepancies import AgeingView, DiscrepanciesView
from reconciliation.models import Discrepancy
from staff.models import User
from staff.pages import Page
from staff.rights import Right, may

MOST = 200
SIGNING = (Right.SUBMIT, Right.REVIEW, Right.APPROVE, Right.COSIGN, Right.RELEASE)
# What of a page with filters the step is about.
ONLY = {
    (Right.SIGN_WRITE_OFF, "page-differences"): "?proposed=true",
    (Right.RECONCILE, "page-lists"): f"?status={BatchStatus.RELEASED}&channel={Channel.CASH}",
}


@dataclass(frozen=True)
class Waiting:
    """How much waits, and since when the oldest does (a day or a moment as the API writes it; None where nobody notes it)."""

    count: int
    since: str | None = None


@dataclass(frozen=True)
class MonthStep:
    """One step: where it is done, and what waits there; None where nothing is counted."""

    label: str
    address: str
    waits: int | None
    since: str | None = None


@dataclass(frozen=True)
class _Asked:
    """What the API tells whoever looks of the work that waits for them."""

    page: Page
    actor: User

    def _rows(self, view: type[APIView], **query: Any) -> dict[str, Any]:
        empty = {"count": 0, "results": []}
        return self.page.ask_if_allowed(view, query={"limit": MOST} | query) or empty

    def arrivals(self) -> Waiting:
        return Waiting(self._rows(ArrivalsView, limit=1)["count"])

    def notices(self) -> Waiting:
        rows = self._rows(NoticesView, limit=1)
        return Waiting(rows["count"], _oldest(rows["results"], "notice_on"))

    def cases(self) -> Waiting:
        return Waiting(int((self.page.ask_if_allowed(CaseCountsView, query={}) or {"live": 0})["live"]))

    def corrections(self) -> Waiting:
        rows = self._rows(CorrectionsView)
        others = [row for row in rows["results"] if row["proposed_by"] != self.actor.full_name]
        return Waiting(len(others), _oldest(others, "proposed_at"))

    def signers(self) -> Waiting:
        return Waiting(self._rows(DecisionsWithoutSignerView, limit=1, waiting=True)["count"])

    def account_changes(self) -> Waiting:
        pending = [row for row in self._rows(ChangesView)["results"] if row["status"] == ChangeStatus.PENDING]
        return Waiting(len(pending), _oldest(pending, "requested_at"))

    def setting_changes(self) -> Waiting:
        """Those another role proposed, which one may decide."""
        mine = [
            row
            for row in self._rows(SettingChangesView)["results"]
            if row["accepted"] is None
            and row["proposed_role"] != self.actor.role
            and may(self.actor, RIGHT_OF[SettingChange.Kind(row["kind"])])
        ]
        return Waiting(len(mine), _oldest(mine, "proposed_at"))

    def unknown(self) -> Waiting:
        unknown, told = self._rows(UnknownOutcomesView), self._rows(ContradictedView)
        since = [_oldest(unknown["results"], "unknown_since"), _oldest(told["results"], "told_at")]
        return Waiting(unknown["count"] + told["count"], min((one for one in since if one), default=None))

    def cash_lists(self) -> Waiting:
        """Released and not over: results are missing, or money the provider still holds."""
        rows = self._rows(BatchesView, status=BatchStatus.RELEASED.value, channel=Channel.CASH.value)
        return Waiting(rows["count"], _oldest(rows["results"], "status_at"))

    def differences(self) -> Waiting:
        ageing = self.page.ask_if_allowed(AgeingView, query={}) or []
        days = max((row["oldest_days"] for row in ageing if row["total"]), default=None)
        since = None if days is None else f"{timezone.localdate() - timedelta(days=days)}"
        return Waiting(sum(row["total"] for row in ageing), since)

    def write_offs(self) -> Waiting:
        """Proposed by another, waiting for the second signature."""
        rows = self._rows(DiscrepanciesView, status=Discrepancy.Status.OPEN.value, proposed="true")["results"]
        others = [row for row in rows if row["write_off_by"] != self.actor.full_name]
        return Waiting(len(others), _oldest(others, "found_at"))


def _oldest(rows: Iterable[dict[str, Any]], key: str) -> str | None:
    return min((row[key] for row in rows if row[key]), default=None)


def steps_of(page: Page, actor: User, *, to_sign: Waiting, reports: Waiting | None) -> list[MonthStep]:
    """What the role does in a month, in the month's order; asked of the API in the actor's name."""
    asked = _Asked(page, actor)
    wanted: list[tuple[Right, str, str, Callable[[], Waiting] | None]] = [
        (Right.IMPORT_REGISTRY, "Nạp danh sách của xã", "page-registry", None),
        (Right.DECIDE_CASE, "Việc cần xử lý trong địa bàn", "page-cases", asked.cases),
        (Right.CONFIRM_CORRECTION, "Sửa hồ sơ chờ người thứ hai xác nhận", "page-corrections", asked.corrections),
        (Right.CONFIRM_CORRECTION, "Người ký quyết định cũ chờ xác nhận", "page-signers", asked.signers),
        (Right.DECIDE_CASE, "Tin báo tử chờ xác minh", "page-deaths", asked.notices),
        (Right.RECORD_DECISION, "Hồ sơ chuyển đến chờ tiếp nhận", "page-arrivals", asked.arrivals),
        (Right.APPROVE_ACCOUNT_CHANGE, "Duyệt đổi tài khoản", "page-account-changes", asked.account_changes),
        (Right.BUILD_LIST, "Tính thử, lập danh sách tháng", "page-build", None),
        (Right.RECORD_TOP_UP, "Ghi nhận cấp kinh phí", "page-funding", None),
    ]
    steps = [_step(*one) for one in wanted if may(actor, one[0])]
    if to_sign.count or any(may(actor, right) for right in SIGNING):
        steps.append(MonthStep("Danh sách, phiếu chờ tôi ký", "#ky", to_sign.count, to_sign.since))
    after: list[tuple[Right, str, str, Callable[[], Waiting] | None]] = [
        (Right.SETTLE_UNKNOWN, "Khoản chi chờ tra soát, kết luận", "page-unknowns", asked.unknown),
        (Right.RECONCILE, "Danh sách tiền mặt chưa kết thúc", "page-lists", asked.cash_lists),
        (Right.RECONCILE, "Nạp sao kê", "page-statements", None),
        (Right.SEE_RECONCILIATION, "Chênh lệch chưa xử lý", "page-differences", asked.differences),
        (Right.SIGN_WRITE_OFF, "Xử lý chênh lệch chờ người thứ hai ký", "page-differences", asked.write_offs),
        (Right.SEE_RECONCILIATION, "Khóa kỳ", "page-periods", None),
        (Right.KEEP_FUNDING, "Thay đổi tài khoản chi, quy định ký chờ xác nhận", "page-setting-changes", asked.setting_changes),
    ]  # fmt: skip
    steps += [_step(*one) for one in after if may(actor, one[0])]
    if reports is not None and (reports.count or may(actor, Right.SIGN_REPORT)):
        address = "#bao-cao" if reports.count else reverse("page-reports")
        steps.append(MonthStep("Báo cáo chờ tôi ký", address, reports.count, reports.since))
    return steps


def _step(right: Right, label: str, name: str, count: Callable[[], Waiting] | None) -> MonthStep:
    found = count() if count else None
    address = reverse(name) + ONLY.get((right, name), "")
    return MonthStep(label, address, found.count if found else None, found.since if found else None)
