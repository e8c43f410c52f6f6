"""Django's making of statements with less ceremony, for long runs: the same statements, letter by letter (ADR 62)."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models.expressions import BaseExpression, Col
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.sql.query import Query


def _copy(self: BaseExpression) -> BaseExpression:
    """What `copy.copy` comes to for an expression: the same class, the state it names."""
    made = object.__new__(type(self))
    state: dict[str, Any] = self.__getstate__()
    vars(made).update(state)
    return made


_LOOKS_FOR_A_LOOP = BaseDatabaseWrapper.cursor.__code__
_resolved = BaseExpression.resolve_expression


def _resolve_column(self: Col, query: Any = None, *given: Any, **named: Any) -> Any:
    """A column is resolved already: its copy would differ only in a summary, which none of ours asks a column for."""
    if self.is_summary or named.get("summarize") or (len(given) > 2 and given[2]):
        return _resolved(self, query, *given, **named)
    return self


class _Ways:
    """Where the words of a filter lead from a model: the same each time, unless the query names something of its own."""

    def __init__(self) -> None:
        self._solved: dict[tuple[str, Any], tuple[list[str], list[str]]] = {}
        self._paths: dict[tuple[Any, ...], tuple[list[Any], Any, tuple[Any, ...], list[str]]] = {}

    def solve_lookup_type(self, query: Query, lookup: str, summarize: bool = False) -> Any:
        if query.annotations or query._filtered_relations:
            return _solve(query, lookup, summarize)
        found = self._solved.get((lookup, query.model))
        if found is None:
            lookups, parts, _ = _solve(query, lookup, summarize)
            found = self._solved[lookup, query.model] = (lookups, parts)
        return [*found[0]], [*found[1]], False

    def names_to_path(
        self, query: Query, names: list[str], opts: Any, allow_many: bool = True, fail_on_missing: bool = False
    ) -> Any:
        if query.annotations or query._filtered_relations:
            return _path(query, names, opts, allow_many, fail_on_missing)
        key = (*names, opts, allow_many, fail_on_missing)
        found = self._paths.get(key)
        if found is None:
            found = self._paths[key] = _path(query, names, opts, allow_many, fail_on_missing)
        path, field, targets, rest = found
        return [*path], field, targets, [*rest]


class _Readers:
    """What turns a column's values into Python's: asked once a column."""

    def __init__(self) -> None:
        self._known: dict[
            tuple[int, int], tuple[Any, list[Any]]
        ] = {}  # with the column, so that its place is not given to another

    def get_converters(self, compiler: SQLCompiler, expressions: list[Any]) -> dict[int, Any]:
        if any(type(one) is not Col for one in expressions):
            as_django_does: dict[int, Any] = _converters(compiler, expressions)
            return as_django_does
        found = {}
        for at, one in enumerate(expressions):
            key = (id(one.target), id(one.output_field))
            known = self._known.get(key)
            if known is None:
                asked = _converters(compiler, [one])
                known = self._known[key] = (one, asked[0][0] if asked else [])
            if known[1]:
                found[at] = (known[1], one)
        return found


_solve, _path, _converters = Query.solve_lookup_type, Query.names_to_path, SQLCompiler.get_converters


def _as_method(way: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *given, **named: way(*given, **named)


@contextmanager
def lighter_statements() -> Iterator[None]:
    """While the block runs, Django copies expressions directly, keeps columns as they are, knows where words of filters lead, and looks for no event loop."""
    ways, readers = _Ways(), _Readers()
    with ExitStack() as stack:
        for owner, name, method in (
            (Query, "solve_lookup_type", ways.solve_lookup_type),
            (Query, "names_to_path", ways.names_to_path),
            (SQLCompiler, "get_converters", readers.get_converters),
        ):
            stack.enter_context(mock.patch.object(owner, name, _as_method(method)))
        stack.enter_context(mock.patch.object(BaseExpression, "copy", _copy))
        stack.enter_context(mock.patch.object(Col, "resolve_expression", _resolve_column, create=True))
        for owner in (BaseDatabaseWrapper, DatabaseWrapper):
            for name, method in list(vars(owner).items()):
                if getattr(method, "__code__", None) is _LOOKS_FOR_A_LOOP:
                    stack.enter_context(mock.patch.object(owner, name, method.__wrapped__))
        yield
