"""The web process, behind granian."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

from config.environment import PRODUCTION
from config.keys_at_start import refuse_unknown_keys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def reached_by_tls(application: Application) -> Application:
    """Answers as to a request that came by https, which in production every one did: the proxy before us ended it.

    Without this a browser's form, sent from https, looks like one of another site and is refused; and links on paper begin with http.
    """

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return application(environ | {"wsgi.url_scheme": "https"}, start_response)

    return answer


application: Application = get_wsgi_application()
refuse_unknown_keys()
if PRODUCTION:
    application = reached_by_tls(application)
