"""In production a proxy ends TLS before the web process: a form sent from the https page is one of ours all the same."""

import os
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, _get_new_csrf_string
from django.middleware.security import SecurityMiddleware

from config.behind_a_proxy import reached_by_tls
from tests.config.test_environment import ALL, run_in


def handed_on(environ: dict[str, Any]) -> dict[str, Any]:
    """The request as the application gets it."""
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return []

    reached_by_tls(application)(environ, None)
    return seen


def form_from(origin: str) -> dict[str, Any]:
    """A form that a browser sends from a page of `origin` and the proxy hands on by plain http."""
    token = _get_new_csrf_string()
    body = urlencode({"csrfmiddlewaretoken": token}).encode()
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/dang-nhap/",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "testserver",
        "HTTP_ORIGIN": origin,
        "HTTP_COOKIE": f"csrftoken={token}",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }


def is_taken(environ: dict[str, Any]) -> bool:
    def answer(request: Any) -> HttpResponse:
        return HttpResponse()

    guard, request = CsrfViewMiddleware(answer), WSGIRequest(environ)
    guard.process_request(request)
    return guard.process_view(request, answer, (), {}) is None


def test_a_form_of_the_page_is_taken() -> None:
    assert is_taken(handed_on(form_from("https://testserver")))


def test_a_form_of_another_site_is_not() -> None:
    assert not is_taken(handed_on(form_from("https://evil.invalid")))


def test_links_begin_with_https() -> None:
    assert (
        WSGIRequest(handed_on(form_from("https://testserver"))).build_absolute_uri("/tra-cuu/")
        == "https://testserver/tra-cuu/"
    )


def test_production_answers_so_and_nothing_else_does() -> None:
    code = "from config.wsgi import application; raise SystemExit(repr(application))"
    assert "reached_by_tls" in run_in(ALL, code).stderr
    here = run_in(dict(os.environ), code).stderr
    assert "WSGIHandler" in here
    assert "reached_by_tls" not in here


def test_a_browser_is_told_to_ask_by_https_alone(settings: Any) -> None:
    code = "import config.settings as s; raise SystemExit(f'for {s.SECURE_HSTS_SECONDS}')"
    assert run_in(ALL, code).stderr.strip() == "for 31536000"
    settings.SECURE_HSTS_SECONDS = 31536000
    answered = SecurityMiddleware(lambda request: HttpResponse())(
        WSGIRequest(handed_on(form_from("https://testserver")))
    )
    assert answered.headers["Strict-Transport-Security"] == "max-age=31536000"
