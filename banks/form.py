"""The form encoding of Stripe-shaped APIs: nested names in brackets."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from urllib.parse import quote_plus

FormValue = str | int | Mapping[str, "FormValue"]


def encode_form(fields: Mapping[str, FormValue]) -> str:
    """`{"a": {"b": 1}}` becomes `a%5Bb%5D=1`; order is kept, text is UTF-8."""
    return "&".join(_pairs(fields, ""))


def _pairs(fields: Mapping[str, FormValue], within: str) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, int):
            yield f"{_key(within, name)}={value}"
        elif isinstance(value, str):
            yield f"{_key(within, name)}={quote_plus(value)}"
        else:
            yield from _pairs(value, f"{within}[{name}]" if within else name)


@lru_cache(maxsize=256)  # the names are a fixed vocabulary, and quoting them anew was a tenth of a call's cost
def _key(within: str, name: str) -> str:
    return quote_plus(f"{within}[{name}]" if within else name)
