"""What banks write into `:86:`: `/EREF/…` words, German `?20EREF+…` fields, or free text."""

import re
from dataclasses import dataclass
from typing import Final

_SLASHED: Final = re.compile(
    r"/(EREF|KREF|TXID|RTRN|OBPID|ACCT|BIN|REMI|BENM|ORDP|NAME|IBAN|MARF|CSID|TRTP|TRCD|SVCL|PREF|ADDR)/"
)
_PLUS: Final = re.compile(r"(EREF|KREF|MREF|CRED|SVWZ|ABWA|RREF|TREF)\+")
_FIELD: Final = re.compile(r"\?(\d\d)")
_NOTHING: Final = frozenset({"", "NONREF", "NOTPROVIDED"})


@dataclass(frozen=True, slots=True)
class Details:
    """What one `:86:` says; None where it says nothing. `bank_reference` is the bank's id of the payment before that of the booking."""

    end_to_end_id: str | None
    bank_reference: str | None
    return_code: str | None
    counterparty_name: str | None
    counterparty_account: str | None
    description: str


def read_details(text: str) -> Details:
    """Read a `:86:` of any of these shapes; what is in none of them is the description."""
    if _FIELD.search(text):
        return _numbered(text)
    if _SLASHED.search(text):
        return _slashed(text)
    words = _words(_PLUS, text)
    return Details(
        end_to_end_id=_some(words.get("EREF")),
        bank_reference=_some(words.get("TREF")),
        return_code=None,
        counterparty_name=_some(words.get("ABWA")),
        counterparty_account=None,
        description=_one_line(words.get("SVWZ") or text),
    )


def _slashed(text: str) -> Details:
    words = _words(_SLASHED, text)
    return Details(
        end_to_end_id=_some(words.get("EREF")),
        bank_reference=_some(words.get("OBPID")) or _some(words.get("TXID")),
        return_code=_some(words.get("RTRN")),
        counterparty_name=_some(words.get("NAME")) or _some(words.get("BENM")) or _some(words.get("ORDP")),
        counterparty_account=_some(words.get("ACCT")) or _some(words.get("IBAN")),
        description=_one_line(words.get("REMI", "")),
    )


def _numbered(text: str) -> Details:
    """`166?00…?20EREF+…?21…?31 account?32 name?34 return code`: fields 20–29 and 60–63 run on as one text."""
    fields: dict[str, str] = {}
    parts = _FIELD.split(text)
    for number, value in zip(parts[1::2], parts[2::2], strict=True):
        fields[number] = fields.get(number, "") + value.replace("\n", "")
    purpose = "".join(fields[number] for number in sorted(fields) if "20" <= number <= "29" or "60" <= number <= "63")
    words = _words(_PLUS, purpose)
    return Details(
        end_to_end_id=_some(words.get("EREF")),
        bank_reference=_some(words.get("TREF")),
        return_code=_some(fields.get("34")),
        counterparty_name=_some(fields.get("32", "") + fields.get("33", "")),
        counterparty_account=_some(fields.get("31")),
        description=_one_line(words.get("SVWZ") or purpose),
    )


def _words(pattern: re.Pattern[str], text: str) -> dict[str, str]:
    """Value by key word, up to the next one; a word said twice keeps its first value."""
    parts = pattern.split(text)
    words: dict[str, str] = {}
    for name, value in zip(parts[1::2], parts[2::2], strict=True):
        words.setdefault(name, value)
    return words


def _some(value: str | None) -> str | None:
    text = "".join((value or "").split("\n")).strip().strip("/")
    return None if text.upper() in _NOTHING else text


def _one_line(text: str) -> str:
    return " ".join(text.split())
