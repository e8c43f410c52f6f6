"""Faults beside their fields, for who hears a page instead of seeing it: the field says that it is wrong, and where the sentence stands."""

import re
from collections.abc import Sequence

from django.http import HttpResponse

from staff.pages.wording import Fault

_DESCRIBED = re.compile(r' aria-describedby="([^"]*)"')


def point_at_faults(response: HttpResponse, faults: Sequence[Fault]) -> HttpResponse:
    """The page with `aria-invalid` and `aria-describedby` on every field one of the faults is about; `fault-<field>` is the sentence's id."""
    said = response.content.decode()
    for field in {fault.field for fault in faults if fault.field}:
        said = re.sub(
            rf'<(?:input|select|textarea)[^>]* id="{re.escape(field)}"[^>]*>',
            lambda tag: _marked(tag[0]),
            said,
            count=1,
        )
    response.content = said.encode()
    return response


def _marked(tag: str) -> str:
    field = re.search(r' id="([^"]*)"', tag)
    name = f"fault-{field[1]}" if field else ""
    if found := _DESCRIBED.search(tag):
        return tag.replace(found[0], f' aria-describedby="{name} {found[1]}" aria-invalid="true"', 1)
    return tag.replace(' id="', f' aria-invalid="true" aria-describedby="{name}" id="', 1)
