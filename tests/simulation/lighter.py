"""Django's making of statements with less ceremony, for long runs: the same statements, letter by letter (ADR 62)."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.models.expressions import BaseExpression, Col


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


@contextmanager
def lighter_statements() -> Iterator[None]:
    """While the block runs, Django copies expressions directly, keeps columns as they are, and looks for no event loop."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(BaseExpression, "copy", _copy))
        stack.enter_context(mock.patch.object(Col, "resolve_expression", _resolve_column, create=True))
        for owner in (BaseDatabaseWrapper, DatabaseWrapper):
            for name, method in list(vars(owner).items()):
                if getattr(method, "__code__", None) is _LOOKS_FOR_A_LOOP:
                    stack.enter_context(mock.patch.object(owner, name, method.__wrapped__))
        yield
