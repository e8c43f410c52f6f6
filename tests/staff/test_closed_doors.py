"""A user is locked out at once, by somebody else in charge; a password set anew leaves nobody inside; a refused log-in is seen by whoever runs the server."""

import io
import logging

import pytest
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.test import Client
from knox.models import AuthToken

from staff.errors import NobodyLocksThemselves, NotAllowed
from staff.models import HistoryRow, User
from staff.services.closed_doors import lock_user, unlock_user
from tests.api.world import PASSWORD, World, make_world

NEW = "mot cau dai de nho lam"


@pytest.fixture
def world(db: None) -> World:
    made = make_world()
    checker = made.staff["CHECKER", "971"]
    checker.password = make_password(PASSWORD)
    checker.save(update_fields=["password"])
    return made


def door(user: User) -> int:
    typed = {"username": user.username, "password": PASSWORD}
    answer = Client().post("/api/token/", typed, content_type="application/json")
    return answer.status_code


class TestLocked:
    def test_is_out_at_once_and_in_again_when_unlocked(self, world: World) -> None:
        user, boss = world.staff["CHECKER", "971"], world.staff["RELEASER", "97"]
        inside = Client()
        inside.force_login(user)
        _, token = AuthToken.objects.create(user=user)
        program = Client(headers={"authorization": f"Token {token}"})
        assert (inside.get("/toi/").status_code, program.get("/api/sign-ins/").status_code) == (200, 200)

        lock_user(user=user, actor=boss)

        assert (inside.get("/toi/").status_code, program.get("/api/sign-ins/").status_code) == (302, 401)
        assert door(user) == 401
        assert not AuthToken.objects.filter(user=user).exists()
        unlock_user(user=user, actor=boss)
        assert door(user) == 200

    @pytest.mark.parametrize(
        ("who", "where", "refusal"),
        [("MAKER", "97", NotAllowed), ("CHECKER", "97", NotAllowed), ("RELEASER", "972", NotAllowed), ("RELEASER", "97", None)],
    )  # fmt: skip
    def test_by_whoever_assigns_roles_there(
        self, world: World, who: str, where: str, refusal: type[Exception] | None
    ) -> None:
        user, actor = world.staff["MAKER", "971"], world.staff[who, where]
        if refusal is None:
            lock_user(user=user, actor=actor)
        else:
            with pytest.raises(refusal):
                lock_user(user=user, actor=actor)
        assert User.objects.get(pk=user.pk).is_active is (refusal is not None)

    def test_never_by_oneself(self, world: World) -> None:
        boss = world.staff["RELEASER", "97"]
        for step in (lock_user, unlock_user):
            with pytest.raises(NobodyLocksThemselves):
                step(user=boss, actor=boss)

    def test_by_command_with_who_and_why_in_the_history(self, world: World) -> None:
        user, boss = world.staff["CHECKER", "971"], world.staff["RELEASER", "97"]
        call_command("lock_user", user.username, document="7/QĐ", actor=boss.username, stdout=io.StringIO())

        row = HistoryRow.objects.filter(relation="staff_user", row_id=user.pk).latest("pk")
        assert (row.actor_id, row.why) == (boss.pk, "manage.py lock_user, 7/QĐ")
        with pytest.raises(CommandError):
            call_command("lock_user", boss.username, document="7/QĐ", actor=boss.username)


class TestAPasswordSetAnew:
    def test_ends_every_session_and_every_token(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        user = world.staff["CHECKER", "971"]
        thief = Client()
        thief.force_login(user)
        AuthToken.objects.create(user=user)
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{NEW}\n"))

        call_command("changepassword", user.username, stdout=io.StringIO())

        assert thief.get("/toi/").status_code == 302
        assert not AuthToken.objects.filter(user=user).exists()
        assert User.objects.get(pk=user.pk).check_password(NEW)
        row = HistoryRow.objects.filter(relation="staff_user", row_id=user.pk).latest("pk")
        assert (row.actor_id, row.why, list(row.changes)) == (
            None,
            "lệnh trên máy chủ: manage.py changepassword",
            ["password_set_at"],
        )

    def test_is_not_a_weak_one(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
        with pytest.raises(CommandError):
            call_command("changepassword", world.staff["CHECKER", "971"].username)


@pytest.mark.parametrize("address", ["/api/token/", "/dang-nhap/"])
def test_a_refused_log_in_is_logged_with_its_address_and_nothing_that_was_typed(
    db: None, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    with caplog.at_level(logging.WARNING):
        typed = "username=mat-khau-go-nham&password=sai"
        Client(REMOTE_ADDR="203.0.113.9").post(address, typed, content_type="application/x-www-form-urlencoded")

    assert "log-in refused, from 203.0.113.9" in caplog.text
    assert "mat-khau-go-nham" not in caplog.text
