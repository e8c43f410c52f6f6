"""Whatever holds a case opens the transaction itself: tests run inside one, so that nobody but a user would see that it doesn't."""

import ast
from collections.abc import Iterator
from pathlib import Path

SERVICES = Path(__file__).parents[2] / "beneficiaries" / "services"
HOLDS = {"locked_case", "locked_proposal", "locked_correction"}


def holders() -> Iterator[tuple[str, bool]]:
    """Public functions that hold a case or correction, and whether they stand in a transaction; the holders themselves are their callers'."""
    for path in sorted(SERVICES.rglob("*.py")):
        for found in ast.walk(ast.parse(path.read_text())):
            if not isinstance(found, ast.FunctionDef) or found.name in HOLDS or found.name.startswith("_"):
                continue
            called = {one.func.id for one in ast.walk(found) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}  # fmt: skip
            if called & HOLDS:
                yield f"{path.name}: {found.name}", "transaction.atomic" in ast.unparse(found)


def test_every_step_of_a_case_is_one_transaction() -> None:
    found = dict(holders())

    assert len(found) > 10
    assert [name for name, atomic in found.items() if not atomic] == []
