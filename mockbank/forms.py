"""Form-encoded parameters, flat with their brackets; what is not known is refused, as Stripe refuses it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from mockbank.errors import ApiError

Params = dict[str, str]

_METADATA = re.compile(r"metadata\[([^\[\]]{1,40})\]")
_MAX_METADATA_KEYS, _MAX_METADATA_VALUE = 50, 500
_MAX_DIGITS = 18
MAX_AMOUNT = 10**12


def parse_form(encoded: str) -> Params:
    """`a[b]=c&d=e` -> {"a[b]": "c", "d": "e"}; a repeated name keeps its last value, except lists (`name[]`)."""
    return dict(parse_qsl(encoded, keep_blank_values=True))


def refuse_unknown(params: Iterable[str], *, known: frozenset[str], metadata: bool = False) -> None:
    for name in params:
        if name in known or (metadata and _METADATA.fullmatch(name)):
            continue
        raise ApiError(status=400, code="parameter_unknown", message=f"Received unknown parameter: {name}", param=name)


def required(params: Params, name: str) -> str:
    value = params.get(name, "")
    if not value:
        raise ApiError(status=400, code="parameter_missing", message=f"Missing required param: {name}.", param=name)
    return value


def invalid(name: str, message: str) -> ApiError:
    return ApiError(status=400, code="parameter_invalid", message=message, param=name)


def integer(params: Params, name: str, *, low: int, high: int) -> int:
    text = required(params, name)
    # int() alone would take '+5', '1_000' and other scripts' digits.
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS) or not low <= int(text) <= high:
        raise ApiError(status=400, code="parameter_invalid_integer", message=f"Invalid integer: {text}", param=name)
    return int(text)


def read_metadata(params: Params) -> dict[str, str]:
    metadata = {}
    for name, value in params.items():
        match = _METADATA.fullmatch(name)
        if match is None or value == "":
            continue
        if len(value) > _MAX_METADATA_VALUE:
            raise invalid(name, f"Metadata values can have up to {_MAX_METADATA_VALUE} characters")
        metadata[match[1]] = value
    if len(metadata) > _MAX_METADATA_KEYS:
        raise invalid("metadata", f"Metadata can have up to {_MAX_METADATA_KEYS} keys")
    return metadata
