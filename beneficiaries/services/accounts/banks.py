"""Banks of beneficiaries, and wallets beside them: the six-digit BIN of the national switch (NAPAS) and the names people write for it.

Money for social benefits goes into a bank account or into a mobile-money account (tiền di động) or wallet (ví điện tử): both have a BIN and a number,
and a wallet's number is the telephone's.
"""

import re
from dataclasses import dataclass

from beneficiaries.errors import UnknownBank
from beneficiaries.linkage.names import name_key

BANKS: dict[str, str] = {
    "970405": "Agribank",
    "970415": "VietinBank",
    "970436": "Vietcombank",
    "970418": "BIDV",
    "970449": "LPBank",
    "970422": "MB",
}
WALLETS: dict[str, str] = {
    "971005": "Viettel Money",
    "971011": "VNPT Money",
    "971025": "MoMo",
}
PROVIDERS: dict[str, str] = BANKS | WALLETS
_ALIASES = {
    "971005": ("ViettelMoney", "Viettel Pay", "ViettelPay", "Tiền di động Viettel", "Mobile Money Viettel"),
    "971011": ("VNPTMoney", "VNPT Pay", "VNPTPay", "Tiền di động VNPT", "Mobile Money VNPT", "Vinaphone Money"),
    "971025": ("Ví MoMo", "Ví điện tử MoMo", "Mo Mo"),
}
_BY_KEY = {name_key(name): bin_ for bin_, name in PROVIDERS.items()} | {
    name_key(word): bin_ for bin_, words in _ALIASES.items() for word in ("Ví " + PROVIDERS[bin_], *words)
}
# What speaks of a wallet nobody here knows: another sentence than for a bank, because somebody else can help.
_SOME_WALLET = re.compile(r"\b(vi|mobile money|tien di dong|zalopay|zalo|money|pay|mobifone|vinaphone)\b")
_MOBILE = re.compile(r"0[35789]\d{8}")
_AT_A_BANK = re.compile(r"(?=.*[0-9])[0-9A-Za-z]{4,34}")


def bank_bin_of(text: str) -> str | None:
    """The BIN for the short name of a bank or wallet as people write it, or for a BIN; None if it is not known."""
    if text in PROVIDERS:
        return text
    return _BY_KEY.get(name_key(text))


def bank_name(bank_bin: str) -> str:
    """The short name for print; the BIN itself for one we don't know."""
    return PROVIDERS.get(bank_bin, bank_bin)


def speaks_of_a_wallet(text: str) -> bool:
    """Whether these words, which name no provider we know, are about a wallet or mobile money."""
    words = " ".join(name_key(word) for word in re.split(r"[\W_]+", text) if word)
    return _SOME_WALLET.search(words) is not None


def number_at(bank_bin: str, number: str) -> str | None:
    """The number as the provider knows it, without spaces and dots; of a wallet the telephone's ten digits, from `84…` and a lost leading zero too.

    None if it can't be one: at a bank what Excel made of a long number ("9,8E+12"), or words.
    """
    plain = re.sub(r"[\s.\-]", "", number)
    if bank_bin not in WALLETS:
        return plain if _AT_A_BANK.fullmatch(plain) else None
    digits = plain.removeprefix("+")
    digits = f"0{digits[2:]}" if digits.startswith("84") and len(digits) == 11 else digits
    digits = f"0{digits}" if len(digits) == 9 else digits
    return digits if _MOBILE.fullmatch(digits) else None


@dataclass(frozen=True)
class AccountFault:
    """Why an account as a list names it is not kept: which column, which code (the reason of its case), and what to do."""

    column: str
    code: str
    sentence: str
    evidence: str


_KNOWN_WALLETS = ", ".join(WALLETS.values())
_UNKNOWN_BANK = AccountFault(
    "bank",
    "BANK_UNKNOWN",
    "Có số tài khoản nhưng không rõ ngân hàng; tài khoản chưa được ghi, mời ghi đúng tên ngân hàng. Người hưởng vẫn được chi trả.",
    "Danh sách của xã ghi số tài khoản nhưng không rõ ngân hàng.",
)
_UNKNOWN_WALLET = AccountFault(
    "bank",
    "WALLET_UNKNOWN",
    f"Ghi ví điện tử hoặc tiền di động nhưng không rõ của nhà cung cấp nào (đã biết: {_KNOWN_WALLETS}); ví chưa được ghi, mời ghi đúng tên. "
    "Người hưởng vẫn được chi trả.",
    "Danh sách của xã ghi ví điện tử hoặc tiền di động của nhà cung cấp chưa biết.",
)
_NO_WALLET_NUMBER = AccountFault(
    "account",
    "WALLET_NUMBER",
    "Số ví, tiền di động là số điện thoại 10 chữ số; ô này ghi khác nên ví chưa được ghi, mời kiểm tra lại số. Người hưởng vẫn được chi trả.",
    "Danh sách của xã ghi ví điện tử, tiền di động mà số không phải số điện thoại.",
)
_NO_ACCOUNT_NUMBER = AccountFault(
    "account",
    "ACCOUNT_NUMBER",
    "Số tài khoản có từ 4 đến 34 chữ số; ô này ghi khác (Excel hay đổi số dài thành dạng 9,8E+12) nên tài khoản chưa được ghi, mời định dạng cột "
    "là văn bản rồi ghi đủ số. "
    "Người hưởng vẫn được chi trả.",
    "Danh sách của xã ghi số tài khoản không đọc được.",
)


def account_fault(*, bank: str, number: str) -> AccountFault | None:
    """What is wrong with an account as a list names it; None when nothing is, or when it names no account."""
    if not number:
        return None
    bank_bin = bank_bin_of(bank)
    if bank_bin is None:
        return _UNKNOWN_WALLET if speaks_of_a_wallet(bank) else _UNKNOWN_BANK
    if number_at(bank_bin, number):
        return None
    return _NO_WALLET_NUMBER if bank_bin in WALLETS else _NO_ACCOUNT_NUMBER


def account_named(*, bank: str, number: str) -> tuple[str, str] | None:
    """BIN and number of an account as a list names it; None where it names none that can be kept."""
    bank_bin = bank_bin_of(bank) if number else None
    known = number_at(bank_bin, number) if bank_bin else None
    return (bank_bin, known) if bank_bin and known else None


def require_a_bank(bank_bin: str) -> None:
    """That accounts can be asked for there in bulk. Raises `UnknownBank`, which names those it can be."""
    if bank_bin in WALLETS:
        raise UnknownBank(
            f"{WALLETS[bank_bin]} là ví, tiền di động: người hưởng tự mở bằng điện thoại rồi ký phiếu đăng ký, không đề nghị mở đồng loạt được."
        )
    if bank_bin not in BANKS:
        known = ", ".join(f"{name} ({code})" for code, name in BANKS.items())
        raise UnknownBank(f"Không nhận ra ngân hàng mang mã {bank_bin}; mời chọn một trong: {known}.")
