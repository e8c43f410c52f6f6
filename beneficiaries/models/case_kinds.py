"""One table of what people are asked to do: per kind and reason who may decide, how hard it is, until when, and what would solve it.

A kind without solutions is answered at an address of its own, which closes it.
A new kind is one line in `CaseKind` and one in `RULES`; a new reason one in `RULES`. A reason without a line follows its kind's (`""`).
"""

from dataclasses import dataclass

from django.db import models


class CaseKind(models.TextChoices):
    """What a case is about."""

    IDENTITY = "IDENTITY", "Xác minh thông tin"
    DUPLICATE = "DUPLICATE", "Nghi trùng"
    DECEASED = "DECEASED", "Dữ liệu dân cư ghi đã mất"
    DEATH = "DEATH", "Tin báo tử, chờ xác minh"
    HEIR = "HEIR", "Tiền chưa lĩnh của người đã mất"
    RECOVERY = "RECOVERY", "Đề nghị thu hồi tiền chi sau tháng mất"
    FUNERAL = "FUNERAL", "Hồ sơ hỗ trợ chi phí mai táng"
    MOVE = "MOVE", "Chuyển nơi cư trú"
    CIVIL = "CIVIL", "Thay đổi hộ tịch"
    ACCOUNT = "ACCOUNT", "Tài khoản"
    PAYMENT = "PAYMENT", "Khoản chi cần xử lý"
    NOT_SEEN = "NOT_SEEN", "Người dân chưa thấy tiền"
    MOVED = "MOVED", "Chuyển nơi cư trú, chờ nơi mới quyết định"
    OVERPAID = "OVERPAID", "Đã chi quá số được hưởng, xem xét thu hồi"
    AGE = "AGE", "Sắp đến tuổi thay đổi mức hưởng"


class Level(models.TextChoices):
    """Whose authority it is, in the order of escalation. Answers of police and ministry come on paper: the province records them."""

    COMMUNE = "COMMUNE", "Cấp xã"
    PROVINCE = "PROVINCE", "Cấp tỉnh"
    POLICE = "POLICE", "Cơ quan Công an"
    MINISTRY = "MINISTRY", "Bộ"


class Ease(models.IntegerChoices):
    """Dễ làm trước, khó làm sau: by what is missing."""

    EASY = 1, "Dễ: tự làm được"
    MIDDLING = 2, "Vừa: cần giấy tờ hoặc gặp người hưởng"
    HARD = 3, "Khó: cần nơi khác trả lời"


class Solution(models.TextChoices):
    """How a case ended, or is proposed to end. Each but SETTLED changes something beside the case, through one service."""

    SETTLED = "SETTLED", "Đã làm xong"
    IDENTIFIED = "IDENTIFIED", "Đã xác định đúng người"
    NOT_THE_SAME = "NOT_THE_SAME", "Không phải cùng một người"
    SAME_PERSON = "SAME_PERSON", "Cùng một người, thôi hưởng một hồ sơ"
    OFFER_AGAIN = "OFFER_AGAIN", "Gửi lại ngân hàng"
    CORRECTED = "CORRECTED", "Đã sửa hồ sơ theo giấy tờ"


@dataclass(frozen=True, slots=True)
class Rule:
    """`label`: the fact; `to_do`: what would solve it (cán bộ làm gì); `days`: working days until it is due."""

    label: str
    to_do: str
    level: Level
    ease: Ease
    days: int
    solutions: tuple[Solution, ...] = (Solution.SETTLED,)


_IDENTITY = (Solution.IDENTIFIED, Solution.CORRECTED)
_RECORD = (Solution.SETTLED, Solution.CORRECTED)
_DUPLICATE = (Solution.NOT_THE_SAME, Solution.SAME_PERSON)
_OFFER = (Solution.OFFER_AGAIN,)

RULES: dict[tuple[str, str], Rule] = {
    (CaseKind.IDENTITY, ""): Rule(
        "Thông tin chưa giống dữ liệu dân cư",
        "Gửi xác minh; sửa hồ sơ; không dừng chi khi chưa có quyết định.",
        Level.COMMUNE, Ease.MIDDLING, 10, _IDENTITY,
    ),
    (CaseKind.IDENTITY, "NUMBER_MISSING"): Rule(
        "Chưa có số định danh cá nhân",
        "Xin số trên thẻ căn cước hoặc giấy khai sinh, ghi vào hồ sơ.",
        Level.COMMUNE, Ease.EASY, 10, _IDENTITY,
    ),
    (CaseKind.IDENTITY, "NUMBER_NOT_FOUND"): Rule(
        "Dữ liệu dân cư không có số định danh này",
        "So với thẻ căn cước, sửa số gõ sai; nếu thẻ đúng, báo cáo kèm đề xuất để Công an xác minh.",
        Level.COMMUNE, Ease.MIDDLING, 10, _IDENTITY,
    ),
    (CaseKind.IDENTITY, "BIRTH_MISSING"): Rule(
        "Danh sách thiếu ngày, năm sinh; số định danh, họ tên, giới tính đều trùng dữ liệu dân cư",
        "Ghi ngày sinh theo thẻ căn cước hoặc giấy khai sinh (sửa hồ sơ hoặc nạp lại danh sách), rồi đối khớp lại.",
        Level.COMMUNE, Ease.EASY, 10, _IDENTITY,
    ),
    (CaseKind.IDENTITY, "BIRTH_UNKNOWN_THERE"): Rule(
        "Dữ liệu dân cư không có năm sinh; số định danh, họ tên, giới tính đều trùng",
        "So với thẻ căn cước và giấy khai sinh; đúng người thì xác nhận, hoặc báo cáo để Công an bổ sung năm sinh.",
        Level.COMMUNE, Ease.EASY, 10, _IDENTITY,
    ),
    (CaseKind.IDENTITY, "NUMBER_OF_ANOTHER"): Rule(
        "Số định danh là của người có họ tên, năm sinh hoặc giới tính khác",
        "So với thẻ căn cước và giấy khai sinh; nếu giấy tờ đúng mà dữ liệu dân cư sai, báo cáo kèm đề xuất.", Level.COMMUNE, Ease.HARD, 10, _IDENTITY),
    (CaseKind.IDENTITY, "NUMBER_ALTERED"): Rule(
        "Số định danh lưu trong hệ thống đã bị sửa",
        "Báo lãnh đạo và người quản trị; xin lại số trên thẻ căn cước, sửa hồ sơ theo giấy tờ.", Level.PROVINCE, Ease.HARD, 1, (Solution.CORRECTED,)),
    (CaseKind.DUPLICATE, ""): Rule(
        "Nghi trùng: đang hưởng nơi khác hoặc chế độ khác",
        "Hai đơn vị thống nhất ai chi; ghi “đã chi đến hết tháng”; ra quyết định thôi hưởng một hồ sơ, hoặc ghi rõ là hai người.",
        Level.PROVINCE, Ease.HARD, 10, _DUPLICATE,
    ),
    (CaseKind.DECEASED, ""): Rule(
        "Dữ liệu dân cư ghi người hưởng đã mất",
        "Đối chiếu trích lục khai tử; quyết định thôi hưởng; mở hồ sơ mai táng; thu hồi các tháng sau tháng mất (nếu có).",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.DECEASED, "DEATH_IN_DOUBT"): Rule(
        "Dữ liệu dân cư ghi đã mất, nhưng chưa chắc là người hưởng",
        "Gặp người hưởng hoặc gia đình. Còn sống: ghi rõ, xác định đúng người bằng thẻ căn cước. Đã mất: ghi tin báo tử. Vẫn chi trả trong lúc chờ.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.DECEASED, "VISIT_SAYS_DIED"): Rule(
        "Đi từng nhà nghe nói đã mất",
        "Hỏi gia đình. Đã mất: ghi tin báo tử; còn sống: ghi rõ đã gặp ai, ngày nào. Vẫn chi trả trong lúc chờ.",
        Level.COMMUNE, Ease.EASY, 3),
    (CaseKind.DUPLICATE, "VERDICT_DUPLICATE"): Rule(
        "Kết quả xác minh: trùng",
        "Tìm hồ sơ trùng, thống nhất ai chi; ra quyết định thôi hưởng một hồ sơ.",
        Level.PROVINCE, Ease.HARD, 10,
    ),
    (CaseKind.DUPLICATE, "DRAWS_INSURANCE"): Rule(
        "Đang hưởng lương hưu hoặc trợ cấp bảo hiểm xã hội hằng tháng",
        "Hỏi cơ quan bảo hiểm xã hội mức và thời điểm hưởng; nếu không được hưởng cùng, trình quyết định thôi hưởng; nếu được, ghi rõ căn cứ.",
        Level.COMMUNE, Ease.MIDDLING, 10,
    ),
    (CaseKind.DUPLICATE, "GRANTED_TWICE"): Rule(
        "Một người có hai hồ sơ của cùng một khoản chi một lần: danh sách không ký được khi còn cả hai",
        "Mở hồ sơ này, ghi quyết định thôi chi từ tháng chi của nó, rút khoản khỏi danh sách đang lập; hồ sơ kia được chi.", Level.PROVINCE, Ease.EASY, 5),
    (CaseKind.DEATH, ""): Rule(
        "Có tin báo tử, chưa đăng ký khai tử",
        "Hỏi gia đình; trả lời tin báo tử: đúng thì nhắc đăng ký khai tử, sai thì gỡ tạm giữ.", Level.COMMUNE, Ease.EASY, 5, ()),
    (CaseKind.HEIR, ""): Rule(
        "Người hưởng đã mất còn tiền các tháng khi còn sống chưa lĩnh",
        "Xác định người thừa kế; trình quyết định chi trả cho người thừa kế.", Level.COMMUNE, Ease.MIDDLING, 5),
    (CaseKind.RECOVERY, ""): Rule(
        "Đã chi cho các tháng sau tháng mất",
        "Thông báo cho gia đình hoặc ngân hàng; trình quyết định thu hồi.",
        Level.COMMUNE, Ease.HARD, 5,
    ),
    (CaseKind.FUNERAL, ""): Rule(
        "Hồ sơ hỗ trợ chi phí mai táng chưa xong",
        "Hướng dẫn gia đình nộp hồ sơ; ghi mã hồ sơ và trạng thái của Bộ phận một cửa.",
        Level.COMMUNE, Ease.MIDDLING, 5, (),
    ),
    (CaseKind.FUNERAL, "FUNERAL_BY_EXTRACT"): Rule(
        "Dữ liệu dân cư ghi đã mất; chưa có hồ sơ hỗ trợ chi phí mai táng",
        "Gặp gia đình, xem trích lục khai tử; hướng dẫn nộp hồ sơ mai táng rồi ghi hỗ trợ. Chưa khai tử: hướng dẫn đăng ký. Còn sống: ghi rõ căn cứ.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.MOVE, ""): Rule(
        "Người hưởng đã chuyển nơi cư trú",
        "Xã cũ: quyết định thôi chi trả và chuyển hồ sơ; xã mới: quyết định trong 10 ngày làm việc.",
        Level.COMMUNE, Ease.MIDDLING, 10,
    ),
    (CaseKind.MOVE, "ARRIVAL_REFUSED"): Rule(
        "Nơi đến không tiếp nhận hồ sơ chuyển đi",
        "Hỏi người hưởng đang ở đâu; xã mình chi trả tiếp từ tháng sau tháng đã chi; nếu đã chuyển đi thật, ra quyết định chuyển đi mới đúng nơi.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.MOVE, "VISIT_SAYS_MOVED"): Rule(
        "Đi từng nhà nghe nói đã chuyển đi",
        "Hỏi gia đình, Công an xã: chuyển thật thì ra quyết định chuyển đi; không thì ghi rõ đã hỏi ai. Vẫn chi trả trong lúc chờ.",
        Level.COMMUNE, Ease.MIDDLING, 5),
    (CaseKind.CIVIL, ""): Rule(
        "Hộ tịch có thay đổi",
        "Sửa hồ sơ theo giấy tờ; kiểm tra lại tên chủ tài khoản.",
        Level.COMMUNE, Ease.EASY, 5, _RECORD,
    ),
    (CaseKind.ACCOUNT, ""): Rule(
        "Tài khoản nhận trợ cấp cần kiểm tra",
        "So với giấy tờ; nhận phiếu đăng ký mới; xác nhận tên chủ tài khoản rồi mới chi vào tài khoản.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.ACCOUNT, "BANK_UNKNOWN"): Rule(
        "Danh sách ghi số tài khoản, không rõ ngân hàng",
        "Hỏi người hưởng tài khoản ở ngân hàng nào, xem thẻ hoặc ứng dụng; nhận phiếu đăng ký ghi đúng ngân hàng và số. Trong lúc chờ vẫn chi tiền mặt.",
        Level.COMMUNE, Ease.EASY, 5),
    (CaseKind.ACCOUNT, "WALLET_UNKNOWN"): Rule(
        "Danh sách ghi ví điện tử, tiền di động của nhà cung cấp chưa biết",
        "Hỏi người hưởng ví của nhà cung cấp nào; đã biết thì nhận phiếu đăng ký, chưa có trong danh mục thì báo Sở, hoặc hướng dẫn mở tài khoản ngân hàng. "
        "Trong lúc chờ vẫn chi tiền mặt.",
        Level.COMMUNE, Ease.MIDDLING, 10),
    (CaseKind.ACCOUNT, "WALLET_NUMBER"): Rule(
        "Số ví, tiền di động trong danh sách không phải số điện thoại",
        "Hỏi người hưởng số điện thoại đăng ký ví; nhận phiếu đăng ký ghi đúng số. Trong lúc chờ vẫn chi tiền mặt.",
        Level.COMMUNE, Ease.EASY, 5),
    (CaseKind.ACCOUNT, "ACCOUNT_NUMBER"): Rule(
        "Số tài khoản trong danh sách không đọc được",
        "Hỏi người hưởng, xem sổ hoặc thẻ ngân hàng; nhận phiếu đăng ký ghi đúng số. Trong lúc chờ vẫn chi tiền mặt.",
        Level.COMMUNE, Ease.EASY, 5),
    (CaseKind.ACCOUNT, "NAME_MISMATCH"): Rule(
        "Tên chủ tài khoản không khớp",
        "So với giấy tờ; hồ sơ sai thì đề nghị sửa hồ sơ, ngân hàng ghi sai thì đề nghị ngân hàng sửa; không chi vào tài khoản mới trước khi xác nhận.",
        Level.COMMUNE, Ease.MIDDLING, 5, _RECORD,
    ),
    (CaseKind.ACCOUNT, "NAME_CHANGED"): Rule(
        "Họ tên người hưởng đã thay đổi, tên ở ngân hàng còn là tên cũ",
        "Hướng dẫn người hưởng mang thẻ căn cước đến ngân hàng đổi tên chủ tài khoản, hoặc nhận phiếu đăng ký tài khoản khác; "
        "tài khoản đã nhận tiền các tháng trước vẫn được chi trong lúc chờ.",
        Level.COMMUNE, Ease.MIDDLING, 10, _RECORD,
    ),
    (CaseKind.ACCOUNT, "IDENTITY_UNSETTLED"): Rule(
        "Nhận tiền mặt vì chưa xác định được người",
        "Hướng dẫn người hưởng làm thẻ căn cước hoặc xin trích lục; sửa hồ sơ theo giấy tờ (sẽ đối khớp lại), rồi nhận phiếu đăng ký tài khoản; "
        "không muốn tài khoản thì nhận phiếu chọn tiền mặt.",
        Level.COMMUNE, Ease.MIDDLING, 30, _RECORD,
    ),
    (CaseKind.ACCOUNT, "PAYEE_RENAMED"): Rule(
        "Họ tên người nhận thay đã sửa theo giấy tờ",
        "Ghi lại người nhận thay theo họ tên đúng (giấy ủy quyền, trích lục giám hộ); hướng dẫn đổi tên chủ tài khoản ở ngân hàng.",
        Level.COMMUNE, Ease.EASY, 10,
    ),
    (CaseKind.AGE, "BIRTH_CORRECTED"): Rule(
        "Ngày sinh đã sửa làm đổi tháng đến tuổi thay đổi mức hưởng",
        "Rà lại nhóm đối tượng theo ngày sinh đã sửa; trình quyết định điều chỉnh, thôi hưởng hoặc thu hồi (nếu có); không tự thay đổi mức đã chi.",
        Level.COMMUNE, Ease.MIDDLING, 10,
    ),
    (CaseKind.IDENTITY, "CORRECTED_AGAINST"): Rule(
        "Hồ sơ đã sửa khác dữ liệu dân cư đã khớp",
        "So với giấy tờ; xác định đúng người theo số trên thẻ căn cước, hoặc báo cáo kèm đề xuất để Công an xác minh; vẫn chi trả trong lúc chờ.",
        Level.COMMUNE, Ease.MIDDLING, 10, _IDENTITY,
    ),
    (CaseKind.ACCOUNT, "AUTHORISATION_INVALID"): Rule(
        "Giấy ủy quyền thiếu hoặc hết hạn",
        "Kiểm tra giấy; đến nhà nếu cần; kỳ này trả tận tay người hưởng.",
        Level.COMMUNE, Ease.EASY, 5,
    ),
    (CaseKind.ACCOUNT, "AUTHORISATION_LONG"): Rule(
        "Giấy ủy quyền có thời hạn dài",
        "Hỏi người hưởng còn ủy quyền cho người này không; không còn thì ghi chấm dứt, còn thì ghi rõ đã hỏi ai, ngày nào.",
        Level.COMMUNE, Ease.EASY, 30,
    ),
    (CaseKind.ACCOUNT, "PAYEE_WITHOUT_PAPER"): Rule(
        "Danh sách ghi người nhận thay khác người đang ghi nhận",
        "Hỏi người hưởng ai nhận thay. Đổi thật: ghi người nhận thay theo giấy ủy quyền, trích lục giám hộ; không đổi: sửa danh sách. "
        "Tiền vẫn trả như trước, danh sách chưa đổi gì.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.ACCOUNT, "PAYEE_UNNAMED"): Rule(
        "Danh sách không ghi ai nhận quyền hưởng khác của người có người nhận thay",
        "Hỏi người hưởng, gia đình ai nhận quyền hưởng này. Người khác người đang ghi thì ghi người nhận thay theo giấy ủy quyền, trích lục giám hộ, "
        "giấy khai sinh; đúng thì ghi rõ đã hỏi ai, ngày nào.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.ACCOUNT, "PAYEE_DIED"): Rule(
        "Người nhận thay đã mất",
        "Hỏi người hưởng ai nhận thay từ nay; ghi giấy ủy quyền hoặc giấy giám hộ mới; trong khi chờ, trả tận tay người hưởng.", Level.COMMUNE, Ease.EASY, 5),
    (CaseKind.ACCOUNT, "PAYEE_DEATH_NOTICE"): Rule(
        "Có tin người nhận thay đã mất, chưa đăng ký khai tử",
        "Hỏi gia đình; đúng thì nhắc đăng ký khai tử và ghi người nhận thay khác, sai thì ghi rõ.",
        Level.COMMUNE, Ease.EASY, 5,
    ),
    (CaseKind.MOVED, ""): Rule(
        "Người hưởng chuyển đến, chờ quyết định của nơi mới",
        "Nhận hồ sơ của xã cũ; ra quyết định tiếp nhận trong 10 ngày làm việc, hưởng từ tháng sau tháng xã cũ đã trả.",
        Level.COMMUNE, Ease.MIDDLING, 10, (),
    ),
    (CaseKind.OVERPAID, ""): Rule(
        "Đã chi quá số được hưởng theo quyết định",
        "Thông báo cho người hưởng; trình quyết định thu hồi, hoặc ghi rõ vì sao không thu hồi.",
        Level.COMMUNE, Ease.HARD, 10,
    ),
    (CaseKind.AGE, ""): Rule(
        "Sắp đến tuổi thay đổi mức hưởng",
        "Rà lại nhóm đối tượng và giấy tờ; trình quyết định điều chỉnh hoặc thôi hưởng trước tháng đủ tuổi.",
        Level.COMMUNE, Ease.EASY, 30,
    ),
    (CaseKind.PAYMENT, ""): Rule(
        "Khoản chi cần xử lý",
        "Xem khoản chi và hỏi ngân hàng; không chi lại khi chưa rõ.",
        Level.COMMUNE, Ease.HARD, 5,
    ),
    (CaseKind.NOT_SEEN, ""): Rule(
        "Người dân báo chưa thấy tiền đã ghi là đến nơi",
        "Gửi ngân hàng (tổ chức chi trả) phiếu tra soát; ghi câu trả lời và số văn bản. Đúng là chưa đến: chỉ chi lại khi ngân hàng hoàn trả, "
        "hoặc có văn bản và kết luận của hai người. Trả lời người dân đúng hạn.",
        Level.COMMUNE, Ease.HARD, 5,
    ),
    (CaseKind.PAYMENT, "OUTCOME_UNKNOWN"): Rule(
        "Ngân hàng chưa trả lời kết quả",
        "Nhận tra soát, đính kèm văn bản trả lời của ngân hàng để người ở vai trò khác kết luận; không chi lại khi chưa rõ.",
        Level.COMMUNE, Ease.HARD, 5, (),
    ),
    (CaseKind.PAYMENT, "ORDER_REFUSED"): Rule(
        "Ngân hàng không nhận lệnh chuyển tiền",
        "Xem mã từ chối, sửa nguyên nhân, rồi đề nghị gửi lại; hoặc rút tên khỏi danh sách để trả cách khác.",
        Level.COMMUNE, Ease.MIDDLING, 5, _OFFER,
    ),
    (CaseKind.PAYMENT, "BANK_CONTRADICTS"): Rule(
        "Ngân hàng báo khác trạng thái đã ghi",
        "Lấy xác nhận của ngân hàng, đối chiếu sao kê; chưa khớp thì không chi lại. Tiền đã đến: ghi đã xử lý; "
        "ngân hàng báo nhầm, tiền chưa đến: không chấp nhận, khoản ấy được chi lại. Khoản gửi bằng tệp hoặc qua tổ chức chi trả: "
        "chỉ chi lại khi có văn bản và kết luận của hai người ở hai vai trò.",
        Level.COMMUNE, Ease.HARD, 5, (Solution.OFFER_AGAIN, Solution.SETTLED),
    ),
    (CaseKind.PAYMENT, "ACCOUNT_NUMBER_ALTERED"): Rule(
        "Số tài khoản lưu trong hệ thống đã bị sửa",
        "Báo lãnh đạo và người quản trị; rút tên khỏi danh sách; chỉ chi lại sau khi lập danh sách mới.",
        Level.PROVINCE, Ease.HARD, 1,
    ),
    (CaseKind.PAYMENT, "ACCOUNT_KEY_MISSING"): Rule(
        "Không mở được số tài khoản đã lưu: thiếu khóa mã hóa", "Báo người quản trị khôi phục khóa, rồi đề nghị gửi lại; không khôi phục được thì "
        "rút tên khỏi danh sách, xin lại số tài khoản và chi lại. Các khoản khác vẫn đi.", Level.PROVINCE, Ease.HARD, 1, _OFFER),
    (CaseKind.PAYMENT, "CASH_RESULT_CONTRADICTS"): Rule(
        "Hai kết quả chi tiền mặt khác nhau",
        "Kiểm tra chữ ký trên danh sách nhận tiền; hỏi người hưởng; lập biên bản với tổ chức dịch vụ chi trả. Đã nhận: ghi đã xử lý; "
        "chưa nhận: chỉ chi lại khi có văn bản của tổ chức chi trả và kết luận của hai người ở hai vai trò.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.PAYMENT, "PAID_AFTER_STOP_NOTICE"): Rule(
        "Tổ chức chi trả đã chi sau thông báo dừng chi",
        "Làm việc với tổ chức dịch vụ chi trả, lập biên bản; trình quyết định thu hồi nếu đã chi sai.",
        Level.COMMUNE, Ease.HARD, 5,
    ),
    (CaseKind.PAYMENT, "SIGNED_BY_ANOTHER"): Rule(
        "Người ký nhận tiền không có tên trong danh sách",
        "Gọi hoặc đến thăm người hưởng, hỏi đã nhận đủ tiền chưa, ai nhận; kiểm tra chữ ký và giấy ủy quyền.",
        Level.COMMUNE, Ease.MIDDLING, 5,
    ),
    (CaseKind.PAYMENT, "FILE_REFUSED"): Rule(
        "Ngân hàng không nhận tệp lệnh chi",
        "Xem mã lý do của tệp, sửa nguyên nhân, rồi chủ tài khoản cho gửi lại trong tệp mới; hoặc rút tên để trả cách khác.",
        Level.PROVINCE, Ease.MIDDLING, 2,
    ),
    (CaseKind.PAYMENT, "OWED_AFTER_END"): Rule(
        "Còn khoản của tháng trước chưa đến tay người hưởng",
        "Xác định người được nhận (người hưởng, gia đình); trình quyết định chi trả.",
        Level.COMMUNE, Ease.MIDDLING, 10,
    ),
    (CaseKind.PAYMENT, "STOPPED"): Rule(
        "Đã rút tên khỏi danh sách", "Không phải làm gì thêm.", Level.COMMUNE, Ease.EASY, 5
    ),
}  # fmt: skip


def rule_of(kind: str, reason: str) -> Rule:
    """The rule of this reason, else of its kind. Raises KeyError for a kind nobody wrote a rule for."""
    return RULES.get((kind, reason)) or RULES[kind, ""]
