"""Lists as Stripe pages them: newest first, cursors by id, `has_more`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockbank.errors import ApiError, missing_resource
from mockbank.forms import Params, integer

_CREATED = {"created": "=", "created[gte]": ">=", "created[gt]": ">", "created[lte]": "<=", "created[lt]": "<"}
PAGE_PARAMS = frozenset({"limit", "starting_after", "ending_before"}) | frozenset(_CREATED)

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Listing:
    """How one resource is listed: `newest` are the columns that order it, `locate` finds a cursor's values of them."""

    select: str
    newest: tuple[str, str]
    locate: Callable[[str], Position | None]
    kind: str


def fetch_page(
    connection: sqlite3.Connection, *, listing: Listing, params: Params, where: str, args: list[Any]
) -> tuple[list[tuple[Any, ...]], bool]:
    """Rows of one page, newest first, and whether more follow in the direction asked for. Raises ApiError."""
    limit = integer(params, "limit", low=1, high=100) if "limit" in params else 10
    backwards = "ending_before" in params
    if backwards and "starting_after" in params:
        raise ApiError(
            status=400,
            code="parameter_invalid",
            message="You cannot use both starting_after and ending_before.",
            param="ending_before",
        )
    conditions, values = [where], list(args)
    first, second = listing.newest
    for name, operator in _CREATED.items():
        if name in params:
            conditions.append(f"{first} {operator} ?")
            values.append(integer(params, name, low=0, high=2**40))
    cursor = "ending_before" if backwards else "starting_after"
    if cursor in params:
        position = listing.locate(params[cursor])
        if position is None:
            raise missing_resource(kind=listing.kind, id=params[cursor], param=cursor, status=400)
        conditions.append(f"({first}, {second}) {'>' if backwards else '<'} (?, ?)")
        values.extend(position)
    direction = "ASC" if backwards else "DESC"
    query = (
        f"{listing.select} WHERE {' AND '.join(conditions)} ORDER BY {first} {direction}, {second} {direction} LIMIT ?"
    )
    rows = connection.execute(query, [*values, limit + 1]).fetchall()
    page, has_more = rows[:limit], len(rows) > limit
    return (page[::-1] if backwards else page), has_more


def as_list(data: list[dict[str, Any]], *, has_more: bool, url: str) -> dict[str, Any]:
    return {"object": "list", "data": data, "has_more": has_more, "url": url}
