"""Before any view: bodies nobody should read, addresses no row can have, texts PostgreSQL does not keep, requests that come too often."""

import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework.parsers import MultiPartParser
from rest_framework.serializers import Serializer
from rest_framework.test import APIClient

from beneficiaries.api.rules import TopUpBody
from payments.api.decision_shapes import DecisionBody
from payments.api.grant_orders import EveryoneBody
from payments.api.one_off_shapes import MOST_NAMED, GrantBody, PeopleBody
from payments.api.provider_shapes import HandOverBody, PointBody, TransferBody
from reconciliation.api.statements import MAX_BYTES
from staff.models import AdministrativeUnit, User

JSON = "application/json"
FORM = "multipart/form-data; boundary=x"


class TestBodies:
    @pytest.mark.parametrize(
        "content_type", [JSON, "application/x-www-form-urlencoded", "application/octet-stream", ""]
    )
    def test_before_log_in_two_megabytes_are_the_most(self, db: None, content_type: str) -> None:
        answer = APIClient().generic("POST", "/api/token/", bytes(2 * 1024 * 1024 + 1), content_type=content_type)

        assert answer.status_code == 413
        assert answer.json() == {
            "code": "BODY_TOO_LARGE",
            "sentence": "Dữ liệu gửi lên quá lớn; mời chia nhỏ rồi gửi lại.",
            "conflicts": [],
        }

    def test_what_fits_is_read(self, db: None) -> None:
        body = b'{"username": "' + b"a" * (2 * 1024 * 1024 - 16) + b'"}'

        assert len(body) == 2 * 1024 * 1024
        assert APIClient().generic("POST", "/api/token/", body, content_type=JSON).status_code == 400

    @pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
    def test_brackets_without_end_are_a_fault_of_the_sender(self, db: None, opening: bytes, closing: bytes) -> None:
        body = b'{"username": %s1%s}' % (opening * 50_000, closing * 50_000)

        answer = APIClient(raise_request_exception=False).generic("POST", "/api/token/", body, content_type=JSON)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")

    @pytest.mark.parametrize("length", ["", "-1", "1e3", "9" * 5000])
    def test_a_body_of_unknown_length_is_not_read(self, db: None, length: str) -> None:
        answer = APIClient().generic(
            "POST", "/api/token/", "{}", content_type=JSON, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH=length
        )

        assert answer.status_code == 413

    @pytest.mark.parametrize(("length", "status"), [(settings.MULTIPART_MAX_BYTES, 401), (settings.MULTIPART_MAX_BYTES + 1, 413)])  # fmt: skip
    def test_a_form_with_files_has_room_for_the_largest_statement(self, db: None, length: int, status: int) -> None:
        assert settings.MULTIPART_MAX_BYTES > MAX_BYTES

        answer = APIClient().generic("POST", "/api/statements/", "", content_type=FORM, CONTENT_LENGTH=str(length))

        assert answer.status_code == status

    @pytest.mark.parametrize("path", ["/dang-nhap/", "/bank/events/", "/"])
    def test_a_page_takes_no_files(self, db: None, path: str) -> None:
        """A page reads its form before it knows who asks."""
        length = str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        answer = APIClient().generic("POST", path, "", content_type=FORM, CONTENT_LENGTH=length)

        assert answer.status_code == 413

    @pytest.mark.parametrize("path", ["/api/token/", "/api/my-status/"])
    def test_nobody_spools_a_file_before_log_in(self, db: None, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(MultiPartParser, "parse", lambda *given: pytest.fail("a form with files was read"))
        body = encode_multipart(BOUNDARY, {"username": "ke.toan", "code": "4K7Q9XM2PRC", "birth_year": "1942"})

        answer = APIClient().generic("POST", path, body, content_type=MULTIPART_CONTENT)

        assert answer.status_code == 415

    def test_the_banks_events_are_refused_as_before(self, client: APIClient, db: None) -> None:
        assert client.post("/bank/events/", b"{}" * 1000, content_type=JSON).status_code == 400

    @pytest.mark.parametrize("field", ["people", "households", "newcomers"])
    def test_a_decision_names_so_many_and_no_more(self, db: None, field: str) -> None:
        body = PeopleBody(data={field: [{}] * (MOST_NAMED + 1)})

        assert not body.is_valid()
        assert str(MOST_NAMED) in str(body.errors[field])


class TestAddresses:
    @pytest.mark.parametrize("path", ["/api/registry/a%00b/", "/api/%00", "/%00", "/static/%00.css"])
    def test_a_nul_is_in_no_address(self, db: None, path: str) -> None:
        answer = APIClient().get(path)

        assert answer.status_code == 404
        assert not path.startswith("/api/") or answer.json()["code"] == "NOT_FOUND"


class TestTexts:
    @pytest.mark.parametrize("name", ["\ud800", "\0", "a\udfff"])
    def test_a_name_nobody_can_have_is_invalid_before_log_in(self, db: None, name: str) -> None:
        answer = APIClient().post("/api/token/", json.dumps({"username": name, "password": "x"}), content_type=JSON)

        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID")

    @pytest.mark.parametrize("code", ["\0", "97101\0", "\ud800", ["\0"], {"code": "\0"}])
    @pytest.mark.parametrize(("shape", "field"), [
        (TopUpBody, "category"), (EveryoneBody, "everyone_of"), (DecisionBody, "to_unit"), (PointBody, "unit"), (HandOverBody, "provider"),
    ])  # fmt: skip
    def test_a_code_no_row_can_have_is_invalid(self, db: None, shape: type[Serializer], field: str, code: object):
        province = AdministrativeUnit.objects.create(code="97", name="tỉnh An Sơn", kind="PROVINCE", path="97/")
        body = shape(data={field: code}, context={"actor": User(unit=province)})

        assert not body.is_valid()
        assert field in body.errors

    @pytest.mark.parametrize("shape", [TransferBody, GrantBody, TopUpBody])
    def test_a_sum_is_at_most_a_thousand_billion(self, db: None, shape: type[Serializer]) -> None:
        for amount, refused in ((10**12, False), (10**12 + 1, True), (10**30, True)):
            body = shape(data={"amount": amount})
            body.is_valid()
            assert ("amount" in body.errors) == refused, amount


class TestOften:
    @pytest.mark.parametrize(("method", "paths", "most"), [
        ("post", ["people/0/history/"], 30), ("get", ["dashboard/?unit=x", "dashboard/page/?unit=x"], 30),
        ("post", ["statements/preview/", "statement-mappings/"], 10),
    ])  # fmt: skip
    def test_what_costs_is_asked_for_so_often_and_no_more(
        self, as_staff: Callable[[str, str], APIClient], method: str, paths: list[str], most: int
    ) -> None:
        client = as_staff("CHECKER", "971")
        ask = getattr(client, method)

        for turn in range(most):
            assert ask(f"/api/{paths[turn % len(paths)]}").status_code in (400, 404, 415), turn
        answers = [ask(f"/api/{path}") for path in paths]

        assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(429, "TOO_MANY_REQUESTS")}
