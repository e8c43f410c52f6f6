"""Registry uploads through the API: the way of a list, and every address × every role, inside and outside the scope."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from unittest.mock import Mock, patch

import openpyxl
import pytest
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient

from beneficiaries.models import Enrolment, RegistryUpload
from beneficiaries.parsers.spreadsheets import MAX_BYTES
from beneficiaries.services.intake.uploads import receive_upload, work_on_uploads
from tests.api.known_keys import ask_with_what_it_knows
from tests.api.world import World
from tests.beneficiaries.office_files import people, registry_file

ROLES = ["COMMUNE_OFFICER", "MAKER", "CHECKER", "RELEASER", "LEADER", "AUDITOR", "CIVIL_REGISTRY"]
MAY = {"COMMUNE_OFFICER", "MAKER"}
# Answer for who may, about a previewed upload of the own district.
EXPECTED: dict[str, tuple[str, str, int]] = {
    "api-registry-template": ("GET", "/api/registry-templates/TCXH/", 200),
    "api-registry-uploads": ("GET", "/api/registry-uploads/", 200),
    "api-registry-upload": ("GET", "/api/registry-uploads/{id}/", 200),
    "api-registry-upload-rows": ("GET", "/api/registry-uploads/{id}/rows/", 200),
    "api-registry-upload-errors": ("GET", "/api/registry-uploads/{id}/errors/", 200),
    "api-registry-upload-mapping": ("POST", "/api/registry-uploads/{id}/mapping/", 409),
    "api-registry-upload-confirm": ("POST", "/api/registry-uploads/{id}/confirm/", 409),
    "api-registry-upload-stop": ("POST", "/api/registry-uploads/{id}/stop/", 409),
    "api-registry-upload-resume": ("POST", "/api/registry-uploads/{id}/resume/", 409),
    "api-registry-upload-cancel": ("POST", "/api/registry-uploads/{id}/cancel/", 200),
}
BODY = {"columns": [{"position": 0, "key": "note"}], "preview_digest": "00" * 32}
Client = Callable[[str, str], APIClient]


@pytest.fixture(autouse=True)
def bell() -> Iterator[Mock]:
    """No broker: the bell is counted, the work is done by the tests."""
    with patch("beneficiaries.api.uploads.work_on_registries.delay") as rung:
        yield rung


def uploaded(world: World, commune: str) -> int:
    actor = world.staff["MAKER", "97"]
    upload = receive_upload(
        content=registry_file(people(2)), unit=world.units[commune], actor=actor, now=timezone.now()
    )
    work_on_uploads(clock=timezone.now)
    return upload.pk


def call(client: APIClient, name: str, upload: int) -> int:
    method, address, _ = EXPECTED[name]
    url = address.format(id=upload)
    return int(ask_with_what_it_knows(client, url, {} if method == "GET" else BODY, method=method).status_code)


def send(client: APIClient, unit: str, content: bytes, **more: str) -> Response:
    file = io.BytesIO(content)
    file.name = "danh sach.xlsx"
    return client.post("/api/registry-uploads/", {"file": file, "unit": unit, **more}, format="multipart")


class TestAccess:
    @pytest.mark.parametrize("role", ROLES)
    def test_inside_the_scope_the_role_decides(self, role: str, world: World, as_staff: Client) -> None:
        upload, client = uploaded(world, "97101"), as_staff(role, "971")
        answers = {name: call(client, name, upload) for name in EXPECTED}
        assert answers == {name: status if role in MAY else 403 for name, (_, _, status) in EXPECTED.items()}

    @pytest.mark.parametrize("role", ROLES)
    def test_outside_the_scope_nothing_exists(self, role: str, world: World, as_staff: Client) -> None:
        other, client = uploaded(world, "97201"), as_staff(role, "971")
        names = [name for name, (_, address, _) in EXPECTED.items() if "{id}" in address]
        answers = {(name, call(client, name, pk)) for name in names for pk in (other, 999_999)}
        assert answers == {(name, 404 if role in MAY else 403) for name in names}

    def test_nobody_gets_in_without_log_in(self, world: World) -> None:
        assert {call(APIClient(), name, 1) for name in EXPECTED} <= {401, 403}

    @pytest.mark.parametrize("role", ROLES)
    def test_of_sending_is_by_role_and_scope(self, role: str, world: World, as_staff: Client) -> None:
        content, client = registry_file(people(1)), as_staff(role, "971")
        assert send(client, "97101", content).status_code == (202 if role in MAY else 403)
        assert send(client, "97201", content).status_code == (404 if role in MAY else 403)
        assert send(client, "khong-co", content).status_code == (404 if role in MAY else 403)

    def test_of_lists_shows_only_the_own_subtree(self, world: World, as_staff: Client) -> None:
        own, _ = uploaded(world, "97101"), uploaded(world, "97201")
        assert [one["id"] for one in as_staff("MAKER", "971").get("/api/registry-uploads/").json()["results"]] == [own]


class TestTheWayOfAList:
    def test_is_upload_preview_confirm_and_progress(
        self,
        world: World,
        as_staff: Client,
        bell: Mock,
        django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
    ) -> None:
        client = as_staff("COMMUNE_OFFICER", "97101")
        rows = people(3)
        with django_capture_on_commit_callbacks(execute=True):
            sent = send(client, "97101", registry_file([*rows[:2], {**rows[2], "sex": "?"}])).json()
        assert (sent["stage"], bell.call_count) == ("RECEIVED", 1)
        work_on_uploads(clock=timezone.now)
        address = f"/api/registry-uploads/{sent['id']}/"
        shown = client.get(address).json()
        assert (shown["stage"], shown["counts"]["NEW"], shown["counts"]["WRONG"]) == ("PREVIEWED", 2, 1)
        (wrong,) = client.get(f"{address}rows/?outcome=WRONG").json()["results"]
        assert (wrong["row_number"], wrong["remarks"][0]["column"]) == (5, "Giới tính")
        answer = client.post(f"{address}confirm/", {"preview_digest": shown["preview_digest"]}, format="json")
        assert (answer.status_code, answer.json()["stage"]) == (200, "CONFIRMED")
        work_on_uploads(clock=timezone.now)
        done = client.get(address).json()
        assert (done["stage"], done["rows_done"], done["rows_total"]) == ("DONE", 3, 3)
        assert Enrolment.objects.filter(unit__code="97101", code__startswith="97101-").count() == 2
        back = client.get(f"{address}errors/")
        assert "attachment" in back.headers["Content-Disposition"]
        assert openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0].max_row > 3

    def test_of_too_many_bytes_ends_at_the_door(self, world: World, as_staff: Client) -> None:
        answer = send(as_staff("MAKER", "971"), "97101", bytes(MAX_BYTES + 1))
        assert (answer.status_code, answer.json()["code"]) == (409, "FILE_TOO_LARGE")
        assert RegistryUpload.objects.count() == 0

    def test_of_another_preview_is_a_conflict_in_words(self, world: World, as_staff: Client) -> None:
        upload = uploaded(world, "97101")
        answer = as_staff("MAKER", "971").post(
            f"/api/registry-uploads/{upload}/confirm/", {"preview_digest": "00" * 32}, format="json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "PREVIEW_OUTDATED")

    @pytest.mark.parametrize("query", ["outcome=KHAC", "stage=x", "giai-doan=DONE"])
    def test_of_an_unknown_filter_is_said(self, world: World, as_staff: Client, query: str) -> None:
        upload = uploaded(world, "97101")
        address = f"/api/registry-uploads/{upload}/rows/" if "outcome" in query else "/api/registry-uploads/"
        assert as_staff("MAKER", "971").get(f"{address}?{query}").status_code == 400
