"""The inspector's log: what they opened, to themselves and to the province; who may look, where and until when."""

from typing import Any

from django.utils import timezone

from staff.api.page_readings import PageReadingsView
from staff.models import User
from staff.pages.base import Page
from staff.services.page_readings import inspectors_for
from staff.services.role_assignments import last_day_of

# What stands first in an address, in the words of the menu.
PLACES = {
    "": "Trang đầu", "api": "Phần mềm kết nối", "bao-cao": "Báo cáo", "bao-tu": "Báo tử, mai táng", "chat-luong": "Chất lượng", "chenh-lech": "Chênh lệch",
    "chi-mot-lan": "Quà, chi một lần", "chuyen-den": "Chuyển đến", "danh-sach": "Danh sách chi trả", "doi-tai-khoan": "Tài khoản", "du-toan": "Dự toán",
    "giay-to": "Giấy tờ đã lưu", "ho-so": "Hồ sơ hưởng", "in-an": "In ấn", "khoa-ky": "Khóa kỳ", "khop-so": "Bảng khớp số", "kiem-tra": "Kiểm tra giấy tờ",
    "kinh-phi": "Kinh phí", "lap-danh-sach": "Lập danh sách", "mai-tang": "Báo tử, mai táng", "mau-kiem-tra": "Mẫu kiểm tra", "nguoi-huong": "Người hưởng",
    "nhat-ky-mo": "Nhật ký mở xem", "phieu": "Phiếu đăng ký", "sao-ke": "Sao kê", "so-lieu": "Số liệu",
    "so-voi-excel": "So với Excel", "sua-ho-so": "Sửa hồ sơ",
    "tam-ngung-chi": "Tạm ngừng chi", "thanh-tra": "Câu hỏi thanh tra", "thay-doi": "Tài khoản chi, quy định ký", "thu-hoi": "Thu hồi",
    "dang-nhap": "Đăng nhập", "toi": "Tài khoản của tôi", "tra-soat": "Tra soát", "uy-quyen-ky": "Ủy quyền ký", "viec": "Việc cần xử lý",
    "xuat-du-lieu": "Xuất dữ liệu",
}  # fmt: skip
SHOWN = 50


class PageReadingsPage(Page):
    """The newest first; `?reader=` for one inspector."""

    template_name = "staff/page_readings.html"

    def content(self, **address: Any) -> dict[str, Any]:
        actor, today = self.request.user, timezone.localdate()
        asked = {name: self.request.GET[name] for name in ("reader", "offset") if self.request.GET.get(name)}
        readings = self.ask(PageReadingsView, query={"limit": SHOWN} | asked)
        assert isinstance(actor, User)
        inspectors = inspectors_for(actor)
        return {
            "readings": readings | {"results": [row | _said(row) for row in readings["results"]]},
            "inspectors": [(one, last_day_of(one, on=today)) for one in inspectors],
            "asked": asked.get("reader", ""),
            "today": today,
        }


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """The place in words, and whether anything was shown."""
    first = row["path"].strip("/").partition("/")[0]
    return {"place": PLACES.get(first, ""), "shown": row["status"] < 400}
