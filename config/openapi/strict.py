"""Say in the description what every change does: a key its body does not have is refused (`staff/api/reading.py`)."""

from collections.abc import Iterator
from typing import Any

CHANGES = {"post", "put", "patch", "delete"}
REFUSAL = {
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/RefusalBody"}}},
    "description": "",
}


def close_bodies(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: closes the shape of every body that is sent, at any depth, and names the 400 of every change."""
    shapes = result["components"]["schemas"]
    for operations in result["paths"].values():
        for method in CHANGES & operations.keys():
            operations[method]["responses"].setdefault("400", REFUSAL)
            for sent in operations[method].get("requestBody", {}).get("content", {}).values():
                _close(sent["schema"], shapes)
    return result


def _close(schema: dict[str, Any], shapes: dict[str, Any]) -> None:
    """One that is closed already is not entered again: shapes may name each other."""
    if "properties" in schema and "additionalProperties" not in schema:
        schema["additionalProperties"] = False
    elif "properties" in schema:
        return
    for part in _parts(schema):
        _close(part, shapes)
    if "$ref" in schema:
        _close(shapes[schema["$ref"].rpartition("/")[2]], shapes)


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from schema.get("properties", {}).values()
    for several in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(several, [])
    if "items" in schema:
        yield schema["items"]
