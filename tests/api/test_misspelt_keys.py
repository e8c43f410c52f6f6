"""A key no body has is refused by name, in JSON and in forms, at any depth: most often it was misspelt, and what was meant would be left out."""

from collections.abc import Iterator
from inspect import isfunction, unwrap
from pathlib import Path
from typing import Any

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import FormParser, JSONParser
from rest_framework.request import Request
from rest_framework.serializers import CharField, IntegerField, ListField, Serializer
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config.api_urls import urlpatterns
from config.openapi.strict import CHANGES
from staff.api.pages import Pages
from staff.api.reading import body_of, no_body

ROOT = Path(__file__).parents[2]
READERS = {"body_of", "read_body", "no_body"}
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


def test_a_change_told_by_its_address_takes_no_key() -> None:
    no_body(asked({}))
    with pytest.raises(ValidationError) as refused:
        no_body(asked({"reason": "x"}))
    assert refused.value.detail == ["trường không có: reason", "các trường nhận: không có"]


def test_every_change_reads_its_body() -> None:
    """A change that never looks at its body would take one in silence, whatever it says."""
    blind = [f"{view.__name__}.{method}" for view in views() for method in CHANGES if not reads(view, method)]
    assert blind == []


def test_a_filter_is_refused_by_a_list_that_has_none() -> None:
    with pytest.raises(ValidationError) as refused:
        Pages().paginate_queryset([1], Request(APIRequestFactory().get("/", {"status": "OPEN", "limit": "1"})))
    assert refused.value.detail == {"status": ["không phải là tiêu chí lọc; tiêu chí có: không có."]}


def test_pages_alone_are_asked_for_of_any_list() -> None:
    pages = Pages()
    assert pages.paginate_queryset([1, 2], Request(APIRequestFactory().get("/", {"limit": "1"}))) == [1]


def views() -> Iterator[type[APIView]]:
    """Every view below /api/."""
    for pattern in urlpatterns:
        view = getattr(pattern.callback, "view_class", None) or getattr(pattern.callback, "cls", None)
        assert view is not None, pattern
        yield view


def reads(view: type[APIView], method: str) -> bool:
    """Whether the method, or a function of its view or room that it calls, reads the body; a method the view lacks needs to read none."""
    return not hasattr(view, method) or bool(READERS & names_called(view, method, {}, deep=3))


def names_called(view: type[APIView], name: str, room: dict[str, Any], *, deep: int) -> set[str]:
    """Names used by what is called `name` in the view, in what it inherits from, or in the room of who calls it."""
    found = [
        unwrap(one) for one in (*(vars(each).get(name) for each in view.__mro__), room.get(name)) if isfunction(one)
    ]
    names = {each for one in found for each in one.__code__.co_names}
    if deep:
        further = [
            names_called(view, each, one.__globals__, deep=deep - 1) for one in found for each in names - READERS
        ]
        names = names.union(*further)
    return names


def test_a_blind_change_is_found() -> None:
    class Blind(APIView):
        def post(self, request: Request) -> None:
            self.work()

        def work(self) -> None:
            """Reads nothing."""

    assert not reads(Blind, "post")
