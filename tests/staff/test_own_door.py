"""One's own door: another password ends every other session and token, and nobody else's."""

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from knox.models import AuthToken

from staff.models import SignIn, User
from tests.api.world import PASSWORD, World, make_world

NEW = "mot cau dai de nho lam"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def world(db: None) -> World:
    for cache in (caches["default"], caches["counters"]):
        cache.clear()
    made = make_world()
    for role in ("CHECKER", "MAKER"):
        user = made.staff[role, "971"]
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return made


def logged_in(user: User, password: str = PASSWORD) -> Client:
    client = Client(headers={"user-agent": "Firefox/140"})
    answer = client.post("/dang-nhap/", {"username": user.username, "password": password})
    assert answer.status_code == 302
    return client


def change(client: Client, old: str, new: str) -> int:
    return client.post("/toi/mat-khau/", f"old={old}&new={new}", content_type=FORM).status_code


def is_in(client: Client) -> bool:
    return client.get("/danh-sach/").status_code == 200


class TestAnotherPassword:
    def test_ends_every_other_session_and_token_and_keeps_this_one(self, world: World) -> None:
        user = world.staff["CHECKER", "971"]
        here, there, colleague = logged_in(user), logged_in(user), logged_in(world.staff["MAKER", "971"])
        AuthToken.objects.create(user=user)
        assert change(here, PASSWORD, NEW) == 302
        assert (is_in(here), is_in(there), is_in(colleague)) == (True, False, True)
        assert not AuthToken.objects.filter(user=user).exists()
        assert is_in(logged_in(user, NEW))

    @pytest.mark.parametrize(
        ("old", "new"), [("sai", NEW), (PASSWORD, "ngan"), (PASSWORD, "password1234"), (PASSWORD, PASSWORD)]
    )
    def test_is_refused_without_the_old_one_or_when_it_is_weak_or_the_same(
        self, old: str, new: str, world: World
    ) -> None:
        user = world.staff["CHECKER", "971"]
        here, there = logged_in(user), logged_in(user)
        answer = here.post("/toi/mat-khau/", f"old={old}&new={new}", content_type=FORM)
        assert (answer.status_code, is_in(there)) == (409, True)
        assert new not in answer.content.decode() and f'value="{old}"' not in answer.content.decode()
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    def test_is_not_found_by_trying(self, world: World) -> None:
        here = logged_in(world.staff["CHECKER", "971"])
        assert [change(here, "sai", NEW) for _ in range(11)] == [409] * 10 + [429]

    def test_by_a_program_ends_its_own_token_too(self, world: World) -> None:
        user = world.staff["CHECKER", "971"]
        credentials = {"username": user.username, "password": PASSWORD}
        token = Client().post("/api/token/", credentials, "application/json").json()["token"]
        said = {"authorization": f"Token {token}"}
        answer = Client().post("/api/password/", {"old": PASSWORD, "new": NEW}, "application/json", headers=said)
        assert (answer.status_code, answer.json()) == (200, {"ended": 1})
        assert Client().get("/api/batches/", headers=said).status_code == 401


class TestWhereOneIsSignedIn:
    def test_shows_ones_own_places_only_and_which_is_this(self, world: World) -> None:
        user = world.staff["CHECKER", "971"]
        here, _, _ = logged_in(user), logged_in(user), logged_in(world.staff["MAKER", "971"])
        AuthToken.objects.create(user=user)
        rows = here.get("/api/sign-ins/").json()
        assert [(row["kind"], row["this"]) for row in rows] == [("SESSION", False), ("SESSION", True), ("TOKEN", False)]
        shown = here.get("/toi/").content.decode()
        assert "Firefox/140" in shown and shown.count("nơi này") == 1
        assert not any(key in shown for key in SignIn.objects.values_list("session_key", flat=True))

    def test_signing_out_everywhere_leaves_this_one(self, world: World) -> None:
        user = world.staff["CHECKER", "971"]
        here, there, colleague = logged_in(user), logged_in(user), logged_in(world.staff["MAKER", "971"])
        answer = here.post("/toi/thoat-noi-khac/", follow=True)
        assert "Đã thoát ở 1 nơi khác" in answer.content.decode()
        assert (is_in(here), is_in(there), is_in(colleague)) == (True, False, True)

    def test_what_is_over_is_forgotten_at_the_next_log_in(self, world: World) -> None:
        user = world.staff["CHECKER", "971"]
        logged_in(user).post("/dang-xuat/")
        Session.objects.update(expire_date="2024-01-01T00:00:00Z")
        logged_in(user)
        assert SignIn.objects.filter(user=user).count() == 1


def try_at(door: str, user: User, password: str) -> int:
    """What a page or a program at one address is answered."""
    said, kind = {"username": user.username, "password": password}, "application/json"
    return (Client().post(door, said, kind) if door == "/api/token/" else Client().post(door, said)).status_code


@pytest.mark.parametrize(("door", "right", "wrong"), [("/dang-nhap/", 302, 200), ("/api/token/", 200, 401)])
class TestTrialsOfOneAddress:
    """Only wrong ones count, each of them, whatever right ones come between."""

    def test_a_whole_office_logs_in_within_a_minute(self, door: str, right: int, wrong: int, world: World) -> None:
        people = [world.staff[role, "971"] for role in ("MAKER", "CHECKER")]
        assert [try_at(door, people[n % 2], PASSWORD) for n in range(14)] == [right] * 14

    def test_a_right_one_gives_no_wrong_one_back(self, door: str, right: int, wrong: int, world: World) -> None:
        own, other = world.staff["MAKER", "971"], world.staff["CHECKER", "971"]
        said = [answer for _ in range(10) for answer in (try_at(door, own, PASSWORD), try_at(door, other, "sai"))]
        assert said == [right, wrong] * 10
        assert try_at(door, other, PASSWORD) == 429
        assert try_at(door, own, PASSWORD) == 429

    def test_wrong_ones_of_both_doors_are_counted_together(
        self, door: str, right: int, wrong: int, world: World
    ) -> None:
        doors = ["/dang-nhap/", "/api/token/"]
        assert 429 not in [try_at(doors[n % 2], world.staff["MAKER", "971"], "sai") for n in range(10)]
        assert try_at(door, world.staff["MAKER", "971"], PASSWORD) == 429
