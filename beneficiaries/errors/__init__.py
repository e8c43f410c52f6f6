"""Refusals about registries, identity and accounts."""

from staff.errors import Refusal


class ReviewImpossible(Refusal):
    code = "REVIEW_IMPOSSIBLE"
    sentence = (
        "Dữ liệu dân cư không có người mang số này, hoặc người mang số này khác họ tên, năm sinh với hồ sơ. "
        "Mời so lại với giấy tờ; nếu giấy tờ đúng, báo cáo cấp trên kèm đề xuất."
    )


class WrongCaseState(Refusal):
    code = "WRONG_CASE_STATE"
    sentence = "Việc này không còn ở bước đó, mời tải lại trang để xem bước hiện tại."


class BeyondAuthority(Refusal):
    """The case is at a higher level than the actor's unit."""

    code = "BEYOND_AUTHORITY"
    sentence = "Việc này vượt thẩm quyền của đơn vị bạn; mời báo cáo cấp có thẩm quyền kèm đề xuất."


class CaseOfAnother(Refusal):
    """Somebody else does it now."""

    code = "CASE_OF_ANOTHER"
    sentence = "Việc này đang do người khác xử lý; mời bấm “Nhận việc” trước, hoặc để người đang xử lý trả lời."


class LifeWithoutPaper(Refusal):
    """Neither a paper nor a death notice says whether the person lives."""

    code = "LIFE_WITHOUT_PAPER"
    sentence = (
        "Còn sống: ghi số, ngày biên bản gặp người hưởng hoặc giấy xác nhận vào ô “Văn bản”. "
        "Đã mất: ghi tin báo tử trước, rồi ghi kết quả việc này."
    )


class DocumentMissing(Refusal):
    code = "DOCUMENT_MISSING"
    sentence = "Kết quả của cơ quan Công an hoặc Bộ phải ghi số và ngày của văn bản trả lời."


class SecondPersonNeeded(Refusal):
    """Whoever proposed can't confirm; or nobody proposed yet."""

    code = "SECOND_PERSON_NEEDED"
    sentence = "Người đề xuất và người xác nhận phải là hai người khác nhau."


class NotSolvableLikeThis(Refusal):
    code = "NOT_SOLVABLE_LIKE_THIS"
    sentence = "Việc này không giải quyết theo cách đó được; mời xem phần “cán bộ làm gì”."


class NoHigherLevel(Refusal):
    code = "NO_HIGHER_LEVEL"
    sentence = "Đây đã là cấp cao nhất; mời ghi văn bản trả lời của cấp đó."


class NothingToHandOver(Refusal):
    code = "NOTHING_TO_HAND_OVER"
    sentence = "Người này không có việc nào đang xử lý để bàn giao."


class HandoverChanged(Refusal):
    """Cases left the list since it was drawn up; they are in `conflicts`."""

    code = "HANDOVER_CHANGED"
    sentence = "Có việc trong bản bàn giao đã đổi người hoặc đã xong; mời lập bản mới."


class DecisionImpossible(Refusal):
    """A decision that can't follow what was decided before, or lacks what its kind must say."""

    code = "DECISION_IMPOSSIBLE"
    sentence = "Không ghi được quyết định này."


class PaperUnreadable(Refusal):
    code = "PAPER_UNREADABLE"
    sentence = "Văn bản phải là tệp PDF hoặc ảnh (JPEG, PNG), không quá 10 MB."


class AccountNotMovable(Refusal):
    code = "ACCOUNT_NOT_MOVABLE"
    sentence = "Tài khoản không ở bước này, mời tải lại trang để xem tình trạng hiện tại."


class AlreadyTheAccount(Refusal):
    code = "ALREADY_THE_ACCOUNT"
    sentence = "Tài khoản này đang được dùng cho người hưởng, không có gì để đổi."


class ChangeAlreadyPending(Refusal):
    code = "CHANGE_ALREADY_PENDING"
    sentence = "Người hưởng đang có một đề nghị đổi tài khoản chờ duyệt; mời duyệt hoặc không duyệt đề nghị đó trước."


class ChangeAlreadyDecided(Refusal):
    code = "CHANGE_ALREADY_DECIDED"
    sentence = "Đề nghị đổi tài khoản này đã được duyệt hoặc không duyệt."


class RequesterCannotApprove(Refusal):
    code = "REQUESTER_CANNOT_APPROVE"
    sentence = "Người ghi đề nghị không được tự duyệt; mời người thứ hai duyệt."


class WrongSigner(Refusal):
    code = "WRONG_SIGNER"
    sentence = "Người ký phiếu không đúng thẩm quyền."


class SlipInvalid(Refusal):
    code = "SLIP_INVALID"
    sentence = "Phiếu đăng ký thiếu thông tin."


class ScanRefused(Refusal):
    code = "SCAN_REFUSED"
    sentence = "Bản quét phải là tệp PDF, JPEG hoặc PNG, không quá 5 MB, và mỗi phiếu chỉ nhận một bản."


class PayeeInvalid(Refusal):
    code = "PAYEE_INVALID"
    sentence = "Thông tin người nhận thay chưa hợp lệ."


class PayeeAlreadyEnded(Refusal):
    code = "PAYEE_ALREADY_ENDED"
    sentence = "Quan hệ nhận thay này đã chấm dứt."


class UnknownBank(Refusal):
    code = "UNKNOWN_BANK"
    sentence = "Không nhận ra ngân hàng này."


class TemplateInvalid(Refusal):
    code = "TEMPLATE_INVALID"
    sentence = "Mẫu phải là tệp JSON có “columns” và “answers”, mỗi tiêu đề từ 1 đến 100 ký tự."


class NothingToRequest(Refusal):
    code = "NOTHING_TO_REQUEST"
    sentence = "Không có ai trên địa bàn cần mở tài khoản và đủ thông tin để đề nghị ngân hàng."


class NothingForThisBank(Refusal):
    code = "NOTHING_FOR_THIS_BANK"
    sentence = "Không có đề nghị nào chờ gửi ngân hàng này bằng tệp."


class NameNotInReview(Refusal):
    code = "NAME_NOT_IN_REVIEW"
    sentence = "Chỉ xác nhận được tên gần giống; tên khác phải sửa hồ sơ hoặc đề nghị ngân hàng sửa."


class PreviewOutdated(Refusal):
    """The preview that was confirmed is not what taking in would do now."""

    code = "PREVIEW_OUTDATED"
    sentence = (
        "Bản xem trước này không còn đúng với dữ liệu hiện nay; chưa nạp gì. Mời xem lại bản xem trước rồi xác nhận."
    )


class WrongStage(Refusal):
    """The upload is not at the step this belongs to."""

    code = "WRONG_STAGE"
    sentence = "Danh sách này không ở bước đó."


class AnotherListIsTakenIn(Refusal):
    code = "ANOTHER_LIST_IS_TAKEN_IN"
    sentence = "Một danh sách khác của xã này đang được nạp; mời chờ xong rồi xác nhận."


class MappingUnclear(Refusal):
    """A mapping that names an unknown column, names one twice, or leaves a required one out."""

    code = "MAPPING_UNCLEAR"
    sentence = "Bảng khai tên cột chưa đúng."


class NobodyToAskAbout(Refusal):
    """Everyone in the unit was answered lately, or is asked about already."""

    code = "NOBODY_TO_ASK_ABOUT"
    sentence = "Không có ai cần xác minh: mọi người đã có kết quả trong thời hạn hoặc đang chờ trả lời."


class NothingToSignFor(Refusal):
    """No figures of that day."""

    code = "NOTHING_TO_SIGN_FOR"
    sentence = "Chưa có số liệu chất lượng của ngày này trên địa bàn."


class SignedAlready(Refusal):
    """A unit signs a day's figures once."""

    code = "SIGNED_ALREADY"
    sentence = "Đơn vị đã ký xác nhận số liệu của ngày này."


class UnitsBelowNotSigned(Refusal):
    """A higher unit signs after every commune below it; `conflicts` are codes of those that have not."""

    code = "UNITS_BELOW_NOT_SIGNED"
    sentence = "Còn xã chưa ký xác nhận; cấp trên ký sau khi mọi xã đã ký."


class SignedForAnotherLevel(Refusal):
    """Whoever answered for a unit does not also answer for one above or below it; `conflicts` are codes of the units they signed for."""

    code = "SIGNED_FOR_ANOTHER_LEVEL"
    sentence = (
        "Bạn đã ký xác nhận cho đơn vị cấp khác của cùng ngày số liệu; người ký cho xã không ký cho cấp trên của xã ấy. "
        "Mời người khác của đơn vị này ký."
    )


class NoticeNotOpen(Refusal):
    code = "NOTICE_NOT_OPEN"
    sentence = "Tin báo tử đã xem không còn chờ xác minh (đã có người trả lời, hoặc có tin mới); mời tải lại trang."


class FuneralFileRefused(Refusal):
    """A status or number that a funeral file can't take."""

    code = "FUNERAL_FILE_REFUSED"
    sentence = "Không ghi được trạng thái này."


class PhoneUnreadable(Refusal):
    code = "PHONE_UNREADABLE"
    sentence = "Số điện thoại phải có 10 chữ số, bắt đầu bằng 0."


class NothingToDraw(Refusal):
    code = "NOTHING_TO_DRAW"
    sentence = "Địa bàn này chưa có kết quả khớp tự động nào để chọn mẫu kiểm tra."


class DrawerCannotJudge(Refusal):
    """Whoever drew a sample may know which of its pairs were linked."""

    code = "DRAWER_CANNOT_JUDGE"
    sentence = "Người chọn mẫu không tự kiểm tra các cặp của mẫu ấy; mời người khác trong đơn vị trả lời."


class AlreadyAnswered(Refusal):
    """An answer stands; another one is never written over it."""

    code = "ALREADY_ANSWERED"
    sentence = "Cặp này đã có người trả lời; kết quả đã ghi không sửa được."


class RuleImpossible(Refusal):
    """The codes the rule is about are in `conflicts`."""

    code = "RULE_IMPOSSIBLE"
    sentence = (
        "Không ghi được quy định này: nhóm đối tượng không thuộc chính sách, hoặc đã có quy định cùng ngày hiệu lực."
    )


class NoProvince(Refusal):
    code = "NO_PROVINCE"
    sentence = "Chưa có đơn vị cấp tỉnh trong danh mục; mời nạp danh mục đơn vị hành chính trước."


class OrderJustTaken(Refusal):
    """Orders came to an end as fast as this one looked for them."""

    code = "ORDER_JUST_TAKEN"
    sentence = "Lượt trước vừa kết thúc; mời đặt lại."


class PaperNotKept(Refusal):
    code = "PAPER_NOT_KEPT"
    sentence = "Chưa có bản quét nào được lưu cho giấy tờ này; mời tải lên bản quét."


class LevelsUnclear(Refusal):
    """Every row and column that can't be told, as sentences."""

    code = "LEVELS_UNCLEAR"
    sentence = "Bảng mức hưởng có dòng không đọc được; chưa ghi mức nào. Mời sửa theo từng dòng rồi nạp lại."


class ProposerCannotAdopt(Refusal):
    """The ids of the proposals are in `conflicts`."""

    code = "PROPOSER_CANNOT_ADOPT"
    sentence = "Người đề nghị mức hưởng không tự quyết định áp dụng; mời người khác quyết định."


class LevelAlreadyDecided(Refusal):
    """The ids of the proposals are in `conflicts`."""

    code = "LEVEL_ALREADY_DECIDED"
    sentence = "Mức hưởng này đã được quyết định, hoặc không có đề nghị này; mời tải lại danh sách."


class DecidedSinceRead(Refusal):
    code = "DECIDED_SINCE_READ"
    sentence = "Hồ sơ đã có quyết định mới từ lúc mở xem; mời xem lại rồi ghi."


class NobodyNeedsASlip(Refusal):
    """Everybody has a code, or wants none."""

    code = "NOBODY_NEEDS_A_SLIP"
    sentence = (
        "Ở đây không còn ai chưa có mã tra cứu. Ai mất phiếu: mở trang của người đó, bấm “In phiếu mới”; "
        "ai thiếu năm sinh: đề nghị sửa hồ sơ trước."
    )


class NoYearToLookUpBy(Refusal):
    """A look-up asks for the year of birth."""

    code = "NO_YEAR_TO_LOOK_UP_BY"
    sentence = "Hồ sơ chưa có năm sinh nên mã sẽ không dùng được; mời đề nghị sửa hồ sơ, ghi năm sinh trước."
