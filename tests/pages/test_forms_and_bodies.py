"""Every field of every form of a page is one the API behind its button reads: what it does not know it refuses, and the button would be dead."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.http import QueryDict
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from rest_framework.serializers import Serializer

from staff.api.reading import Nothing, _strangers
from staff.pages import PageStep

ROOT = Path(__file__).parents[2]
_URL, _CODE = re.compile(r"\{% url '([\w-]+)'.*?%\}"), re.compile(r"\{%.*?%\}|\{\{.*?\}\}")
_FORM = re.compile(r'<form\b[^>]*method="post"[^>]*>.*?</form>', re.DOTALL)
_NAME = re.compile(r'<(?:input|select|textarea|button)\b[^>]*?\bname="([^"]+)"')
_ADDRESS = re.compile(r'action="@([\w-]+)"')


def patterns(of: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in of:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns)
        else:
            yield one


def steps() -> dict[str, type[PageStep]]:
    """By the address's name the step of each button; what `as_view` was given is set on it."""
    found = {}
    for one in patterns(get_resolver().url_patterns):
        view = getattr(one.callback, "view_class", None)
        if one.name and isinstance(view, type) and issubclass(view, PageStep):
            found[one.name] = type(view.__name__, (view,), dict(one.callback.view_initkwargs))
    return found


def shapes() -> dict[type[Any], Serializer[Any]]:
    """What each view of the API says it reads; one that says nothing takes no field at all."""
    generator = SchemaGenerator()
    generator._initialise_endpoints()
    found = {}
    for _, _, method, callback in generator.endpoints:
        if method == "POST":
            view = generator.create_view(callback, method)
            said = view.schema.get_request_serializer()
            said = next(iter(said.values())) if isinstance(said, dict) else said
            shape = said() if isinstance(said, type) and issubclass(said, Serializer) else said
            found[callback.cls] = shape if isinstance(shape, Serializer) else Nothing()
    return found


def forms() -> Iterator[tuple[str, str, set[str]]]:
    """Each form of a template with where one of its buttons sends it and the names of its fields."""
    for app in ("staff", "beneficiaries", "payments", "reconciliation"):
        for template in sorted((ROOT / app / "templates").rglob("*.html")):
            for form in _FORM.findall(_CODE.sub("", _URL.sub(r"@\1", template.read_text()))):
                for address in _ADDRESS.findall(form):
                    yield template.name, address, set(_NAME.findall(form))


def test_every_field_of_a_form_has_a_place_in_the_body() -> None:
    known, read, dead, looked = steps(), shapes(), [], 0
    for template, address, names in forms():
        step = known.get(address)
        if step is None or step.step not in read:
            continue
        typed = QueryDict(mutable=True)
        typed.update(dict.fromkeys(names, "1"))
        button = step()
        button.kwargs = defaultdict(lambda: "2024-08")
        sent = button.body(typed)
        looked += 1
        dead += [f"{template}: {address} sends {name}" for name in _strangers(sent, read[step.step])]
    assert not dead, "; ".join(dead)
    assert looked > 60  # the forms were found
