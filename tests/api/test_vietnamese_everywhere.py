"""Whatever is sent to change something, null, nothing, the wrong kind of thing, is answered in Vietnamese: no clerk reads English."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.fields import ReadOnlyField
from rest_framework.serializers import Serializer
from rest_framework.test import APIClient

from banks.fake import FakeTransfers
from config.api_urls import urlpatterns
from staff.api.reading import NO_DATA
from staff.models import AdministrativeUnit, User
from tests.api.test_access import EXPECTED, ROLES, Client, address
from tests.api.world import World

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
# Words no Vietnamese sentence has, as a whole; names of fields and codes stand before a colon or in an enumeration of ours.
ENGLISH = re.compile(
    r"\b(?:this|the|may|must|not|be|null|blank|valid|invalid|required|provided|expected|ensure|allowed|than|value|character|characters|object|"
    r"choice|does|exist|error|data|field|integer|string|boolean|list|list?s|empty|surrogate|parse|malformed|unsupported)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"^(?:[\w.]+: )+|^các trường nhận: .*|^trường không có: .*|\{\}|“[^”]*”")
NOBODY = User(unit=AdministrativeUnit(path="/khong-co/"))
WRONG: tuple[Any, ...] = (None, "", " ", [], {}, [None], "\x00", "\ud800", "x" * 20_000, 10**30, -1, 0.5, True, "mai")


def english(said: Any) -> list[str]:
    """Every sentence of it that has an English word."""
    if isinstance(said, dict):
        return [one for each in said.values() for one in english(each)]
    if isinstance(said, list):
        return [one for each in said for one in english(each)]
    return [str(said)] if ENGLISH.search(NAMES.sub("", str(said))) else []


def shapes(kind: type[Any] = Serializer) -> Iterator[type[Serializer[Any]]]:
    """Every shape of ours that can be made without a reader."""
    for shape in kind.__subclasses__():
        if not shape.__module__.startswith(("rest_framework", "drf_spectacular", "tests")):
            yield shape
        yield from shapes(shape)


@pytest.mark.django_db
def test_no_shape_says_anything_in_english_of_whatever_stands_in_a_field() -> None:
    found: dict[str, list[str]] = {}
    every = {f"{shape.__module__}.{shape.__name__}": shape for shape in shapes()}
    assert urlpatterns and len(every) > 100  # ours are all loaded with the addresses
    for name, shape in every.items():
        fields = [
            key for key, field in shape().fields.items() if not field.read_only and not isinstance(field, ReadOnlyField)
        ]
        if any("." in (field.source or "") for field in shape().fields.values()):
            continue  # of what is answered, never sent
        for wrong in WRONG:
            asked = shape(data=dict.fromkeys(fields, wrong), context={"actor": NOBODY})
            if fields and not asked.is_valid():
                found[name] = found.get(name, []) + english(_plain(asked.errors))
    assert {name: said for name, said in found.items() if said} == {}


def test_no_address_answers_null_or_worse_in_english(world: World, as_staff: Client, bank: FakeTransfers) -> None:
    found: dict[str, list[str]] = {}
    for name, (method, statuses) in EXPECTED.items():
        if method not in CHANGES:
            continue
        role = next((role for role, status in zip(ROLES, statuses, strict=True) if status != 403), "MAKER")
        client, url = as_staff(role, "971"), address(name, world, district="971", person="Trần Văn Ân")
        known = _known(client, method, url)
        for body in (b"null", b"[]", b"{", json.dumps(dict.fromkeys(known)).encode()):
            answer = client.generic(method, url, body, content_type="application/json")
            said = english([answer.json()["sentence"], answer.json()["conflicts"]]) if answer.status_code >= 400 else []
            found[f"{name} {body.decode()}"] = said + ([str(answer.status_code)] if answer.status_code >= 500 else [])
    assert len(found) > 200
    assert {name: said for name, said in found.items() if said} == {}


def test_null_is_no_body(as_staff: Client, world: World) -> None:
    answer = as_staff("MAKER", "971").generic("POST", "/api/matching-runs/", b"null", content_type="application/json")
    assert (answer.status_code, answer.json()["conflicts"]) in [(400, [NO_DATA]), (403, [])]


def test_english_is_found() -> None:
    assert english({"note": ["This field may not be null."], "x": {"y": ["Không được bỏ trống."]}}) == [
        "This field may not be null."
    ]
    assert english(["note: Phải là chữ.", "các trường nhận: note, data"]) == []


def _known(client: APIClient, method: str, url: str) -> list[str]:
    """The fields the address takes, as it says itself when it is sent one it does not have."""
    answer = client.generic(method, url, b'{"khong_co": 1}', content_type="application/json")
    said = answer.json()["conflicts"] if answer.status_code == 400 else []
    listed = next((one.removeprefix("các trường nhận: ") for one in said if one.startswith("các trường nhận: ")), "")
    return [one for one in listed.split(", ") if one and one != "không có"]


def _plain(errors: Any) -> Any:
    return json.loads(json.dumps(errors, default=str))
