"""Refusals about PDFs for which the file is not to blame."""

from staff.errors import SystemBusy


class PdfNotRead(SystemBusy):
    """Not for the file: whoever reads strangers' PDFs could not begin."""

    code = "PDF_NOT_READ"
    sentence = "Máy chủ đang bận, chưa đọc được tệp PDF này; chưa ghi gì. Mời gửi lại sau vài phút; nếu vẫn vậy, mời báo cán bộ kỹ thuật."
