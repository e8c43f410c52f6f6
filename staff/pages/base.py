"""A page asks the API's own views, in the same process and in the same person's name, and lays out what they answer.

So a page can show nothing the API would not tell, and a button can do nothing the API would refuse: there is one table of rights, one scope,
one set of refusals.
"""

from collections.abc import Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.views import View
from rest_framework import status
from rest_framework.views import APIView

from staff.models import User
from staff.pages.drafts import STILL_HERE, UNDER, draft_of, keep_draft
from staff.pages.faults import point_at_faults
from staff.pages.typed import read_days
from staff.pages.wording import FIELDS, Fault, spell_out
from staff.rights import Right, may, no_right

# No script at all, nothing from elsewhere, in nobody's frame.
CONTENT_SECURITY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
ERRORS_SHOWN = 20
NOTHING_DONE = "chua-ghi"  # how the address of the log-in says that a button was pressed after the session had ended
MULTIPART = "multipart/form-data"


class PageRefused(Exception):
    """The API does not answer this person with what the page is about."""

    def __init__(self, code: int, sentence: str, faults: list[str]) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.faults = code, sentence, faults


class _ForStaff(View):
    """Whoever is not logged in is led to the log-in, and back."""

    def setup(self, request: HttpRequest, *args: Any, **address: Any) -> None:
        """Days in a question are read as those in a form are."""
        setattr(request, "GET", read_days(request.GET))  # noqa: B010  (typed as read-only)
        super().setup(request, *args, **address)

    def dispatch(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        if not isinstance(request.user, User):
            return self.led_to_the_log_in(request)
        try:
            response = self.respond(request, *args, **address)
        except PageRefused as refused:
            faults = spell_out(refused.faults[:ERRORS_SHOWN])
            given: dict[str, Any] = {"sentence": refused.sentence, "faults": faults}
            given["not_found"] = refused.status == status.HTTP_404_NOT_FOUND and request.method == "GET"
            response = render(request, "staff/refused.html", given, status=refused.status)
        return protect(response)

    def led_to_the_log_in(self, request: HttpRequest) -> HttpResponseBase:
        """And back to the page; who pressed a button is told that nothing was done."""
        if request.method == "GET":
            return redirect_to_login(request.get_full_path())
        return redirect_to_login("/", f"{reverse('log-in')}?{NOTHING_DONE}=1")

    def respond(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        """What is done for somebody who is logged in."""
        return super().dispatch(request, *args, **address)

    def answer_of(self, view: type[APIView], *, query: dict[str, Any] | None = None, **address: Any) -> Any:
        """What an API view answers this person; `query` stands behind the question mark instead of the page's own."""
        asked = self.request
        if query is not None:
            asked = copy(asked)
            given = QueryDict(mutable=True)
            given.update({name: str(value) for name, value in query.items()})
            setattr(asked, "GET", given)  # noqa: B010  (typed as immutable, as it is on the request that came in)
        return view.as_view()(asked, **address)


class Page(_ForStaff):
    """A page to read: its `template_name`, and in `content` what stands on it."""

    template_name: ClassVar[str]
    # Whoever has none of them is told who has, instead of being shown a form that refuses them; none given: what the page asks the API decides.
    rights: ClassVar[tuple[Right, ...]] = ()
    http_method_names = ["get", "head", "options"]

    def respond(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponseBase:
        actor = request.user
        if self.rights and isinstance(actor, User) and not any(may(actor, right) for right in self.rights):
            raise PageRefused(status.HTTP_403_FORBIDDEN, no_right(actor, *self.rights).sentence, [])
        return super().respond(request, *args, **address)

    def get(self, request: HttpRequest, **address: Any) -> HttpResponse:
        return render(request, self.template_name, self.content(**address))

    def content(self, **address: Any) -> dict[str, Any]:
        """What the template lays out."""
        raise NotImplementedError

    def ask(self, view: type[APIView], *, query: dict[str, Any] | None = None, **address: Any) -> Any:
        """The data of an API view. Raises `PageRefused` with its own words for anything but an answer."""
        answer = self.answer_of(view, query=query, **address)
        if status.is_success(answer.status_code):
            return answer.data
        raise PageRefused(answer.status_code, answer.data["sentence"], list(answer.data["conflicts"]))

    def ask_if_allowed(self, view: type[APIView], *, query: dict[str, Any] | None = None, **address: Any) -> Any:
        """The same for a part of the page: None where this person may not see it."""
        try:
            return self.ask(view, query=query, **address)
        except PageRefused as refused:
            if refused.status not in (status.HTTP_403_FORBIDDEN, status.HTTP_404_NOT_FOUND):
                raise
            return None


class PageStep(_ForStaff):
    """A button: the POST of one API address, then back to a page with what became of it.

    With a page in `again` a refusal is shown on that page at once, with what was typed in (but no `secrets`); else on the page to go back to.
    Where a page has one such form for each row, `row` names the part of the address that tells them apart: a fault leads to `note-7`.
    Fields whose names begin as one of `own` are the page's and no fields of the API, which refuses what it does not know.
    """

    step: type[APIView] = APIView
    back: str = "start"
    done: str = "Đã thực hiện."
    keeps_blanks: bool = False
    again: type[Page] | None = None
    row: str = ""
    own: ClassVar[tuple[str, ...]] = ()
    secrets: ClassVar[frozenset[str]] = frozenset()
    not_sent: Mapping[str, Any] = MappingProxyType({})
    http_method_names = ["post"]

    def led_to_the_log_in(self, request: HttpRequest) -> HttpResponseBase:
        """The button's address leads on to its page; what was typed is kept for whoever typed it, and shown there."""
        token = keep_draft(request, leave_out=self.secrets) if request.method == "POST" else ""
        back = f"{request.path}?{UNDER}={token}" if token else request.path
        return redirect_to_login(back, f"{reverse('log-in')}?{NOTHING_DONE}={2 if token else 1}")

    def post(self, request: HttpRequest, **address: Any) -> HttpResponse:
        """The form's fields are the body; a refusal is shown where the button was."""
        typed = read_days(request.POST)
        given = self.body(typed)
        self.not_sent = {name: value for name, value in typed.items() if name not in given}
        self.request = _with_body(request, given)
        answer = self.answer_of(self.step, **self.of_step(address))
        if status.is_success(answer.status_code):
            return self.succeeded(answer.data, address)
        return self.refused(answer, address)

    def refused(self, answer: Any, address: dict[str, Any]) -> HttpResponse:
        """Told where the button was."""
        if answer.status_code == status.HTTP_404_NOT_FOUND:
            raise PageRefused(answer.status_code, answer.data["sentence"], [])
        faults = self.faults(answer.data, address)[:ERRORS_SHOWN]
        if self.again is not None:
            return self._shown_again(answer.data["sentence"], faults, address, code=answer.status_code)
        told = "; ".join(fault.sentence for fault in faults)
        messages.error(self.request, f"{answer.data['sentence']} {f'({told})' if told else ''}".strip())
        return redirect(reverse(self.back, kwargs=self.of_page(address)))

    def faults(self, said: dict[str, Any], address: dict[str, Any]) -> list[Fault]:
        """What stands in the way, each with the field it leads to."""
        found = spell_out(said["conflicts"])
        return [one.of_row(address[self.row]) for one in found] if self.row else found

    def _shown_again(self, sentence: str, faults: list[Fault], address: dict[str, Any], *, code: int) -> HttpResponse:
        typed = {**self.not_sent, **dict(self.request.POST.items())}
        typed = {name: value for name, value in typed.items() if name not in self.secrets}
        given = {
            "refused": {"sentence": sentence, "faults": faults},
            "typed": {name.replace(".", "_"): value for name, value in typed.items()},
            "at": address,  # which of the forms of the page was sent
        }
        response = self.shown(self.again or Page, given, address, code=code)
        return point_at_faults(response, faults)

    def read(self, view: type[APIView], **address: Any) -> Any:
        """What an API view answers to reading, after the step: what became of what was changed."""
        reading = copy(self.request)
        reading.method = "GET"
        return view.as_view()(reading, **address).data

    def shown(
        self, page: type[Page], more: dict[str, Any], address: dict[str, Any], *, code: int = status.HTTP_200_OK
    ) -> HttpResponse:
        """A page as it is now, with `more` on it."""
        view, typed = page(), self.request.POST.copy()
        typed.update(dict(self.not_sent))
        reading = _with_body(self.request, typed)
        reading.method = "GET"
        view.setup(reading, **self.of_page(address))
        content = view.content(**self.of_page(address)) | more
        return render(self.request, page.template_name, content | self.beside(content), status=code)

    def beside(self, content: dict[str, Any]) -> dict[str, Any]:
        """What else a page shown after this step says, given what stands on it."""
        return {}

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **address: Any) -> HttpResponse:
        """A page shown again stands at its button's address: whoever reloads it there or follows a link relative to it is led to the page."""
        if request.method != "GET":
            return super().http_method_not_allowed(request, *args, **address)
        if draft := draft_of(request):
            return self._open_again(request, draft, address)
        asked = request.GET.urlencode()
        return redirect(reverse(self.back, kwargs=self.of_page(address)) + (f"?{asked}" if asked else ""))

    def _open_again(self, request: HttpRequest, draft: QueryDict, address: dict[str, Any]) -> HttpResponse:
        """What was typed when the session had ended: in its form where the page shows one again, else as text to copy."""
        asked = request.GET.copy()
        del asked[UNDER]
        setattr(request, "GET", asked)  # noqa: B010  (typed as immutable)
        self.request, self.not_sent = _with_body(request, draft), {}
        if self.again is not None:
            return self._shown_again(STILL_HERE, [], address, code=status.HTTP_200_OK)
        # Not by a message: those lie in a cookie, and the telephone may be another's tomorrow.
        lines = [Fault("", f"{FIELDS.get(name, 'Nội dung')}: {value}") for name, value in draft.items() if value]
        given = {"sentence": STILL_HERE, "faults": lines, "back": reverse(self.back, kwargs=self.of_page(address))}
        return render(request, "staff/refused.html", given)

    def body(self, typed: QueryDict) -> QueryDict:
        """What the API is sent: a field nobody filled in is none."""
        given = typed.copy()
        for name in list(given):
            if name.startswith(self.own) or (not self.keeps_blanks and not any(given.getlist(name))):
                del given[name]
        return given

    def succeeded(self, data: Any, address: dict[str, Any]) -> HttpResponse:
        """Told on the page one is led to."""
        messages.success(self.request, self.said(data))
        return redirect(self.then(data, address))

    def of_step(self, address: dict[str, Any]) -> dict[str, Any]:
        """What of the button's address the API's address is made of."""
        return address

    def of_page(self, address: dict[str, Any]) -> dict[str, Any]:
        """What of it the page to go back to is made of."""
        return address

    def then(self, data: Any, address: dict[str, Any]) -> str:
        """Where to go when it is done."""
        return reverse(self.back, kwargs=self.of_page(address))

    def said(self, data: Any) -> str:
        """What is told when it is done."""
        return self.done


def _with_body(request: HttpRequest, given: QueryDict) -> HttpRequest:
    """The same request with another form in it; its files stay."""
    asked = copy(request)
    setattr(asked, "POST", given)  # noqa: B010  (typed as read-only)
    if request.content_type != MULTIPART:
        setattr(asked, "_body", given.urlencode().encode())  # noqa: B010  (what REST framework reads again)
    return asked


def protect(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by no browser or proxy on the way, and unable to load or send anything elsewhere."""
    add_never_cache_headers(response)
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY)  # a stranger's paper brings a stricter one
    response.headers["Referrer-Policy"] = "same-origin"
    return response
