"""What somebody inside, or somebody who was, tries at the doors: an old role, an old session, an old form, a name that may or may not exist."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as given
from django.contrib.auth import hashers
from django.core.cache import caches
from django.test import Client
from knox.models import AuthToken

from beneficiaries.services.lookup import issue_lookup_codes
from payments.api.my_status import WrongYears
from staff.models import HistoryRow, Role, User
from tests.api.conftest import same_world, world_of_the_module
from tests.api.world import NOW, PASSWORD, World
from tests.pages.forms import Browser

__all__ = ["same_world", "world_of_the_module"]
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def world(same_world: World) -> Iterator[World]:
    for cache in (caches["default"], caches["counters"]):
        cache.clear()
    yield same_world


@pytest.fixture
def user(world: World) -> User:
    found = world.staff["CHECKER", "971"]
    found.set_password(PASSWORD)
    found.save(update_fields=["password"])
    return found


def browser_of(user: User) -> Browser:
    client = Browser(enforce_csrf_checks=True)
    client.get("/dang-nhap/")
    typed = {"username": user.username, "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post("/dang-nhap/", typed).status_code == 302
    return client


def token_of(client: Client) -> str:
    client.get("/toi/")
    return str(client.cookies["csrftoken"].value)


class TestWhoWasInside:
    def test_a_user_switched_off_by_any_way_is_out_with_the_next_request(self, user: User) -> None:
        inside, (_, token) = browser_of(user), AuthToken.objects.create(user=user)
        program = Client(headers={"authorization": f"Token {token}"})
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert (inside.get("/toi/").status_code, program.get("/api/sign-ins/").status_code) == (302, 401)

    def test_a_role_changed_meanwhile_counts_from_the_next_request(self, user: User) -> None:
        inside, (_, token) = browser_of(user), AuthToken.objects.create(user=user)
        program = Client(headers={"authorization": f"Token {token}"})
        assert program.get("/api/alarms/").status_code == 200
        User.objects.filter(pk=user.pk).update(role=Role.CIVIL_REGISTRY)
        assert program.get("/api/alarms/").status_code == 403
        assert inside.get("/api/alarms/").status_code == 403

    def test_a_form_filled_in_before_the_log_out_does_nothing_after_it(self, user: User) -> None:
        inside = browser_of(user)
        cookies = {name: morsel.value for name, morsel in inside.cookies.items()}
        typed = {"old": PASSWORD, "new": "mot cau dai de nho lam", "csrfmiddlewaretoken": token_of(inside)}
        assert inside.post("/dang-xuat/", {"csrfmiddlewaretoken": token_of(inside)}).status_code == 302
        thief = Browser(enforce_csrf_checks=True)
        thief.cookies.load(cookies)
        answer = thief.post("/toi/mat-khau/", typed)
        assert (answer.status_code, answer.url.partition("?")[0]) == (302, "/dang-nhap/")
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)

    def test_a_form_s_token_of_somebody_else_does_nothing(self, user: User, world: World) -> None:
        other = world.staff["MAKER", "971"]
        other.password = user.password
        other.save(update_fields=["password"])
        inside, thief = browser_of(user), browser_of(other)
        before = HistoryRow.objects.count()
        typed = {"old": PASSWORD, "new": "mot cau dai de nho lam", "csrfmiddlewaretoken": token_of(thief)}
        assert inside.post("/toi/mat-khau/", typed).status_code == 403
        assert HistoryRow.objects.count() == before

    def test_the_session_before_the_log_in_is_not_the_one_after(self, user: User) -> None:
        client = Browser()
        client.cookies[given.SESSION_COOKIE_NAME] = "planted" * 4
        client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
        assert client.cookies[given.SESSION_COOKIE_NAME].value != "planted" * 4
        assert client.get("/toi/").status_code == 200


class TestWhetherANameExists:
    @pytest.mark.parametrize("door", ["/api/token/", "/dang-nhap/"])
    def test_costs_one_hash_and_the_same_answer(self, door: str, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
        """Time is not measured: what takes it, the hash of the password, is counted."""
        locked = User.objects.create(
            username="khoa", full_name="K", role=Role.MAKER, is_active=False, password=user.password
        )
        without = User.objects.create(username="khong.mat.khau", full_name="L", role=Role.MAKER, password="!")
        hasher, worked = type(hashers.get_hasher()), []
        encode = hasher.encode

        def counted(self: Any, password: str, salt: str, *rest: Any, **more: Any) -> str:
            worked.append(1)
            return str(encode(self, password, salt, *rest, **more))

        monkeypatch.setattr(hasher, "encode", counted)
        found = []
        for name in (user.username, "khong.co.ai", locked.username, without.username):
            worked.clear()
            answer = Client().post(door, {"username": name, "password": "sai mat khau nay"}, **self._as(door))
            body = answer.content.decode().replace(name, "").partition("csrfmiddlewaretoken")
            found.append((len(worked), answer.status_code, len(body[0])))
        assert found == [found[0]] * 4
        assert found[0][0] == 1

    def _as(self, door: str) -> dict[str, Any]:
        return {"content_type": "application/json"} if door.startswith("/api/") else {}


def test_an_unknown_code_costs_what_a_known_one_with_the_wrong_year_does(
    world: World, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    known = issue_lookup_codes(unit=world.units["97101"], now=NOW)[0].code
    counted: list[str] = []
    allow = WrongYears.allow

    def spied(self: WrongYears, key: str) -> bool:
        counted.append(key)
        return allow(self, key)

    monkeypatch.setattr(WrongYears, "allow", spied)
    said = []
    for code in (known, "0000-0000-000"):
        with django_assert_num_queries(1):
            answer = Client().post(
                "/api/my-status/", {"code": code, "birth_year": 1951}, content_type="application/json"
            )
        said.append((answer.status_code, answer.content))
    assert said[0] == said[1]
    assert said[0][0] == 404
    assert len(counted) == 2
