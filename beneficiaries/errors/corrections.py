"""Refusals about corrections of a person's record."""

from staff.errors import Refusal


class CorrectionImpossible(Refusal):
    """What is asked can't be a correction; the sentence says why and what to do instead."""

    code = "CORRECTION_IMPOSSIBLE"
    sentence = "Không sửa hồ sơ như vậy được."


class CorrectionWaits(Refusal):
    """One correction of a person waits at a time; its id is in `conflicts`."""

    code = "CORRECTION_WAITS"
    sentence = (
        "Hồ sơ này đang có một đề nghị sửa chờ người thứ hai; mời xác nhận, không chấp nhận hoặc rút đề nghị đó trước."
    )


class CorrectionSettled(Refusal):
    code = "CORRECTION_SETTLED"
    sentence = "Đề nghị sửa hồ sơ này đã được xác nhận, không chấp nhận hoặc rút."


class CorrectionOutdated(Refusal):
    """The record is not what the proposer saw any more."""

    code = "CORRECTION_OUTDATED"
    sentence = "Hồ sơ đã thay đổi từ khi đề nghị sửa; mời rút đề nghị này và lập đề nghị mới theo hồ sơ hiện nay."


class ProposerCannotConfirm(Refusal):
    code = "PROPOSER_CANNOT_CONFIRM"
    sentence = "Người đề nghị sửa hồ sơ không tự xác nhận; mời người thứ hai so với giấy tờ rồi xác nhận."


class PaperNotSeen(Refusal):
    """Neither a scan nor an original that whoever confirms says to have seen."""

    code = "PAPER_NOT_SEEN"
    sentence = "Đề nghị chưa có bản quét giấy tờ; mời người đề nghị gửi bản quét, hoặc ghi đã xem bản chính ở đâu, ngày nào rồi xác nhận."


class OnlyProposerWithdraws(Refusal):
    code = "ONLY_PROPOSER_WITHDRAWS"
    sentence = "Chỉ người đề nghị rút được đề nghị của mình; người khác ghi “không chấp nhận” kèm lý do."


class OnlyProposerSendsPaper(Refusal):
    """The second person judges the paper the first one held: whoever could send both would decide alone."""

    code = "ONLY_PROPOSER_SENDS_PAPER"
    sentence = "Chỉ người đề nghị gửi bản quét giấy tờ của đề nghị; người xác nhận xem bản đã gửi."


class NumberOfSomebodyElse(Refusal):
    """Two people never share one number. Who and where is not said (I13)."""

    code = "NUMBER_OF_SOMEBODY_ELSE"
    sentence = (
        "Số định danh này đang ở hồ sơ của một người có họ tên, năm sinh hoặc giới tính khác. Hai người không dùng chung một số: "
        "mời so lại với thẻ căn cước; nếu số đúng, đề nghị Sở cho sửa hồ sơ kia trước."
    )
