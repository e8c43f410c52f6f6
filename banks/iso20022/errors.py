"""Why a file is not sent, or not believed. Details never show a name, an account or a number of a person."""

from banks.errors import BankError


class FileInvalid(BankError, ValueError):
    """A file that breaks a rule of its format: nothing in it counts. `detail` names the rule."""

    sentence = "Tệp trao đổi với ngân hàng không đúng quy cách."


class FileUnsafe(FileInvalid):
    """A document type or an entity, which no bank's file has."""

    sentence = "Tệp trao đổi với ngân hàng chứa nội dung không an toàn."


class FileTooLarge(FileInvalid):
    """More bytes or more transactions than agreed."""

    sentence = "Tệp trao đổi với ngân hàng quá lớn."
