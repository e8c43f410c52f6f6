"""No page of ours, wherever it comes from, runs a script or loads anything from elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# Papers to print bring their style with them, so that they can be saved whole; pages of staff allow not even that (`staff.pages.base`).
PRINTED = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


class ContentSecurity:
    """Every HTML answer that says nothing stricter itself: printable papers under `/api/`, the first page, what is not found."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Security-Policy", PRINTED)
        return response
