"""A browser that sends forms as browsers do."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.test import Client


class Browser(Client):
    """Sends a form as browsers send one without files; `send` as they send one with."""

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        return super().post(
            path, urlencode(data or {}, doseq=True), content_type="application/x-www-form-urlencoded", **more
        )

    def send(self, path: str, data: Any, **more: Any) -> Any:
        """A form with a file; few pages take one."""
        return super().post(path, data, **more)


Browse = Callable[[str, str], Browser]
