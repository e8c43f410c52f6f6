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


class LineExplained(Refusal):
    code = "LINE_EXPLAINED"
    sentence = "Dòng sao kê hoặc khoản chi này đã được nối; muốn nối lại, hãy hủy lần nối trước."


class AmountsDiffer(Refusal):
    code = "AMOUNTS_DIFFER"
    sentence = "Số tiền của dòng sao kê khác số tiền của khoản chi, nên không nối được; hãy hỏi ngân hàng."


class NotOfThisAccount(Refusal):
    code = "NOT_OF_THIS_ACCOUNT"
    sentence = "Khoản chi này thuộc tài khoản chi trả khác với sao kê."


class MatchUndone(Refusal):
    code = "MATCH_UNDONE"
    sentence = "Lần nối này đã được hủy."
