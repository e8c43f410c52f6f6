"""Slips with look-up codes for a commune: how far each hamlet is, and the slips to print, kept half an hour for whoever loses the download."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from rest_framework.response import Response

from beneficiaries.api.lookup_slips import PDF, LookupSlipsView, PersonLookupView
from beneficiaries.services.lookup_slips import MOST_SLIPS
from staff.models import AdministrativeUnit, User
from staff.pages import FileByButton, Page, PageFile, PageRefused, PageStep
from staff.pages.choices import units_below
from staff.pages.kept import GONE
from staff.rights import Right, may
from staff.services.keeping import keep, still_kept, take_out_again

SLIPS = "lookup-slips"


class LookupSlipsPage(Page):
    """Hamlets with who has a code and who has none yet."""

    template_name = "beneficiaries/lookup_slips_page.html"

    def content(self, **address: Any) -> dict[str, Any]:
        asked = {name: value for name, value in self.request.GET.items() if value}
        actor, communes = self.request.user, (AdministrativeUnit.Kind.COMMUNE.value,)
        units = units_below(actor, kinds=communes) if isinstance(actor, User) else []
        unit = asked.get("unit", "") or (units[0][0] if units else "")
        query = {name: value for name, value in {**asked, "unit": unit}.items() if value}
        return {
            "rows": self.ask(LookupSlipsView, query=query),
            "units": units,
            "unit": unit,
            "most": MOST_SLIPS,
            "kept": still_kept(user=actor, purpose=SLIPS, now=timezone.now()) if isinstance(actor, User) else [],
            "may_print": isinstance(actor, User) and may(actor, Right.MANAGE_ACCOUNTS),
        }


class PrintLookupSlips(PageStep):
    """Codes exist once the slips do; the file waits on the page, so that neither a broken line nor a second press loses anybody's code."""

    step, back, again = LookupSlipsView, "page-lookup-slips", LookupSlipsPage
    keeps_blanks = True  # people of no hamlet are asked for by an empty one

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """Keep what the API gives, and lead back to the page, where it can be fetched."""
        self.request = request
        answer = self.answer_of(self.step)
        if isinstance(answer, Response):
            return self.refused(answer, address)
        assert isinstance(request.user, User)
        keep(user=request.user, purpose=SLIPS, content=answer.content, now=timezone.now())
        return redirect(f"{reverse(self.back)}?{urlencode({'unit': request.POST.get('unit', '')})}")


class FetchLookupSlips(PageFile):
    """Slips drawn a while ago."""

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """For whoever had them drawn, half an hour."""
        assert isinstance(request.user, User)
        content = take_out_again(user=request.user, purpose=SLIPS, pk=address["kept_id"], now=timezone.now())
        if content is None:
            raise PageRefused(404, GONE, [])
        headers = {"Content-Disposition": 'attachment; filename="phieu-tra-cuu.pdf"'}
        return HttpResponse(content, content_type=PDF, headers=headers)


class PrintNewSlip(FileByButton):
    """A new slip for one person."""

    view = PersonLookupView
