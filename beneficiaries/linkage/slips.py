"""Numbers one slip of the finger away: one digit wrong, or two neighbours swapped."""

from collections.abc import Iterator

DIGITS = "0123456789"


def slips_of(number: str) -> Iterator[str]:
    """Every other number that `number` may have been meant to be: nine per digit, and at most one per pair of neighbours."""
    for at, typed in enumerate(number):
        for digit in DIGITS:
            if digit != typed:
                yield number[:at] + digit + number[at + 1 :]
        if at + 1 < len(number) and number[at + 1] != typed:
            yield number[:at] + number[at + 1] + typed + number[at + 2 :]
