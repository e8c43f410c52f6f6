"""The registration slip as a PDF to print and sign: who, how the money is to come, into which account, who signs."""

from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration

from beneficiaries.models import Beneficiary, PayeeRelation
from staff.printing import SCHEME, AssetFetcher

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
    """The PDF of one slip, A4, tagged."""
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
    document = HTML(string=html, base_url=SCHEME, url_fetcher=AssetFetcher())
    content: bytes = document.write_pdf(font_config=FontConfiguration(), pdf_tags=True)
    return content
