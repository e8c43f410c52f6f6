"""A statement as lines of JSON between the process that reads a file and the one that asked; neither database nor Django.

`{"statement", "doubts", "headings"}` begins a statement, `{"entry": lines}` an entry of it, then each of its lines is a list; `{"end", "doubts"}` ends the
statement, `{"whole": true}` the file. `{"refused"}` stands for whatever the reader raised.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

from beneficiaries.parsers.headings import Heading
from reconciliation.parsers import errors
from reconciliation.parsers.errors import ColumnsUnknown, RowsUnreadable, StatementRefused
from reconciliation.parsers.interface import (
    Doubt,
    ParsedLine,
    ParsedStatement,
    Shown,
    ShownRow,
    StatementReading,
)

LINE = tuple(field.name for field in fields(ParsedLine))
_KINDS = {one.__name__: one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, StatementRefused)}  # fmt: skip


class CutShort(ValueError):
    """The other process ended in the middle."""


def written(readings: Iterable[StatementReading]) -> Iterator[str]:
    """Every statement of a file, line by line; a refusal of the reader is its last."""
    try:
        for reading in readings:
            yield _json({"statement": asdict(reading.statement), "doubts": _all(reading.doubts), "headings": _all(reading.headings)})  # fmt: skip
            for entry in reading.entries():
                yield _json({"entry": len(entry)})
                for line in entry:
                    yield _json([getattr(line, name) for name in LINE])
            yield _json({"end": asdict(reading.statement), "doubts": _all(reading.doubts)})
    except StatementRefused as error:
        yield _json({"refused": _refused(error)})
    else:
        yield _json({"whole": True})


def read_back(said: Iterator[bytes]) -> Iterator[StatementReading]:
    """The statements written, each to be read before the next is asked for. Raises what reading the file raised, and CutShort."""
    while "whole" not in (head := _next(said)):
        reading = _reading(head, said)
        yield reading
        for _ in reading.entries():
            pass


def _reading(head: dict[str, Any], said: Iterator[bytes]) -> StatementReading:
    def entries() -> Iterator[list[ParsedLine]]:
        while "entry" in (record := _next(said)):
            yield [_line(_loaded(said)) for _ in range(record["entry"])]
        reading.end_with(_statement(record["end"]), doubts=_doubts(record))

    headings = tuple(Heading(**one) for one in head["headings"])
    reading = StatementReading(_statement(head["statement"]), entries(), doubts=_doubts(head), headings=headings)
    return reading


def _next(said: Iterator[bytes]) -> dict[str, Any]:
    record: dict[str, Any] = _loaded(said)
    if "refused" in record:
        raise _refusal(record["refused"])
    return record


def _loaded(said: Iterator[bytes]) -> Any:
    text = next(said, b"")
    if not text.endswith(b"\n"):
        raise CutShort
    return json.loads(text)


def _line(values: list[Any]) -> ParsedLine:
    named = dict(zip(LINE, values, strict=True))
    return ParsedLine(**named | {day: date.fromisoformat(named[day]) for day in ("booked_on", "value_on")})


def _statement(said: dict[str, Any]) -> ParsedStatement:
    days = {day: date.fromisoformat(said[day]) for day in ("from_on", "to_on")}
    return ParsedStatement(**said | days | {"created_at": datetime.fromisoformat(said["created_at"])})


def _doubts(record: dict[str, Any]) -> tuple[Doubt, ...]:
    return tuple(Doubt(**one) for one in record["doubts"])


def _refused(error: StatementRefused) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": type(error).__name__, "detail": error.detail, "sentence": str(error)}
    if isinstance(error, RowsUnreadable):
        said["problems"] = error.problems
    if isinstance(error, ColumnsUnknown):
        shown = asdict(error.shown) if error.shown else None
        said |= {"missing": error.missing, "headings": _all(error.headings), "shown": shown}
    return said


def _refusal(said: dict[str, Any]) -> StatementRefused:
    kind = _KINDS[said["kind"]]
    if kind is RowsUnreadable:
        return RowsUnreadable(said["problems"])
    if kind is ColumnsUnknown:
        return ColumnsUnknown(
            said["missing"], headings=[Heading(**one) for one in said["headings"]], shown=_shown(said["shown"])
        )
    error = kind(said["detail"])
    error.args = (said["sentence"],)
    return error


def _shown(said: dict[str, Any] | None) -> Shown | None:
    if said is None:
        return None
    rows = tuple(ShownRow(row["number"], tuple(row["cells"])) for row in said["rows"])
    return Shown(said["heading_row"], said["first_booking"], rows)


def _all(ones: Iterable[Doubt | Heading]) -> list[dict[str, Any]]:
    return [asdict(one) for one in ones]


def _json(said: object) -> str:
    return json.dumps(said, default=_day)


def _day(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()
