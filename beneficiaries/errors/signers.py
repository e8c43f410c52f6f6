"""Refusals about who signed a decision that came in without its signer."""

from staff.errors import Refusal


class SignerNotNamed(Refusal):
    """What was written is no person's name."""

    code = "SIGNER_NOT_NAMED"
    sentence = "Chưa ghi họ tên người ký; mời ghi họ tên và chức vụ như trên quyết định."


class SignerIsNamed(Refusal):
    code = "SIGNER_IS_NAMED"
    sentence = (
        "Quyết định này đã ghi người ký, không bổ sung được; nếu bản giấy ghi khác, mời ghi quyết định mới thay thế."
    )


class SignerProposed(Refusal):
    """One proposal of a decision waits at a time; its id is in `conflicts`."""

    code = "SIGNER_PROPOSED"
    sentence = "Người ký của quyết định này đang chờ người thứ hai xác nhận; mời xác nhận, không chấp nhận hoặc rút đề nghị đó trước."


class NotOnThisPaper(Refusal):
    """Decisions (ids) that are not of the same commune, number and day, or whose signer is known by now."""

    code = "NOT_ON_THIS_PAPER"
    sentence = (
        "Có quyết định được chọn không cùng xã, cùng số, cùng ngày với quyết định này, hoặc vừa được bổ sung người ký; "
        "mời tải lại trang rồi chọn lại."
    )


class SignerProposalGone(Refusal):
    code = "SIGNER_PROPOSAL_GONE"
    sentence = (
        "Đề nghị bổ sung người ký này đã được xác nhận, không chấp nhận hoặc rút; mời xem lại trang của quyết định."
    )


class SignerOfProposerNeedsAnother(Refusal):
    code = "SIGNER_NEEDS_ANOTHER_PERSON"
    sentence = "Người đề nghị không tự xác nhận; mời người thứ hai xem bản giấy của quyết định rồi xác nhận."


class OnlyProposerOfASignerWithdraws(Refusal):
    code = "ONLY_PROPOSER_WITHDRAWS_A_SIGNER"
    sentence = "Chỉ người đề nghị rút được đề nghị của mình; người khác ghi “không chấp nhận” kèm lý do."
