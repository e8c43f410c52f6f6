"""The platform over HTTPS and JSON: POST /v1/identity-verdicts with at most 100 people, a bearer token and the purpose."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import requests

from beneficiaries.platform.interface import Answer, PlatformSilent, Question

PER_CALL = 100
MAX_ANSWER_BYTES = 1024 * 1024
PATH = "/v1/identity-verdicts"
OUTCOMES = frozenset(
    ["MATCHES", "WRONG_NAME", "WRONG_BIRTH_DATE", "WRONG_NUMBER", "NOT_FOUND", "DECEASED", "DUPLICATE"]
)


class HttpPlatform:
    """One platform. `timeout` is (connect, read) in seconds. Asking is reading: a call that failed may be repeated."""

    def __init__(self, *, base_url: str, token: str, timeout: tuple[float, float] = (3.05, 30.0)) -> None:
        self._url = base_url.rstrip("/") + PATH
        self._timeout = timeout
        self._session = requests.Session()
        self._session.trust_env = False  # neither proxies nor .netrc of the machine see a question
        self._session.headers.update({"Authorization": f"Bearer {token}", "Accept": "application/json"})

    def ask(self, questions: Sequence[Question], *, purpose: str) -> list[Answer]:
        """See `IdentityPlatform.ask`."""
        answers: list[Answer] = []
        for start in range(0, len(questions), PER_CALL):
            answers += self._ask_once(questions[start : start + PER_CALL], purpose=purpose)
        return answers

    def _ask_once(self, questions: Sequence[Question], *, purpose: str) -> list[Answer]:
        rows = [
            {
                "reference": question.reference,
                "full_name": question.full_name,
                "birth": question.birth,
                "sex": question.sex,
                "number": question.number,
                "residence": question.residence,
            }
            for question in questions
        ]
        try:
            with self._session.post(
                self._url,
                json={"purpose": purpose, "people": rows},
                timeout=self._timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise PlatformSilent(f"status {response.status_code}")
                body = response.raw.read(MAX_ANSWER_BYTES + 1, decode_content=True)
                if len(body) > MAX_ANSWER_BYTES:
                    raise PlatformSilent("answer too long")
                document = json.loads(body)
        except (requests.RequestException, ValueError, OSError):
            # Without its cause: the text of an HTTP error may hold what was asked.
            raise PlatformSilent("no readable answer") from None
        return _read(document, asked={question.reference for question in questions})


def _read(document: Any, *, asked: set[str]) -> list[Answer]:
    rows = document.get("answers") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise PlatformSilent("not a list of answers")
    return [_answer(row, asked=asked) for row in rows]


def _answer(row: Any, *, asked: set[str]) -> Answer:
    if not isinstance(row, dict) or row.get("reference") not in asked or row.get("outcome") not in OUTCOMES:
        raise PlatformSilent("an answer to something else")
    try:
        answered_on = date.fromisoformat(str(row.get("answered_on")))
    except ValueError:
        raise PlatformSilent("an answer without a date") from None
    return Answer(reference=row["reference"], outcome=row["outcome"], answered_on=answered_on)
