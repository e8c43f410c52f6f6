"""Put an example beside every answer that has none: answers of one shape have one example, wherever they are given.

An example written beside its view stays. All are made up; `tests/api/test_examples.py` holds that each answer has one and that each fits its shape.
"""

from typing import Any

from config.openapi import of_accounts, of_lists, of_months, of_orders, of_people, of_providers, of_reports

SHAPES: dict[str, Any] = (
    of_accounts.SHAPES
    | of_lists.SHAPES
    | of_months.SHAPES
    | of_orders.SHAPES
    | of_people.SHAPES
    | of_providers.SHAPES
    | of_reports.SHAPES
)
# Answers without a shape of their own, by operation.
OPERATIONS: dict[str, Any] = {"account_funnel_retrieve": of_accounts.FUNNEL}
NAME = "Ví dụ"
_PAGE = {"count": 1, "next": None, "previous": None}


def add_examples(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: fills in `examples` of every 2xx JSON answer."""
    shapes = result["components"]["schemas"]
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                body = answer.get("content", {}).get("application/json")
                if body is None or "examples" in body or not status.startswith("2"):
                    continue
                found, value = example_of(body["schema"], operation=operation["operationId"], shapes=shapes)
                if found:
                    body["examples"] = {NAME: {"value": value}}
    return result


def example_of(schema: dict[str, Any], *, operation: str, shapes: dict[str, Any]) -> tuple[bool, Any]:
    """Whether there is an example of an answer with this schema, and the example; lists and pages hold one."""
    if operation in OPERATIONS:
        return True, OPERATIONS[operation]
    if schema.get("type") == "array":
        found, value = example_of(schema["items"], operation=operation, shapes=shapes)
        return found, [value]
    name = schema.get("$ref", "").rpartition("/")[2]
    if name.startswith("Paginated"):
        found, value = example_of(shapes[name]["properties"]["results"], operation=operation, shapes=shapes)
        return found, {**_PAGE, "results": value}
    return name in SHAPES, SHAPES.get(name)
