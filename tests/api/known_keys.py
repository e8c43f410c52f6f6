"""One body for many addresses: each takes what it knows of it, and names the rest."""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.test import APIClient

STRANGERS = "trường không có: "


def ask_with_what_it_knows(client: APIClient, url: str, body: Mapping[str, object], *, method: str = "POST") -> Any:
    """The answer to `body` less the keys the address says it does not have."""
    while True:
        answer = client.generic(method, url, json.dumps(body).encode(), content_type="application/json")
        unknown = strangers_in(answer)
        if not unknown & set(body):
            return answer
        body = {key: value for key, value in body.items() if key not in unknown}


def strangers_in(answer: Any) -> set[str]:
    """Keys of the body that the answer says the address does not have."""
    said = answer.json()["conflicts"] if answer.status_code == 400 else []
    named = [
        name for fault in said if fault.startswith(STRANGERS) for name in fault.removeprefix(STRANGERS).split(", ")
    ]
    return {name.partition(".")[0] for name in named}
