"""The month's steps in their order, of them those of whoever looks, each with how much waits there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from beneficiaries.api.cases import CaseCountsView
from beneficiaries.api.persons import ArrivalsView
from payments.api.contradictions import ContradictedView
from payments.api.life_work import NoticesView
from payments.api.unknown_outcomes import UnknownOutcomesView
from reconciliation.api.discrepancies import AgeingView
from staff.models import User
from staff.pages import Page
from staff.rights import Right, may


@dataclass(frozen=True)
class MonthStep:
    """One step: where it is done, and how much waits there; None where nothing is counted."""

    label: str
    address: str
    waits: int | None


def steps_of(page: Page, actor: User, *, to_sign: int, reports: int | None) -> list[MonthStep]:
    """What the role does in a month, in the month's order; asked of the API in the actor's name."""

    def count(view: Any) -> Callable[[], int]:
        return lambda: (page.ask_if_allowed(view, query={"limit": 1}) or {"count": 0})["count"]

    def to_settle() -> int:
        return count(UnknownOutcomesView)() + count(ContradictedView)()

    def open_cases() -> int:
        return int((page.ask_if_allowed(CaseCountsView, query={}) or {"live": 0})["live"])

    def differences() -> int:
        return sum(row["total"] for row in page.ask_if_allowed(AgeingView, query={}) or [])

    wanted: list[tuple[Right, str, str, Callable[[], int] | None]] = [
        (Right.IMPORT_REGISTRY, "Nạp danh sách của xã", "page-registry", None),
        (Right.DECIDE_CASE, "Việc cần xử lý trong địa bàn", "page-cases", open_cases),
        (Right.DECIDE_CASE, "Tin báo tử chờ xác minh", "page-deaths", count(NoticesView)),
        (Right.RECORD_DECISION, "Hồ sơ chuyển đến chờ tiếp nhận", "page-arrivals", count(ArrivalsView)),
        (Right.APPROVE_ACCOUNT_CHANGE, "Duyệt đổi tài khoản", "page-account-changes", None),
        (Right.BUILD_LIST, "Tính thử, lập danh sách tháng", "page-build", None),
        (Right.RECORD_TOP_UP, "Ghi nhận cấp kinh phí", "page-funding", None),
    ]
    steps = [_step(*one) for one in wanted if may(actor, one[0])]
    if may(actor, Right.SEE_LISTS):
        steps.append(MonthStep("Danh sách, phiếu chờ tôi ký", "#ky", to_sign))
    after: list[tuple[Right, str, str, Callable[[], int] | None]] = [
        (Right.SETTLE_UNKNOWN, "Khoản chi chờ tra soát, kết luận", "page-unknowns", to_settle),
        (Right.RECONCILE, "Nạp sao kê", "page-statements", None),
        (Right.SEE_RECONCILIATION, "Chênh lệch chưa xử lý", "page-differences", differences),
        (Right.SEE_RECONCILIATION, "Khóa kỳ", "page-periods", None),
    ]
    steps += [_step(*one) for one in after if may(actor, one[0])]
    if reports is not None:
        steps.append(MonthStep("Báo cáo chờ tôi ký", "#bao-cao" if reports else reverse("page-reports"), reports))
    return steps


def _step(right: Right, label: str, name: str, count: Callable[[], int] | None) -> MonthStep:
    return MonthStep(label, reverse(name), count() if count else None)
