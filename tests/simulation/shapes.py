"""Django compiles a statement once for all questions of the same shape: half of the processor time of a schedule was that (ADR 62).

The shape of a question is all that its text depends on; values are gathered by Django's own code, in the order in which the text asks for them. The first
question of a shape is compiled as ever, and its shape is only kept if the values gathered are those Django itself put beside the text. What is not
known here is compiled each time.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db.backends.postgresql.compiler import SQLCompiler, SQLUpdateCompiler
from django.db.models.aggregates import Count, Max, Min, Sum
from django.db.models.base import ModelBase
from django.db.models.expressions import (
    Case,
    Col,
    CombinedExpression,
    Exists,
    ExpressionWrapper,
    F,
    NegatedExpression,
    OrderBy,
    Star,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull, Lookup
from django.db.models.sql.datastructures import BaseTable, Join
from django.db.models.sql.query import Query
from django.db.models.sql.subqueries import UpdateQuery
from django.db.models.sql.where import WhereNode

_COMPILED = ("select", "klass_info", "annotation_col_map", "col_count", "has_extra_select")
# What a query is, besides its expressions and joins.
_PLAIN = (
    "model", "alias_prefix", "annotation_select_mask", "default_cols", "default_ordering", "standard_ordering", "extra_order_by", "low_mark", "high_mark",
    "distinct", "distinct_fields", "select_for_update", "select_for_update_nowait", "select_for_update_skip_locked", "select_for_update_of",
    "select_for_no_key_update", "max_depth", "values_select", "subquery", "deferred_loading", "selected", "extra_tables",
)  # fmt: skip
# Their text depends on their parts and on nothing else that `_parts` does not look at; no other function is known here.
_BY_PARTS = (Case, When, CombinedExpression, ExpressionWrapper, NegatedExpression, Coalesce, Count, Max, Min, Sum)
_AS_IS = frozenset({type(None), bool, int, str, ModelBase, frozenset})


class _Unknown(Exception):
    """Something whose text may depend on more than is looked at here."""


class _Shape:
    """Looks through one question: `key` is what its text depends on, `values` what it is asked with.

    Fields of models live as long as we do, so that their place in memory names them.
    """

    def __init__(self, compiler: Any) -> None:
        self.compiler, self.connection = compiler, compiler.connection
        self.key: list[Any] = [type(compiler)]
        self.values: list[Any] = []
        query = compiler.query
        if type(query) is UpdateQuery:
            self._update(query)
        elif type(query) is not Query:
            raise _Unknown
        self._query(query)

    def _update(self, query: Any) -> None:
        if query.related_updates:
            raise _Unknown
        for field, model, value in query.values:
            if hasattr(field, "get_placeholder"):
                raise _Unknown
            self.key += (id(field), model)
            if hasattr(value, "resolve_expression"):
                self._expression(value)
            elif hasattr(value, "prepare_database_save"):
                raise _Unknown
            else:
                prepared = field.get_db_prep_save(value, connection=self.connection)
                if hasattr(prepared, "as_sql"):
                    raise _Unknown
                self.key.append(prepared is None)
                if prepared is not None:
                    self.values.append(prepared)

    def _query(self, query: Any) -> None:
        if (
            query.combinator
            or query.extra
            or query._filtered_relations
            or query.explain_info
            or query.group_by
            or query.where.contains_aggregate
        ):
            raise _Unknown
        state = vars(query)  # what was never set is as Query has it
        for name in _PLAIN:
            if name in state:
                self.key += (name, _frozen(state[name]))
        self.key += (
            _frozen(query.select_related),
            tuple(query.alias_refcount.items()),
            tuple(query.external_aliases.items()),
        )
        self.key.append(len(query.alias_map))
        for alias, table in query.alias_map.items():
            self.key += (alias, type(table), table.table_name)
            if type(table) is Join:
                self.key += (table.parent_alias, table.join_type, id(table.join_field), table.nullable)
            elif type(table) is not BaseTable:
                raise _Unknown
        self.key += (len(query.select), tuple(query.annotations), len(query.order_by))
        for one in (*query.select, *query.annotations.values()):
            self._expression(one)
        self._where(query.where)
        for one in query.order_by:
            if isinstance(one, str):
                self.key.append(one)
            else:
                self._expression(one)

    def _where(self, node: Any) -> None:
        self.key += (node.connector, node.negated, len(node.children))
        for child in node.children:
            self._expression(child)

    def _expression(self, one: Any) -> None:
        kind = type(one)
        self.key.append(kind)
        if kind is Col:
            self.key += (one.alias, id(one.target))
            if one.output_field is not one.target:
                self.key.append(one.output_field)
        elif kind is WhereNode:
            self._where(one)
        elif isinstance(one, Lookup):
            self._lookup(one)
        elif kind is Value:
            self._leaf(one.as_sql(self.compiler, self.connection))
        elif kind is Query:
            self._query(one)
        elif kind in (Exists, Subquery):
            if one.extra:
                raise _Unknown
            self._expression(one.query)
        elif kind is F:
            self.key.append(one.name)
        elif kind is Star:
            pass
        elif kind is OrderBy:
            self.key += (one.descending, one.nulls_first, one.nulls_last)
            self._expression(one.expression)
        elif kind in _BY_PARTS:
            self._parts(one)
        else:
            raise _Unknown

    def _parts(self, one: Any) -> None:
        self.key += [
            _frozen(getattr(one, name, None)) for name in ("connector", "extra", "distinct", "function", "template")
        ]
        parts = one.get_source_expressions()
        self.key.append(len(parts))
        for part in parts:
            if part is None:
                self.key.append(None)
            else:
                self._expression(part)

    def _lookup(self, one: Any) -> None:
        self._expression(one.lhs)
        if one.bilateral_transforms:
            raise _Unknown
        if isinstance(one, IsNull) or isinstance(one.rhs, bool):
            self.key.append(one.rhs)
        if hasattr(one.rhs, "resolve_expression"):
            self._expression(one.rhs)
        elif not (isinstance(one, IsNull) or (isinstance(one.rhs, bool) and getattr(one.lhs, "conditional", False))):
            self._leaf(one.process_rhs(self.compiler, self.connection))

    def _leaf(self, compiled: tuple[str, Any]) -> None:
        self.key.append(compiled[0])
        self.values += compiled[1]


def _frozen(value: Any) -> Any:
    """Something to compare by, of what a query keeps in lists, sets and dictionaries."""
    if type(value) in _AS_IS:
        return value
    if isinstance(value, dict):
        return tuple((name, _frozen(inner)) for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(_frozen, value))
    return frozenset(value) if isinstance(value, (set, frozenset)) else value


class Shapes:
    """The texts of all shapes seen so far. `doubting`: compile all the same, and raise `AssertionError` at the first difference."""

    def __init__(self, *, doubting: bool = False) -> None:
        self.doubting = doubting
        self.known: dict[tuple[Any, ...], tuple[str, tuple[Any, ...]] | None] = {}
        self.answered = 0
        self._compiling = False

    def compile(self, compiler: Any, ordinary: Any) -> tuple[str, tuple[Any, ...]]:
        """Text and values of the compiler's question; `ordinary` is Django's own way to them."""
        if self._compiling:  # a part of another one
            made: tuple[str, tuple[Any, ...]] = ordinary(compiler)
            return made
        self._compiling = True
        try:
            return self._compile(compiler, ordinary)
        finally:
            self._compiling = False

    def _compile(self, compiler: Any, ordinary: Any) -> tuple[str, tuple[Any, ...]]:
        try:
            shape = _Shape(compiler)
            key = tuple(shape.key)
            found = self.known.get(key, ())
        except (_Unknown, EmptyResultSet, FullResultSet, TypeError):
            made: tuple[str, tuple[Any, ...]] = ordinary(compiler)
            return made
        if found:
            self.answered += 1
            text, compiled = found
            values = tuple(shape.values)
            if self.doubting:
                assert ordinary(compiler) == (text, values)
            for name, value in zip(_COMPILED, compiled, strict=True):
                setattr(compiler, name, value)
            return text, values
        sql, given = ordinary(compiler)
        if found == ():
            same = bool(sql) and tuple(given) == tuple(shape.values)
            self.known[key] = (sql, tuple(getattr(compiler, name, None) for name in _COMPILED)) if same else None
        return sql, given


@contextmanager
def compiled_once(*, doubting: bool = False) -> Iterator[Shapes]:
    """While the block runs, Django compiles each shape once. One thread at a time, as a schedule has it."""
    shapes = Shapes(doubting=doubting)
    with ExitStack() as stack:
        for compiler in (SQLCompiler, SQLUpdateCompiler):
            stack.enter_context(mock.patch.object(compiler, "as_sql", _once(shapes, compiler)))
        yield shapes


def _once(shapes: Shapes, kind: Any) -> Any:
    ordinary = kind.as_sql

    def as_sql(self: Any, *given: Any, **named: Any) -> Any:
        if type(self) is not kind or given or any(named.values()):
            return ordinary(self, *given, **named)
        return shapes.compile(self, ordinary)

    return as_sql
