"""What every address shares: token, health, one shape of refusals, and a description that is complete."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import yaml
from django.core.management import call_command
from django.db import DatabaseError
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from staff.models import User
from tests.api.world import PASSWORD, World

WRONG = {"code": "WRONG_CREDENTIALS", "sentence": "Tên đăng nhập hoặc mật khẩu không đúng.", "conflicts": []}


@pytest.fixture
def maker(world: World) -> str:
    """The user name of the maker of district 971, who has a password."""
    user = world.staff["MAKER", "971"]
    user.set_password(PASSWORD)
    user.save()
    return user.username


def ask_token(username: str, password: str):
    return APIClient().post("/api/token/", {"username": username, "password": password}, format="json")


class TestToken:
    def test_opens_the_door(self, maker: str) -> None:
        token = ask_token(maker, PASSWORD).json()["token"]

        answer = APIClient(headers={"Authorization": f"Token {token}"}).get("/api/batches/")

        assert answer.status_code == 200
        assert answer.json()["count"] == 1

    def test_is_kept_as_a_digest_and_has_an_end(self, maker: str) -> None:
        given = ask_token(maker, PASSWORD).json()

        kept = AuthToken.objects.get()

        assert given["token"] not in (kept.digest, kept.token_key)
        assert kept.expiry == datetime.fromisoformat(given["expiry"]) <= timezone.now() + timedelta(hours=12)

    def test_is_worth_nothing_after_its_end(self, maker: str) -> None:
        token = ask_token(maker, PASSWORD).json()["token"]
        AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))

        assert APIClient(headers={"Authorization": f"Token {token}"}).get("/api/batches/").status_code == 401

    @pytest.mark.parametrize(("everywhere", "other"), [(False, 200), (True, 401)])
    def test_ends_when_it_is_revoked(self, maker: str, everywhere: bool, other: int) -> None:
        here, there = (
            APIClient(headers={"Authorization": f"Token {ask_token(maker, PASSWORD).json()['token']}"}) for _ in "12"
        )

        answer = here.post("/api/token/revoke/", {"everywhere": everywhere}, format="json")

        assert answer.json() == {"revoked": 2 if everywhere else 1}
        assert [client.get("/api/batches/").status_code for client in (here, there)] == [401, other]

    def test_is_not_given_without_limit(self, maker: str) -> None:
        AuthToken.objects.bulk_create(
            AuthToken(user=User.objects.get(username=maker), digest=str(number), expiry=timezone.now() + timedelta(1))
            for number in range(10)
        )

        assert ask_token(maker, PASSWORD).json()["code"] == "TOO_MANY_TOKENS"

    def test_is_refused_alike_for_a_wrong_password_and_an_unknown_name(self, maker: str) -> None:
        wrong = [ask_token(maker, "sai"), ask_token("khong.co", "sai")]

        assert [(answer.status_code, answer.json()) for answer in wrong] == [(401, WRONG)] * 2

    def test_is_refused_to_a_user_switched_off(self, world: World, maker: str) -> None:
        type(world.staff["MAKER", "971"]).objects.filter(username=maker).update(is_active=False)

        assert ask_token(maker, PASSWORD).status_code == 401

    def test_can_not_be_guessed_at_leisure(self, maker: str) -> None:
        statuses = [ask_token(maker, "sai").status_code for _ in range(11)]

        assert statuses == [401] * 10 + [429]


class TestHealth:
    def test_is_well_when_the_database_answers(self, db: None) -> None:
        answer = APIClient().get("/api/health/")

        assert (answer.status_code, answer.json()) == (200, {"database": True})

    def test_is_not_well_when_it_does_not(self, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("staff.api.health.connection", NoDatabase())

        answer = APIClient().get("/api/health/")

        assert (answer.status_code, answer.json()) == (503, {"database": False})


class NoDatabase:
    def cursor(self) -> None:
        raise DatabaseError


class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("get", "/api/batches/999999/", 404),
            ("delete", "/api/batches/", 405),
            ("get", "/api/batches/?status=GONE", 400),
        ],
    )
    def test_have_one_shape(
        self, method: str, path: str, status: int, world: World, as_staff: Callable[[str, str], APIClient]
    ) -> None:
        answer = getattr(as_staff("MAKER", "971"), method)(path)

        assert answer.status_code == status
        assert set(answer.json()) == {"code", "sentence", "conflicts"}

    def test_name_the_field_at_fault(self, world: World) -> None:
        answer = APIClient().post("/api/my-status/", {"code": "x"}, format="json").json()

        assert answer["code"] == "INVALID"
        assert [fault.split(":")[0] for fault in answer["conflicts"]] == ["birth_year"]

    def test_need_the_session_s_own_form_for_a_change(self, world: World) -> None:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(world.staff["MAKER", "971"])

        assert client.post(f"/api/batches/{world.lists['971', 'ACCOUNT'].pk}/submit/").status_code == 403


class TestDescription:
    @pytest.fixture(scope="class")
    def description(self, tmp_path_factory: pytest.TempPathFactory) -> dict:
        file = tmp_path_factory.mktemp("schema") / "api.yml"
        call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))
        return yaml.safe_load(file.read_text())

    def test_says_what_each_address_is_for_in_vietnamese(self, description: dict) -> None:
        operations = [
            op for address, item in description["paths"].items() if address != "/api/schema/" for op in item.values()
        ]

        assert all(op.get("summary") for op in operations)

    def test_refuses_two_shapes_of_one_name(self, description: dict) -> None:
        """Else the one read last would stand for both: a warning is an error, here and in the description of all addresses."""
        GENERATOR_STATS.reset()
        one, other = _shape("Two", "one"), _shape("Two", "other")
        with GENERATOR_STATS.silence():
            for shapes, warned in (((one, one), False), ((one, other), True)):
                SchemaGenerator(patterns=[_address(shape, at) for at, shape in enumerate(shapes)]).get_schema(
                    public=True
                )
                assert bool(GENERATOR_STATS) is warned
        GENERATOR_STATS.reset()


def _shape(name: str, field: str) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), {field: serializers.CharField()})


def _address(shape: type[serializers.Serializer], at: int) -> URLPattern:
    @extend_schema(operation_id=f"o{at}", responses=shape)
    def get(view: APIView, request: Request) -> Response:
        raise NotImplementedError

    return path(f"{at}/", type("View", (APIView,), {"get": get}).as_view())


class TestEveryAnswerSpeaksVietnamese:
    def test_an_address_that_does_not_exist(self, db: None) -> None:
        answer = APIClient().get("/api/khong-co/")

        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")

    def test_a_fault_of_ours_tells_nothing_of_itself(
        self, as_staff: Callable[[str, str], APIClient], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise RuntimeError("bí mật")

        client = as_staff("MAKER", "971")
        client.raise_request_exception = False
        monkeypatch.setattr("payments.api.batches.lists_of", fail)

        answer = client.get("/api/batches/")

        assert (answer.status_code, answer.json()["code"]) == (500, "SERVER_ERROR")
        assert "bí mật" not in answer.content.decode()

    def test_another_form_than_json(self, as_staff: Callable[[str, str], APIClient]) -> None:
        answer = as_staff("MAKER", "971").get("/api/batches/", headers={"Accept": "text/html"})

        assert (answer.status_code, answer.json()["sentence"]) == (406, "Hệ thống chỉ trả lời bằng JSON.")

    @pytest.mark.parametrize("query", ["limit=abc", "limit=0", "offset=-1", "xa=97101", "status=XONG"])
    def test_a_mistyped_filter_is_said_not_passed_over(
        self, as_staff: Callable[[str, str], APIClient], query: str
    ) -> None:
        answer = as_staff("MAKER", "971").get(f"/api/batches/?{query}")

        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")
        assert query.partition("=")[0] in answer.json()["conflicts"][0]
