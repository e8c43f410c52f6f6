"""The registration slip as a PDF to print and sign: who, how the money is to come, into which account, who signs."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from beneficiaries.models import Beneficiary, PayeeRelation
from staff.printing import archive_pdf

TEMPLATE = "beneficiaries/slip.html"


@dataclass(frozen=True)
class SlipForm:
    """What is printed: the person as registered, who may sign for them. No identity number: it is written in by hand at the desk."""

    beneficiary: Beneficiary
    payees: list[PayeeRelation]
    signs_alone: bool
    agency: str
    on: date


def render_slip(form: SlipForm) -> bytes:
    """The PDF of one slip, A4."""
    html = render_to_string(
        TEMPLATE,
        {
            "person": form.beneficiary,
            "unit": form.beneficiary.unit,
            "payees": form.payees,
            "signs_alone": form.signs_alone,
            "agency": form.agency,
            "on": form.on,
        },
    )
    return archive_pdf(html, identifier=hashlib.sha256(html.encode()).digest())
