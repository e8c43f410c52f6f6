"""The menu of every page: what the person may see, by the one table of rights."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from payments.services.office_files import WAYS
from staff.models import User
from staff.rights import Right, may

FILES = tuple({way.right: None for way in WAYS.values()})
ENTRIES: list[tuple[str, str, tuple[Right, ...]]] = [
    ("Việc của tôi", "start", ()),
    ("Danh sách chi trả", "page-lists", (Right.SEE_LISTS,)),
    ("Việc cần xử lý", "page-cases", (Right.SEE_CASES,)),
    ("Sửa hồ sơ", "page-corrections", (Right.SEE_PERSONS,)),
    ("Tài khoản", "page-account-changes", (Right.SEE_ACCOUNTS,)),
    ("Báo tử, mai táng", "page-deaths", (Right.SEE_PERSONS,)),
    ("Nạp danh sách", "page-registry", (Right.IMPORT_REGISTRY,)),
    ("Nạp tệp", "page-files", FILES),
    ("Xác minh", "page-enquiries", (Right.ASK_IDENTITY,)),
    ("Sao kê", "page-statements", (Right.SEE_RECONCILIATION,)),
    ("Chênh lệch", "page-differences", (Right.SEE_RECONCILIATION,)),
    ("Số liệu", "page-figures", (Right.SEE_REPORTS,)),
    ("Báo cáo", "page-reports", (Right.SEE_REPORTS,)),
    ("In ấn", "page-papers", (Right.SEE_LISTS,)),
    ("Ủy quyền ký", "page-delegations", (Right.SEE_LISTS,)),
    ("Tạm ngừng chi", "page-freezes", (Right.SEE_LISTS,)),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation`: label, address and whether it is the page one is on."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    open_to = [
        (label, reverse(name))
        for label, name, rights in ENTRIES
        if not rights or any(may(user, right) for right in rights)
    ]
    home = reverse("start")
    return {
        "navigation": [
            (label, address, request.path == address or (address != home and request.path.startswith(address)))
            for label, address in open_to
        ]
    }
