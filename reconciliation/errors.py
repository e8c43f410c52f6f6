"""Refusals of the reconciling app."""

from staff.errors import Refusal


class StatementOfAnotherAccount(Refusal):
    code = "STATEMENT_OF_ANOTHER_ACCOUNT"
    sentence = "Sao kê này không phải của tài khoản chi trả nào trong hệ thống."


class StatementNotAccepted(Refusal):
    """The file could not be read; the sentence says why."""

    code = "STATEMENT_NOT_ACCEPTED"


class StatementDiffers(Refusal):
    code = "STATEMENT_DIFFERS"
    sentence = "Đã có một sao kê khác mang cùng số thứ tự của tài khoản này; mời hỏi ngân hàng bản nào đúng."
