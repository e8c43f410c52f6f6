"""Why not, and what to do: one pair of short sentences per reason, as agreed for citizens' pages, the hotline and letters.

Placeholders: `you` (Ông/Bà, Anh/Chị, gia đình), `months`, `commune` and `bank` (with their kind word), `due` (a date), `phone`, `cash` (how to
collect; empty when no cash list is open). A sentence never names a programme, an illness, a prison or a family matter.
"""

import re
from collections.abc import Sequence
from datetime import date

from beneficiaries.models import Reason
from payments.models import RowNote
from payments.money import format_amount
from payments.states import Channel

WARNING = "Cán bộ không bao giờ hỏi mật khẩu hay mã OTP."
NOT_FOUND = "Không tìm thấy thông tin theo mã và năm sinh này. Mời xem lại cả hai, hoặc gọi {phone}. Sai năm sinh mười lần thì mã tạm khóa một ngày."
CASH = (
    "Kỳ này {you} nhận tiền mặt tại {point} {days}, mang theo thẻ căn cước. Người nhận thay mang thêm giấy ủy quyền. "
    "Nếu khó đi lại, gọi {phone} để được trả tại nhà."
)
POINT = "điểm chi trả của {commune}"
NEXT_PAYMENT = "Kỳ sau (tháng {month}) trả khoảng từ ngày {day}."
NEXT_IS_LATE = "Kỳ sau (tháng {month}) đang chờ lập, duyệt danh sách."  # no day is promised that has passed

PAID = "Tiền {months} ({amount} đồng) đã chuyển vào tài khoản {bank} số cuối {last_four} của {you} ngày {paid_on}."
PAID_NEXT = "{next} Nếu chưa thấy tiền, gọi {phone} để cán bộ tra soát với ngân hàng."
NOT_SEEN_NEXT = "{you} đã báo chưa thấy tiền ngày {asked_on}; cán bộ đang tra soát với {bank}, trả lời trước ngày {answer_by}. {you} chưa phải làm gì."
NOT_SEEN_LATE = "{you} đã báo chưa thấy tiền ngày {asked_on}; cán bộ đang tra soát với {bank}, chưa có trả lời đúng hẹn ({answer_by}). Mời {you} gọi {phone}."
# An answer is the bank's, and stands with the case: what the page knows is that there is one, and that no money has come back since.
SEEN_NEXT = (
    "Đã tra soát với {bank}, trả lời ngày {answered_on}; đến nay chưa ghi nhận khoản này được hoàn trả. Nếu vẫn chưa thấy tiền, mời {you} mang thẻ căn cước "
    "đến UBND {commune} hoặc gọi {phone} để nghe câu trả lời. {next}"
)
PROVIDER = "tổ chức chi trả"
PAID_IN_CASH = "{you} đã nhận tiền {months} ({amount} đồng) bằng tiền mặt ngày {paid_on}."
PAID_IN_CASH_NEXT = "{next} Nếu không đúng, gọi ngay {phone}."
ON_THE_WAY = "Tiền {months} ({amount} đồng) đang được chuyển, dự kiến đến trước ngày {due}."
NOTHING_TO_DO = "{you} chưa phải làm gì. Cần hỏi, gọi {phone}."
SCHEDULED = "Tiền {months} ({amount} đồng) sẽ được trả vào khoảng ngày {since}."
IN_CASH = "Tiền {months} ({amount} đồng) được trả bằng tiền mặt."
LATE = "Tiền {months} ({amount} đồng) chưa trả đúng kỳ, đang chờ duyệt chi."
RETURNED = "Tiền {months} đã chuyển ngày {sent_on}, nhưng ngân hàng trả lại ngày {returned_on} vì {short_reason}."
RETURNED_NEXT = "Tiền vẫn còn. Mời {you} đến UBND {commune} kiểm tra tài khoản; khi tài khoản đúng, tiền sẽ được chuyển lại trước ngày {due}."
STOPPED = "Tiền {months} tạm dừng chuyển để cán bộ kiểm tra lại thông tin nhận tiền."
STOPPED_NEXT = "{you} chưa phải làm gì. Tiền vẫn được giữ cho {you}; UBND {commune} trả lời trước ngày {due}. Cần hỏi, gọi {phone}."
ARRIVED = {Channel.ACCOUNT: (PAID, PAID_NEXT), Channel.CASH: (PAID_IN_CASH, PAID_IN_CASH_NEXT)}

# The ground a clerk chose, never the words beside it.
LEFT: dict[str, tuple[str, str]] = {
    RowNote.Ground.ASKED: (
        "Tiền {months} ({amount} đồng) để trả cùng kỳ sau, theo đề nghị của {you}.",
        "{you} chưa phải làm gì. {next} Nếu {you} không đề nghị như vậy, gọi ngay {phone}.",
    ),
    RowNote.Ground.PAPERS: (
        "Tiền {months} ({amount} đồng) để trả cùng kỳ sau, vì hồ sơ còn thiếu giấy tờ.",
        "Tiền vẫn được giữ cho {you}. Mời {you} hỏi UBND {commune} cần giấy tờ gì và nộp trước kỳ sau, hoặc gọi {phone}. {next}",
    ),
    RowNote.Ground.ACCOUNT: (
        "Tiền {months} ({amount} đồng) để trả cùng kỳ sau, vì tài khoản nhận tiền đang được sửa.",
        "Tiền vẫn được giữ cho {you}. Cần hỏi, gọi {phone} hoặc đến UBND {commune}. {next}",
    ),
    RowNote.Ground.CHECK: (
        "Tiền {months} ({amount} đồng) để trả cùng kỳ sau, để cán bộ kiểm tra lại thông tin nhận tiền.",
        "{you} chưa phải làm gì. Tiền vẫn được giữ cho {you}. {next} Cần hỏi, gọi {phone}.",
    ),
}

SENTENCES: dict[str, tuple[str, str]] = {
    Reason.NO_ACCOUNT: (
        "{you} chưa đăng ký tài khoản nhận trợ cấp, nên tiền {months} được trả bằng tiền mặt.",
        "{cash} Muốn nhận qua tài khoản, {you} đăng ký tại UBND {commune} hoặc trên VNeID, mục An sinh xã hội.",
    ),
    Reason.NAME_MISMATCH: (
        "Tên chủ tài khoản ở {bank} không giống họ tên {you} trong hồ sơ trợ cấp.",
        "Mời {you} mang thẻ căn cước đến UBND {commune} để kiểm tra. Nếu ngân hàng ghi sai, cán bộ sẽ hướng dẫn sửa. {cash}",
    ),
    Reason.INVALID_ACCOUNT: (
        "{bank} báo không có số tài khoản {you} đã đăng ký.",
        "Mời {you} đến UBND {commune} ghi lại số tài khoản, mang theo thẻ căn cước và giấy hoặc ảnh màn hình có số tài khoản. {cash}",
    ),
    Reason.ACCOUNT_CLOSED: (
        "Tài khoản {you} đăng ký ở {bank} đã đóng.",
        "Mời {you} đăng ký tài khoản khác tại UBND {commune} hoặc trên VNeID. Tiền {months} vẫn còn và sẽ được trả lại cho {you}. {cash}",
    ),
    Reason.ACCOUNT_BLOCKED: (
        "Tài khoản của {you} đang không nhận được tiền.",
        "Mời {you} liên hệ {bank}, mang theo thẻ căn cước còn hạn. Tiền {months} vẫn được giữ cho {you}. {cash}",
    ),
    Reason.RETURNED: (
        "Ngân hàng đã trả lại tiền chuyển vào tài khoản của {you}.",
        "Tiền vẫn còn. Mời {you} đến UBND {commune} kiểm tra tài khoản, mang theo thẻ căn cước. {cash}",
    ),
    Reason.DECLINED: (
        "Ngân hàng không nhận khoản tiền này và không nêu lý do.",
        "{you} chưa phải làm gì. Cán bộ đang hỏi ngân hàng, trả lời trước ngày {due}. {cash}",
    ),
    Reason.ACCOUNT_PENDING: ("Tài khoản của {you} đang chờ ngân hàng xác nhận.", "{you} chưa phải làm gì. {cash}"),
    Reason.ACCOUNT_CHANGE_WAITING: (
        "{you} vừa đổi tài khoản. Để giữ an toàn, tài khoản mới được dùng từ kỳ sau, khi hết thời gian chờ.",
        "{cash} Nếu {you} không yêu cầu đổi, gọi ngay {phone}.",
    ),
    Reason.AUTHORISATION_INVALID: (
        "Giấy ủy quyền nhận thay cho {you} chưa có hoặc đã hết hạn.",
        "{cash} Mời {you} và người nhận thay mang thẻ căn cước đến UBND {commune} làm giấy mới. Nếu khó đi lại, gọi {phone} để cán bộ đến nhà.",
    ),
    Reason.CASH_CHOSEN: (
        "Theo phiếu đăng ký, {you} nhận tiền {months} bằng tiền mặt.",
        "{cash} Muốn nhận qua tài khoản, {you} đăng ký lại tại UBND {commune} hoặc trên VNeID, mục An sinh xã hội.",
    ),
    Reason.IDENTITY_CHECK: (
        "Thông tin của {you} trong hồ sơ chưa giống dữ liệu dân cư.",
        "Mời {you} mang thẻ căn cước hoặc giấy khai sinh đến UBND {commune}. Trong lúc chờ, {you} vẫn được nhận tiền. {cash}",
    ),
    Reason.DUPLICATE: (
        "Hồ sơ cho thấy {you} có thể đang hưởng một khoản trợ cấp không được nhận cùng lúc với khoản này.",
        "{you} chưa phải làm gì. UBND {commune} đang kiểm tra và trả lời trước ngày {due}. Cần hỏi, gọi {phone}.",
    ),
    Reason.EXCLUDED: (
        "{you} đang nhận một khoản trợ cấp khác; theo quy định, khoản đó và khoản này không được hưởng đồng thời, nên chỉ trả khoản cao hơn.",
        "{you} chưa phải làm gì, khoản cao hơn vẫn được trả. Nếu thấy không đúng, hoặc khoản kia đã thôi hưởng, mời {you} đến UBND {commune} "
        "hoặc gọi {phone}.",
    ),
    Reason.DECEASED: (
        "Xin chia buồn cùng gia đình. Theo dữ liệu dân cư, người hưởng đã mất; trợ cấp được tính đến hết tháng mất.",
        "Gia đình có thể làm thủ tục hỗ trợ chi phí mai táng và nhận số tiền chưa lĩnh (nếu có) tại UBND {commune}. "
        "Nếu thông tin này không đúng, xin gọi ngay {phone}.",
    ),
    Reason.DEATH_NOTICE: (
        "Tiền {months} đang được giữ để UBND {commune} xác minh một tin báo về {you}.",
        "Tiền vẫn còn. Nếu tin báo không đúng, xin gọi ngay {phone} hoặc báo UBND {commune}; tiền sẽ được trả cùng kỳ sau.",
    ),
    Reason.NAME_CHANGED: (
        "{you} đã đổi họ tên, nên tên chủ tài khoản ở {bank} cần được xác nhận lại.",
        "Mời {you} cập nhật họ tên ở ngân hàng, mang theo thẻ căn cước. {cash}",
    ),
    Reason.NO_DECISION: (
        "Hồ sơ của {you} đang được xem xét.",
        "Tra cứu bằng mã hồ sơ trên Cổng Dịch vụ công quốc gia hoặc gọi {phone}.",
    ),
    Reason.MOVED: (
        "{you} đã chuyển nơi cư trú; nơi mới sẽ trả tiếp khi có quyết định.",
        "Mời {you} đến UBND xã, phường nơi ở mới để hoàn tất hồ sơ. Cần hỏi, gọi {phone}.",
    ),
    Reason.CASH_NOT_COLLECTED: (
        "Tiền {months} đã có ở điểm chi trả nhưng {you} chưa đến nhận.",
        "Số tiền này được trả cùng kỳ sau. Nếu khó đi lại, gọi {phone} để được trả tại nhà.",
    ),
    Reason.NEXT_MONTH: (
        "Tiền {months} ({amount} đồng) để trả cùng kỳ sau.",
        "{you} chưa phải làm gì. Tiền vẫn được giữ cho {you}. {next} Cần hỏi, gọi {phone}.",
    ),
    Reason.UNKNOWN: (
        "Tiền {months} đã gửi đi ngày {sent_on}; ngân hàng chưa báo kết quả.",
        "{you} chưa phải làm gì. Sẽ có kết quả trước ngày {due}.",
    ),
}

# The bank's codes in a citizen's words; anything else, our own mistakes included, is "no reason given".
SHORT_REASONS = {
    "account_closed": "tài khoản đã đóng",
    "account_frozen": "tài khoản đang không nhận được tiền",
    "bank_account_restricted": "tài khoản đang không nhận được tiền",
    "bank_ownership_changed": "tài khoản đã đổi chủ",
    "incorrect_account_holder_name": "tên chủ tài khoản không khớp",
    "invalid_account_number": "số tài khoản không đúng",
    "no_account": "số tài khoản không đúng",
}
NO_REASON_GIVEN = "ngân hàng không nêu lý do"

CHILD_UNDER, ELDER_FROM = 16, 60
_SPACES = re.compile(r"\s+")
_AFTER_FULL_STOP = re.compile(r"(?<=\. )\w")


def say(template: str, words: dict[str, str]) -> str:
    """Fill a template; capital letters at the start of sentences, no double spaces where a part is empty."""
    text = _SPACES.sub(" ", template.format(**words)).strip()
    return text[:1].upper() + _AFTER_FULL_STOP.sub(lambda match: match[0].upper(), text[1:])


def address(*, birth_year: int | None, on: date) -> str:
    """How the reader is spoken to; for a child the reader is the family."""
    age = on.year - birth_year if birth_year else ELDER_FROM
    if age < CHILD_UNDER:
        return "gia đình"
    return "Ông/Bà" if age >= ELDER_FROM else "Anh/Chị"


def day(value: date | None) -> str:
    """`05/08/2024`; a day nobody told us is dots."""
    return f"{value:%d/%m/%Y}" if value else "..."


def amount_words(gross: int, *, deducted: int) -> str:
    """`750.000`, or `750.000 đồng, trừ thu hồi 200.000 đồng, còn 550.000`: the sentence puts the unit behind it."""
    if not deducted:
        return format_amount(gross)
    return f"{format_amount(gross)} đồng, trừ thu hồi {format_amount(deducted)} đồng, còn {format_amount(gross - deducted)}"


def month_words(months: Sequence[date], *, current: date, arrears: frozenset[date]) -> str:
    """`tháng 8/2024, truy lĩnh tháng 7/2024 và tháng 6/2024 chuyển sang`: which months a sum is for."""
    parts = [_month_word(month, current=current, arrears=arrears) for month in sorted(set(months), reverse=True)]
    return " và ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _month_word(month: date, *, current: date, arrears: frozenset[date]) -> str:
    word = f"tháng {month.month}/{month.year}"
    if month in arrears:
        return f"truy lĩnh {word}"
    if month > current:
        return f"{word} trả trước"
    return word if month == current else f"{word} chuyển sang"
