"""The menu of every page: the month's work in its order, and of it what the person may see, by the one table of rights."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from payments.services.office_files import WAYS
from reconciliation.pages.steps import SIGNING
from staff.models import AdministrativeUnit, User
from staff.pages.places import other_places
from staff.rights import Right, may

FILES = tuple({way.right: None for way in WAYS.values()})


@dataclass(frozen=True)
class Entry:
    """One link. Shown to whoever has one of `rights`; `also`: where pages of it stand beside those below its own address; `at`: the
    kind of unit it is about."""

    label: str
    name: str
    rights: tuple[Right, ...]
    also: str = ""
    at: str = ""


# The groups in the order a month is worked: people, then lists, then the bank's word, then what is told to others.
GROUPS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Người hưởng",
        (
            Entry("Tìm người", "page-people", (Right.SEE_PERSONS,), also="/ho-so/"),
            Entry("Tìm trong dân cư", "page-residents", (Right.FIND_RESIDENTS,)),
            Entry("Nạp danh sách", "page-registry", (Right.IMPORT_REGISTRY,)),
            Entry("Việc cần xử lý", "page-cases", (Right.SEE_CASES,)),
            Entry("Sửa hồ sơ", "page-corrections", (Right.SEE_PERSONS,)),
            Entry("Đối khớp", "page-matching", (Right.MATCH,)),
            Entry("Mẫu kiểm tra", "page-audits", (Right.DRAW_AUDIT, Right.ANSWER_AUDIT)),
            Entry("Mô hình đối khớp", "page-models", (Right.TRAIN_MATCHING, Right.ADOPT_MATCHING)),
            Entry("Xác minh", "page-enquiries", (Right.ASK_IDENTITY,)),
            Entry("Tài khoản", "page-account-changes", (Right.SEE_ACCOUNTS,)),
            Entry("Mở tài khoản", "page-openings", (Right.REQUEST_ACCOUNTS, Right.MANAGE_ACCOUNTS)),
            Entry("Phiếu tra cứu", "page-lookup-slips", (Right.MANAGE_ACCOUNTS,)),
            Entry("Nạp tệp", "page-files", FILES),
            Entry("Chuyển đến", "page-arrivals", (Right.SEE_PERSONS,)),
            Entry("Báo tử, mai táng", "page-deaths", (Right.SEE_PERSONS,), also="/mai-tang/"),
            Entry("Chất lượng", "page-quality", (Right.SEE_REPORTS, Right.SIGN_OFF_DATA)),
            Entry("Bàn giao", "page-handovers", (Right.TRANSFER_WORK,)),
        ),
    ),
    (
        "Chi trả",
        (
            Entry("Lập danh sách", "page-build", (Right.BUILD_LIST,)),
            Entry("Quà, chi một lần", "page-grants", (Right.SEE_LISTS,)),
            Entry("Danh sách chi trả", "page-lists", (Right.SEE_LISTS,)),
            Entry("So với Excel", "page-compare", (Right.SEE_LISTS,)),
            Entry("Ký nhiều danh sách", "page-sign-many", SIGNING),
            Entry("Kinh phí", "page-funding", (Right.SEE_RECONCILIATION,)),
            Entry("Dự toán", "page-estimates", (Right.SEE_RECONCILIATION,)),
            Entry("Thu hồi", "page-recoveries", (Right.SEE_LISTS,)),
            Entry("Tra soát", "page-unknowns", (Right.SEE_LISTS,)),
            Entry("Tạm ngừng chi", "page-freezes", (Right.SEE_LISTS,)),
            Entry("Ủy quyền ký", "page-delegations", (Right.SEE_LISTS,)),
            Entry("Tài khoản chi, quy định ký", "page-setting-changes", (Right.SEE_LISTS,)),
        ),
    ),
    (
        "Đối chiếu",
        (
            Entry("Sao kê", "page-statements", (Right.SEE_RECONCILIATION,)),
            Entry("Chênh lệch", "page-differences", (Right.SEE_RECONCILIATION,)),
            Entry("Khóa kỳ", "page-periods", (Right.SEE_RECONCILIATION,)),
        ),
    ),
    (
        "Báo cáo",
        (
            Entry("Số liệu", "page-figures", (Right.SEE_REPORTS,)),
            Entry("Báo cáo", "page-reports", (Right.SEE_REPORTS,)),
            Entry("In ấn", "page-papers", (Right.SEE_LISTS,)),
            Entry("Câu hỏi thanh tra", "page-questions", (Right.SEE_ANSWERS,)),
            Entry("Người chấp hành án", "page-prison-lists", (Right.IMPORT_REGISTRY, Right.SEE_ANSWERS)),
            Entry("Kiểm tra giấy tờ", "page-verifying", (Right.SEE_REPORTS,)),
            Entry(
                "Xuất dữ liệu",
                "page-exports",
                (Right.ORDER_EXPORT, Right.APPROVE_EXPORT),
                at=AdministrativeUnit.Kind.PROVINCE,
            ),
            Entry(
                "Xóa dữ liệu quá hạn",
                "page-erasures",
                (Right.ORDER_ERASURE, Right.APPROVE_ERASURE),
                at=AdministrativeUnit.Kind.PROVINCE,
            ),
            Entry("Nhật ký mở xem", "page-page-readings", (Right.SEE_HISTORY, Right.ASSIGN_ROLES)),
        ),
    ),
)


@dataclass(frozen=True)
class Link:
    """A link as it stands on the page; `here`: the page one is on, or one below it."""

    label: str
    address: str
    here: bool


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`menu`: one's work and the groups one may see, each leading to its first entry; `entries`: those of the group one is in.

    `other_places` is asked only by a page that leads to one.
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    home = reverse("start")
    menu, entries = [Link("Việc của tôi", home, request.path == home)], list[Link]()
    for label, group in GROUPS:
        links = [_link(entry, request.path) for entry in group if _is_for(user, entry)]
        if not links:
            continue
        inside = any(link.here for link in links)
        menu.append(Link(label, links[0].address, inside))
        entries = links if inside else entries
    return {"menu": menu, "entries": entries, "other_places": partial(other_places, request)}


def training(request: HttpRequest) -> dict[str, bool]:
    """`training_copy`: whether the people of this installation exist."""
    return {"training_copy": settings.TRAINING_COPY}


def _is_for(user: User, entry: Entry) -> bool:
    there = not entry.at or (user.unit is not None and user.unit.kind == entry.at)
    return there and any(may(user, right) for right in entry.rights)


def _link(entry: Entry, path: str) -> Link:
    address = reverse(entry.name)
    return Link(entry.label, address, path.startswith((address, entry.also or address)))
