"""Slips with look-up codes, eight on a sheet to cut: whose it is, the code, where to ask. No year of birth, number, programme or sum."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.loader import render_to_string

from beneficiaries.models import Beneficiary
from staff.printing import archive_pdf

TEMPLATE = "beneficiaries/lookup_slips.html"
ON_A_SHEET = 8


@dataclass(frozen=True)
class LookupSlip:
    """One slip. The year of birth is the other half of what is asked for, so it stands nowhere on it."""

    person: Beneficiary
    code: str = field(repr=False)


def render_lookup_slips(slips: Sequence[LookupSlip], *, address: str, phone: str) -> bytes:
    """The PDF, A4, in the order given: two columns, left to right, row by row."""
    sheets = [slips[at : at + ON_A_SHEET] for at in range(0, len(slips), ON_A_SHEET)]
    shown = address.partition("://")[2] or address
    html = render_to_string(TEMPLATE, {"sheets": sheets, "address": shown.rstrip("/"), "phone": phone})
    return archive_pdf(html, identifier=hashlib.sha256(html.encode()).digest())
