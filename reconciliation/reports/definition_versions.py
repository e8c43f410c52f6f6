"""Versions of what the figures of a report mean. Frozen ones whose meaning changed since are not compared with a count of today's, and that is said."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

SCHEMA = "ansinh.report/6"
_NUMBER = re.compile(r"ansinh\.report/(\d{1,4})")
_WORDS = ("schema", "definitions")  # what a version is called and how it is explained, no figures
_NAMED = re.compile(r"(.*\.)?(name|label|signer)|agency|target|programmes\[\d+\]\.budget_source")


@dataclass(frozen=True)
class Change:
    """From `version` on the figures at `path` (a pattern over paths such as `gap.reasons[3].done`) mean something else: `sentence` tells what."""

    version: int
    path: re.Pattern[str]
    sentence: str


CHANGES = (
    Change(
        5,
        re.compile(r"gap(\.reasons\[\d+\])?\.(done|doing)"),
        "Biểu 04, cột E (việc đã xử lý, đang xử lý): nay chỉ tính việc mở trước lúc chốt và chưa xong trước kỳ báo cáo; "
        "trước đây tính theo tình trạng lúc lập.",
    ),
    Change(
        6,
        re.compile(r"work(\[.*)?"),
        "Việc chưa xong (đang xử lý, quá hạn, báo cáo cấp trên): nay tính theo tình trạng và hạn của từng việc vào cuối ngày cuối kỳ; "
        "trước đây tính theo hạn lúc lập, và không tính việc đã có người nhận.",
    ),
)


def version_of(figures: dict[str, Any]) -> int:
    """By its schema; 0 for none we know."""
    found = _NUMBER.fullmatch(str(figures.get("schema", "")))
    return int(found[1]) if found else 0


CURRENT = version_of({"schema": SCHEMA})


def of_its_time(frozen: dict[str, Any], counted: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What was counted today as far as it means what it meant when `frozen` was frozen, and sentences on what could not be counted so.

    Figures the older version did not have are left out; those that mean something else now stand as they were frozen.
    """
    version = version_of(frozen)
    if not 0 < version < CURRENT:
        return _as_named(frozen, counted), []
    changes = [one for one in CHANGES if one.version > version]
    changed = set(_changed(frozen, changes))
    said = [
        f"Báo cáo chốt theo định nghĩa số liệu phiên bản {version}, nay là phiên bản {CURRENT}: các số không đổi nghĩa đã tính lại và so.",
        *(f"Không tính lại được theo nghĩa cũ, giữ như đã chốt: {one.sentence}" for one in changes if one in changed),
    ]
    return _as_named(frozen, _as_then(frozen, counted, changes)), said


def _changed(frozen: Any, changes: Iterable[Change]) -> Iterator[Change]:
    paths = list(_paths(frozen))
    return (one for one in changes if any(one.path.fullmatch(path) for path in paths))


def _paths(tree: Any, at: str = "") -> Iterator[str]:
    if isinstance(tree, dict):
        for key, part in tree.items():
            yield from _paths(part, f"{at}.{key}".strip("."))
    elif isinstance(tree, list):
        for nth, part in enumerate(tree):
            yield from _paths(part, f"{at}[{nth}]")
    else:
        yield at


def _as_then(frozen: Any, counted: Any, changes: Iterable[Change], at: str = "") -> Any:
    """`counted` in the shape of `frozen`, with the frozen value wherever its meaning has changed."""
    if at in _WORDS or any(one.path.fullmatch(at) for one in changes):
        return frozen
    if isinstance(frozen, dict) and isinstance(counted, dict):
        return {
            key: _as_then(frozen[key], part, changes, f"{at}.{key}".strip("."))
            for key, part in counted.items()
            if key in frozen
        }
    if isinstance(frozen, list) and isinstance(counted, list) and len(frozen) == len(counted):
        parts = enumerate(zip(frozen, counted, strict=True))
        return [_as_then(was, now, changes, f"{at}[{nth}]") for nth, (was, now) in parts]
    return counted


def _as_named(frozen: Any, counted: Any, at: str = "") -> Any:
    """`counted` with what units, programmes, funds and people were called when it was frozen: a name is no figure, and who is renamed stays who they are."""
    if frozen and _NAMED.fullmatch(at):
        return frozen
    if isinstance(frozen, dict) and isinstance(counted, dict):
        return {key: _as_named(frozen.get(key), part, f"{at}.{key}".strip(".")) for key, part in counted.items()}
    if isinstance(frozen, list) and isinstance(counted, list) and len(frozen) == len(counted):
        parts = enumerate(zip(frozen, counted, strict=True))
        return [_as_named(was, now, f"{at}[{nth}]") for nth, (was, now) in parts]
    return counted
