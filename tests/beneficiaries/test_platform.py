"""The platform that gives verdicts, over real HTTP: a server of its own on this machine, with faults."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from beneficiaries.models import Verdict
from beneficiaries.platform import PlatformSilent, Question
from beneficiaries.platform.http import PER_CALL, HttpPlatform
from beneficiaries.services.identity.ask_platform import ask_platform
from beneficiaries.services.identity.reask_platform import ask_again
from tests.beneficiaries.enquiries import LATER, ask_about_all, take_in
from tests.beneficiaries.office_files import person
from tests.beneficiaries.offices import NOW, Offices


@dataclass
class Behaviour:
    """What the server does next, and what it was asked."""

    outcomes: dict[str, str] = field(default_factory=dict)
    status: int = 200
    body: bytes | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)


@pytest.fixture
def behaviour() -> Behaviour:
    return Behaviour()


@pytest.fixture
def platform(behaviour: Behaviour) -> Iterator[HttpPlatform]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            behaviour.asked.append(asked)
            behaviour.tokens.append(self.headers.get("Authorization"))
            answers = [
                {"reference": one["reference"], "outcome": outcome, "answered_on": "2024-06-15"}
                for one in asked["people"]
                if (outcome := behaviour.outcomes.get(one["full_name"].split()[-1]))
            ]
            body = json.dumps({"answers": answers}).encode() if behaviour.body is None else behaviour.body
            self.send_response(behaviour.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield HttpPlatform(base_url=f"http://127.0.0.1:{server.server_port}", token="bi-mat", timeout=(1, 2))
    server.shutdown()
    server.server_close()


def question(nth: int) -> Question:
    return Question(
        reference=f"XM1-{nth}", full_name="Nguyễn Văn An", birth="1942", sex="MALE", number="", residence=""
    )


def test_answers_are_kept_and_take_effect(offices: Offices, platform: HttpPlatform, behaviour: Behaviour) -> None:
    people = take_in(offices)
    behaviour.outcomes = {"An": "MATCHES", "Bình": "WRONG_NUMBER"}
    enquiry = ask_about_all(offices, source="PLATFORM")

    replied = ask_platform(enquiry=enquiry, platform=platform, actor=offices.maker, now=LATER)

    statuses = {name: type(one).objects.get(pk=one.pk).identity_status for name, one in people.items()}
    assert (replied.asked, replied.answered, replied.silent) == (3, 2, False)
    assert statuses == {"An": "MATCHED", "Bình": "CONFLICT", "Cường": "UNCHECKED"}
    assert (behaviour.asked[0]["purpose"], behaviour.tokens[0]) == ("Rà soát đối tượng", "Bearer bi-mat")
    assert set(Verdict.objects.values_list("source", flat=True)) == {"PLATFORM"}


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, None), (429, None), (302, None), (200, b"{"), (200, b"[]"), (200, b'{"answers": [{"reference": "XM1-99", "outcome": "MATCHES"}]}'),
     (200, b'{"answers": [{"reference": "XM1-1", "outcome": "MAYBE", "answered_on": "2024-06-15"}]}'), (200, b"x" * 1_100_000)],
)  # fmt: skip
def test_what_can_not_be_read_says_nothing_of_anybody(
    status: int, body: bytes | None, offices: Offices, platform: HttpPlatform, behaviour: Behaviour
) -> None:
    take_in(offices)
    behaviour.status, behaviour.body = status, body

    replied = ask_platform(
        enquiry=ask_about_all(offices, source="PLATFORM"), platform=platform, actor=offices.maker, now=LATER
    )

    assert (replied.answered, replied.silent, Verdict.objects.count()) == (0, True, 0)


def test_no_more_than_a_hundred_are_asked_in_one_call(platform: HttpPlatform, behaviour: Behaviour) -> None:
    platform.ask([question(nth) for nth in range(PER_CALL + 1)], purpose="x")

    assert [len(asked["people"]) for asked in behaviour.asked] == [100, 1]


def test_nobody_there_is_silence_without_a_name_in_it() -> None:
    gone = HttpPlatform(base_url="http://127.0.0.1:9", token="bi-mat", timeout=(0.5, 0.5))

    with pytest.raises(PlatformSilent) as silence:
        gone.ask([question(1)], purpose="x")

    assert "Nguyễn" not in repr(silence.value) + repr(question(1))
    assert silence.value.__cause__ is None


class TestAskedAgainByTheClock:
    """First asked on 15 June 2024; the platform's answers carry that day."""

    @pytest.fixture
    def first(self, offices: Offices, platform: HttpPlatform, behaviour: Behaviour) -> Offices:
        take_in(offices)
        behaviour.outcomes = {"An": "MATCHES", "Bình": "MATCHES"}
        enquiry = ask_about_all(offices, source="PLATFORM")
        ask_platform(enquiry=enquiry, platform=platform, actor=offices.maker, now=NOW)
        behaviour.asked.clear()
        return offices

    @pytest.mark.parametrize(("days", "asked"), [(10, 0), (16, 1), (170, 1), (181, 3)])
    def test_when_the_verdict_grew_old_or_none_came(
        self, first: Offices, platform: HttpPlatform, days: int, asked: int
    ) -> None:
        assert ask_again(platform=platform, now=NOW + timedelta(days=days)).asked == asked

    def test_once_under_the_purpose_and_name_of_who_asked_first(
        self, first: Offices, platform: HttpPlatform, behaviour: Behaviour
    ) -> None:
        later = NOW + timedelta(days=181)
        runs = [ask_again(platform=platform, now=later).asked for _ in range(2)]
        assert (runs, [one["purpose"] for one in behaviour.asked]) == ([3, 0], ["Rà soát đối tượng"])

    def test_but_nobody_who_was_never_asked_about(self, first: Offices, platform: HttpPlatform) -> None:
        first.receive(person(code="97101-000009", name="Nguyễn Văn Mới", number="097042000009"))
        assert ask_again(platform=platform, now=NOW + timedelta(days=181)).asked == 3

    def test_nor_in_the_name_of_somebody_who_may_not_any_more(self, first: Offices, platform: HttpPlatform) -> None:
        first.maker.is_active = False
        first.maker.save()
        assert ask_again(platform=platform, now=NOW + timedelta(days=181)).asked == 0

    def test_silence_leaves_it_for_another_day(
        self, first: Offices, platform: HttpPlatform, behaviour: Behaviour
    ) -> None:
        behaviour.status = 503
        later = NOW + timedelta(days=181)
        ask_again(platform=platform, now=later)
        behaviour.status = 200
        assert ask_again(platform=platform, now=later + timedelta(days=16)).answered == 2
