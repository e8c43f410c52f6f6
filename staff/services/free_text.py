"""What people type in their own words, without the numbers of people and accounts: those live in two tables only (I14)."""

import re

# Digits of one number are grouped one way: a year and the amount after it are not one number, nor is the end of an amount.
_BY_DOTS = r"(?<!\d)(?<!\d\.)(?:(?:\d\.?){11}|(?:\d\.?){8})\d(?!\.?\d)"
_BY_SPACES = r"(?<!\d)(?:(?:\d[ \u00a0]?){11}|(?:\d[ \u00a0]?){8})\d(?!\d|[ \u00a0]\d{3}(?!\d))"
_BY_DASHES = r"(?<!\d)(?<!\d-)(?:\d{4}-\d{4}-\d{4}|\d{3}-\d{3}-\d{3}-\d{3})(?!-?\d)"
# As one word, so that references of banks and of ours, which carry letters, stay whole.
_LONG = r"(?<![0-9A-Za-z])\d{9,19}(?![0-9A-Za-z])"
_ANY = f"(?:{_BY_DOTS}|{_BY_SPACES}|{_BY_DASHES}|{_LONG})"
_AMOUNT_FOLLOWS = r"(?!\s*(?:đ\b|đồng(?!\s+chí)|vnd|triệu|tỷ))"
# No amount begins with a nought; a person's number does.
_NUMBER = re.compile(f"{_ANY}{_AMOUNT_FOLLOWS}|(?=0){_ANY}", re.IGNORECASE)


def without_numbers(text: str) -> str:
    """Twelve or nine digits (a person's, grouped by spaces, dots or dashes too), or nine to nineteen on end, cut to the last three.

    Amounts of đồng stay, and so do dates beside them.
    """
    return _NUMBER.sub(lambda found: f"…{found.group()[-3:]}", text)
