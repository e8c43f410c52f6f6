"""A key no body has is refused by name, in JSON and in forms, at any depth: most often it was misspelt, and what was meant would be left out."""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.serializers import CharField, IntegerField, ListField, Serializer
from rest_framework.test import APIRequestFactory

from staff.api.reading import body_of

ROOT = Path(__file__).parents[2]
TAKEN = "các trường nhận: note, row, rows, listed"


class Row(Serializer[Any]):
    code = CharField(required=False)
    id = IntegerField(read_only=True)


class Body(Serializer[Any]):
    note = CharField(required=False)
    row = Row(required=False)
    rows = Row(many=True, required=False)
    listed = ListField(child=Row(), required=False)


def asked(body: dict[str, Any], *, form: bool = False) -> Request:
    kind = "application/x-www-form-urlencoded" if form else "application/json"
    factory = APIRequestFactory()
    if form:
        text = "&".join(f"{name}={value}" for name, value in body.items())
        return Request(factory.generic("POST", "/", text, content_type=kind), parsers=[FormParser()])
    return Request(factory.post("/", body, format="json"), parsers=[JSONParser()])


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"noet": "x"}, "noet"),
        ({"note": "x", "row": {"cdoe": "x"}}, "row.cdoe"),
        ({"rows": [{"code": "x"}, {"cdoe": "x"}]}, "rows.cdoe"),
        ({"listed": [{"cdoe": "x"}]}, "listed.cdoe"),
        ({"rows": [{"id": 7}]}, "rows.id"),
    ],
)
def test_is_named_in_json(body: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as refused:
        body_of(asked(body), Body)
    assert refused.value.detail == [f"trường không có: {named}", TAKEN]


@pytest.mark.parametrize("name", ["noet", "row.cdoe", "rows[0]cdoe", "rows[0]id"])
def test_is_named_in_a_form(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        body_of(asked({name: "x"}, form=True), Body)
    assert refused.value.detail == [f"trường không có: {name}", TAKEN]


def test_what_a_body_has_is_read() -> None:
    body = {"note": "a", "row": {"code": "b"}, "rows": [{"code": "c"}], "listed": [{"code": "d"}]}
    assert body_of(asked(body), Body) == body
    form = {"note": "a", "row.code": "b", "rows[0]code": "c", "csrfmiddlewaretoken": "x"}
    assert body_of(asked(form, form=True), Body) == {"note": "a", "row": {"code": "b"}, "rows": [{"code": "c"}]}


def test_few_are_named_and_none_at_length() -> None:
    with pytest.raises(ValidationError) as refused:
        body_of(asked({f"{n}{'x' * 500}": 1 for n in range(50)}), Body)
    said, _ = refused.value.detail
    assert len(said) < 400


def test_every_body_is_read_there() -> None:
    apps = ("staff", "beneficiaries", "payments", "reconciliation")
    found = [path for app in apps for path in (ROOT / app).rglob("*.py") if "data=request.data" in path.read_text()]
    assert [path.relative_to(ROOT).as_posix() for path in found] == ["staff/api/reading.py"]
