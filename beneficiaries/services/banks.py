"""Banks of beneficiaries: the six-digit BIN of the national switch (NAPAS) and the names people write for it."""

from beneficiaries.linkage.names import name_key

BANKS: dict[str, str] = {
    "970405": "Agribank",
    "970415": "VietinBank",
    "970436": "Vietcombank",
    "970418": "BIDV",
    "970449": "LPBank",
    "970422": "MB",
}
_BY_KEY = {name_key(name): bin_ for bin_, name in BANKS.items()}


def bank_bin_of(text: str) -> str | None:
    """The BIN for a bank's short name as people write it, or for a BIN; None if the bank is not known."""
    if text in BANKS:
        return text
    return _BY_KEY.get(name_key(text))


def bank_name(bank_bin: str) -> str:
    """The bank's short name for print; the BIN itself for a bank we don't know."""
    return BANKS.get(bank_bin, bank_bin)
