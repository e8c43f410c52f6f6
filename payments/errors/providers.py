"""Refusals about providers: their points, forms, money and lists."""

from staff.errors import Refusal


class PointOverlaps(Refusal):
    """The open points that already serve the commune or one of the hamlets, by name."""

    code = "POINT_OVERLAPS"
    sentence = "Thôn, tổ dân phố hoặc xã này đã có điểm chi trả khác của tổ chức; mời sửa điểm cũ trước."


class TemplateUnusable(Refusal):
    """What is wrong: unknown fields, headings or words given twice, and headings that are missing."""

    code = "TEMPLATE_UNUSABLE"
    sentence = "Mẫu danh sách chưa dùng được: cột lạ, tiêu đề hoặc từ bị trùng, hay thiếu cột bắt buộc."


class MoreThanProviderHolds(Refusal):
    code = "MORE_THAN_PROVIDER_HOLDS"
    sentence = "Số tiền lớn hơn số tổ chức chi trả còn giữ (hoặc đã trả lại) của danh sách này; mời kiểm tra lại."


class TransferAlreadyRecorded(Refusal):
    code = "TRANSFER_ALREADY_RECORDED"
    sentence = "Số tham chiếu này đã ghi cho một lần chuyển tiền khác."


class ListWithProvider(Refusal):
    """The ids of the lists are in `conflicts`."""

    code = "LIST_WITH_PROVIDER"
    sentence = "Danh sách đã giao tổ chức chi trả còn người chưa giao; mời xử lý phiếu rút tên trước khi đổi cách gửi."
