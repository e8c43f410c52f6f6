"""How often one may ask: counted by all processes together, exactly; without their counter each allows less, and nothing breaks."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from secrets import token_hex

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.test import APIClient, APIRequestFactory
from rest_framework.views import APIView

from config.environment import shared_counters
from staff.api import throttles
from staff.api.throttles import PerAddress, WholeNumbers

AWAY = "redis+socket:///nowhere/redis.sock"


class Ten(PerAddress):
    """Ten a minute."""

    rate = "10/minute"
    scope = "ten"


@pytest.fixture(autouse=True)
def nobody_asked_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(throttles, "_away_until", 0.0)
    caches["default"].clear()
    yield
    caches["default"].clear()


def counter_at(broker_url: str, prefix: str) -> BaseCache:
    given = shared_counters(broker_url=broker_url, prefix=prefix)
    assert given.pop("BACKEND").endswith(".RedisCache")
    return RedisCache(given.pop("LOCATION"), given)


def use(monkeypatch: pytest.MonkeyPatch, counter: BaseCache) -> None:
    monkeypatch.setattr(throttles, "caches", {"counters": counter, "default": caches["default"]})


def ask(*, address: str = "10.0.0.1") -> Ten | None:
    """None if allowed, else the throttle that refused."""
    ten = Ten()
    request = Request(APIRequestFactory().get("/", REMOTE_ADDR=address))
    return None if ten.allow_request(request, APIView()) else ten


class TestOneLine:
    def test_addresses_of_one_ipv6_line_have_one_allowance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, caches["default"])
        allowed = [ask(address=f"2001:db8:1:2:{trial:x}::1") is None for trial in range(11)]

        assert allowed == [True] * 10 + [False]
        assert ask(address="2001:db8:1:3::1") is None

    def test_a_mapped_ipv4_address_stands_for_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, caches["default"])
        allowed = [ask(address=f"::ffff:198.51.100.{trial}") is None for trial in range(11)]

        assert allowed == [True] * 11

    def test_what_is_no_address_is_counted_as_it_stands(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, caches["default"])

        assert [ask(address="") is None for _ in range(11)] == [True] * 10 + [False]


class TestCountedTogether:
    def test_two_processes_share_one_allowance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Two caches on one Redis are what two processes have."""
        prefix = token_hex(4)
        one, other = (counter_at(settings.CELERY_BROKER_URL, prefix) for _ in range(2))

        allowed = 0
        for counter in [one, other] * 8:
            use(monkeypatch, counter)
            allowed += ask() is None

        assert allowed == 10

    def test_questions_asked_at_the_same_moment_are_all_counted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, counter_at(settings.CELERY_BROKER_URL, token_hex(4)))

        with ThreadPoolExecutor(32) as crowd:
            answers = list(crowd.map(lambda _: ask(), range(64)))

        assert answers.count(None) == 10

    def test_who_is_refused_is_told_when_the_window_ends(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, counter_at(settings.CELERY_BROKER_URL, token_hex(4)))

        refused = next(asked for asked in (ask() for _ in range(11)) if asked)

        assert refused.wait() is not None
        assert 50 <= (refused.wait() or 0) <= 60

    def test_another_address_has_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, counter_at(settings.CELERY_BROKER_URL, token_hex(4)))

        assert [ask(address="10.0.0.1") is None for _ in range(11)][-1] is False
        assert ask(address="10.0.0.2") is None


class TestGivenBack:
    @pytest.mark.parametrize("shared", [True, False])
    def test_as_often_as_it_was_taken_and_not_more(self, shared: bool, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, counter_at(settings.CELERY_BROKER_URL if shared else AWAY, token_hex(4)))
        most = 10 if shared else 2
        for _ in range(15):
            ten = Ten()
            assert ten.allow_request(Request(APIRequestFactory().get("/", REMOTE_ADDR="10.0.0.1")), APIView())
            ten.give_back()

        assert [ask() is None for _ in range(12)].count(True) == most

    def test_nothing_to_a_later_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        counter = counter_at(settings.CELERY_BROKER_URL, token_hex(4))
        use(monkeypatch, counter)
        early = Ten()
        assert early.allow_request(Request(APIRequestFactory().get("/", REMOTE_ADDR="10.0.0.1")), APIView())
        monkeypatch.setattr(Ten, "timer", lambda self: early.since + 60)
        counter.clear()

        allowed = [ask() is None for _ in range(10)]
        early.give_back()

        assert allowed == [True] * 10
        assert ask() is not None

    def test_a_count_without_an_end_gets_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What was given back as its window ended may be kept for good, and would lock an address out."""
        counter = caches["default"]
        use(monkeypatch, counter)
        key = Ten().get_cache_key(Request(APIRequestFactory().get("/", REMOTE_ADDR="10.0.0.1")), APIView())
        counter.set(key, 5, None)

        ask()

        assert counter._expire_info[counter.make_key(key)] is not None  # type: ignore[attr-defined]


class TestCounterAway:
    def test_a_process_alone_allows_a_quarter_and_breaks_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        use(monkeypatch, counter_at(AWAY, token_hex(4)))

        assert [ask() is None for _ in range(12)].count(True) == 2

    def test_it_is_not_asked_again_at_every_request(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []

        class Away:
            def add(self, *given: object) -> bool:
                asked.append(given)
                raise RedisError

        use(monkeypatch, Away())  # type: ignore[arg-type]  # all that is asked of it
        for _ in range(5):
            ask()

        assert len(asked) == 1

    def test_logging_in_goes_on(self, monkeypatch: pytest.MonkeyPatch, db: None) -> None:
        use(monkeypatch, counter_at(AWAY, token_hex(4)))
        wrong = {"username": "ke.toan", "password": "khong-dung-mat-khau"}

        answers = [APIClient().post("/api/token/", wrong, format="json").status_code for _ in range(4)]

        assert answers == [401, 401, 429, 429]


def test_nothing_but_digits_comes_out_of_the_cache() -> None:
    """A cache that unpickles runs the code of whoever can write to it."""
    assert WholeNumbers().loads(WholeNumbers().dumps(42)) == 42
    with pytest.raises(ValueError, match="invalid literal"):
        WholeNumbers().loads(b"cos\nsystem\n(S'true'\ntR.")


def test_without_a_redis_every_process_counts_for_itself() -> None:
    assert "locmem" in shared_counters(broker_url="amqp://rabbit/", prefix="x")["BACKEND"]
