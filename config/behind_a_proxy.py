"""What the proxy before the web process changed about a request, said again."""

from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def reached_by_tls(application: Application) -> Application:
    """Answers as to a request that came by https, which in production every one did: the proxy before us ended it.

    Without this a browser's form, sent from https, looks like one of another site and is refused; and links on paper begin with http.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return application(environ | {"wsgi.url_scheme": "https"}, start_response)

    return answer
