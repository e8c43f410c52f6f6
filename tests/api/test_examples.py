"""Every answer of the API has an example, and every example, of answers and of bodies sent, fits the shape it stands beside."""

from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from config.openapi.examples import OPERATIONS, SHAPES
from config.openapi.strict import CHANGES

Example = tuple[str, dict[str, Any], Any]


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(description: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in description["paths"].values():
        yield from methods.values()


def bodies(description: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`operation status` or `operation body` with every JSON body sent or answered."""
    for operation in operations(description):
        sent = operation.get("requestBody", {}).get("content", {})
        if "application/json" in sent:
            yield f"{operation['operationId']} body", sent["application/json"]
        for status, answer in operation["responses"].items():
            if "application/json" in answer.get("content", {}):
                yield f"{operation['operationId']} {status}", answer["content"]["application/json"]


def examples(description: dict[str, Any]) -> Iterator[Example]:
    for name, body in bodies(description):
        for example in body.get("examples", {}).values():
            yield name, body["schema"], example["value"]


def readable(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` as JSON Schema says it; shapes closed, so that a name that is no field is found."""
    if isinstance(schema, list):
        return [readable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: readable(value) for key, value in schema.items() if key not in ("nullable", "readOnly", "writeOnly")}
    if plain.get("type") == "object" and "properties" in plain and "additionalProperties" not in plain:
        plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") else plain


def test_every_answer_has_an_example(description: dict[str, Any]) -> None:
    missing = [
        name for name, body in bodies(description) if name.split()[1].startswith("2") and not body.get("examples")
    ]

    assert missing == [], "write one in config/openapi, by the name of the answer's shape"


def test_every_example_fits_its_shape(description: dict[str, Any]) -> None:
    resource = Resource(contents=readable(description), specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("api", resource)
    faults = []
    for name, schema, value in examples(description):
        absolute = _absolute(readable(schema))
        checker = Draft202012Validator(absolute, registry=registry, format_checker=FormatChecker())
        faults += [f"{name}: {'.'.join(map(str, fault.path))} {fault.message}" for fault in checker.iter_errors(value)]

    assert faults == []


def _absolute(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {key: f"api{value}" if key == "$ref" else _absolute(value) for key, value in schema.items()}
    return [_absolute(each) for each in schema] if isinstance(schema, list) else schema


def test_no_example_is_left_of_a_shape_that_went(description: dict[str, Any]) -> None:
    assert set(SHAPES) <= set(description["components"]["schemas"])
    assert set(OPERATIONS) <= {operation["operationId"] for operation in operations(description)}


def test_a_wrong_example_is_found(description: dict[str, Any]) -> None:
    closed = readable({"type": "object", "properties": {"a": {"type": "integer", "nullable": True}}})
    checker = Draft202012Validator(closed)

    assert checker.is_valid({"a": None})
    assert not checker.is_valid({"b": 1})
    assert not checker.is_valid({"a": "x"})


def test_nobody_real_stands_in_an_example(description: dict[str, Any]) -> None:
    """No number that could be a person's or an account's: twelve digits, or nine, in a row."""
    texts = [text for _, _, value in examples(description) for text in _texts(value)]

    assert [text for text in texts if text.isdigit() and len(text) >= 9] == []


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(each)


def test_every_body_sent_is_closed_and_its_refusal_named(description: dict[str, Any]) -> None:
    shapes = description["components"]["schemas"]
    changes = [one[method] for one in description["paths"].values() for method in CHANGES & one.keys()]
    sent = [body["schema"] for one in changes for body in one.get("requestBody", {}).get("content", {}).values()]
    assert len(sent) > 100
    assert [body for body in sent if not closed(body, shapes)] == []
    assert [one["operationId"] for one in changes if "400" not in one["responses"]] == []


def closed(schema: dict[str, Any], shapes: dict[str, Any]) -> bool:
    if "$ref" in schema:
        return closed(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    if "properties" in schema and schema.get("additionalProperties") is not False:
        return False
    parts = [
        *schema.get("properties", {}).values(),
        *schema.get("allOf", []),
        *([schema["items"]] if "items" in schema else []),
    ]
    return all(closed(part, shapes) for part in parts)
