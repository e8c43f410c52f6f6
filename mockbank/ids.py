"""Object ids drawn from the seed: same seed and history, same ids; and an id names its row without an index."""

from __future__ import annotations

from hashlib import blake2b

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBER_WIDTH = 8


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits.rjust(_NUMBER_WIDTH, "0")


class Ids:
    """`obp_`, the row number in base 36 (8 characters), 16 hex digits keyed by the seed: not to be guessed by counting."""

    def __init__(self, seed: str) -> None:
        self._key = blake2b(seed.encode(), digest_size=32).digest()

    def make(self, prefix: str, number: int) -> str:
        """The id of row `number`; 28 characters for a three-letter prefix, within ISO 20022's 35."""
        tail = blake2b(f"{prefix}:{number}".encode(), key=self._key, digest_size=8).hexdigest()
        return f"{prefix}_{_base36(number)}{tail}"

    def number(self, prefix: str, id: str) -> int | None:
        """The row an id names, or None when the id is not one of this bank's."""
        encoded = id.removeprefix(f"{prefix}_")[:_NUMBER_WIDTH]
        if not encoded.isascii() or not encoded.isalnum():
            return None
        number = int(encoded, 36)
        return number if self.make(prefix, number) == id else None

    def digest(self, text: str) -> str:
        """Sixteen hex digits for `text`, the same for the same seed."""
        return blake2b(text.encode(), key=self._key, digest_size=8).hexdigest()
