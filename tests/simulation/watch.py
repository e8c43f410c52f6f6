"""Whether anything was written since the promises were last looked at: what nobody touched need not be read again."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

# Anything else may write: WITH … UPDATE, a function of ours, a table made on the way.
_OURS = r"\b(?:payments|beneficiaries|reconciliation|staff|ansinh)_\w+\s*\("
_ONLY_READS = re.compile(
    rf"\s*(?:SELECT\b(?!.*{_OURS})|WITH\b(?!.*(?:{_OURS}|\b(?:INSERT|UPDATE|DELETE|MERGE)\b))|(?:RELEASE )?SAVEPOINT\b)",
    re.IGNORECASE | re.DOTALL,
)


@cache
def _only_reads(sql: str) -> bool:
    return _ONLY_READS.match(sql) is not None


class Watch:
    """A wrapper of Django's statements. A transaction ends within the step it began in, so that what was written is committed, or gone, by the look."""

    def __init__(self) -> None:
        self.written = True

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        """Note what `sql` is, and do it."""
        self.note(sql)
        return execute(sql, params, many, context)

    def note(self, sql: object) -> None:
        """`sql` is about to be done; composed statements count as writing."""
        self.written = self.written or not (isinstance(sql, str) and _only_reads(sql))


watch = Watch()
