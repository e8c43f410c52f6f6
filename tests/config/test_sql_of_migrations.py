"""What a migration says it does to the database, it does: a guard that was written and never run guards nothing, and nothing tells so."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MIGRATIONS = sorted(ROOT.glob("*/migrations/0*.py"))


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: f"{path.parent.parent.name}-{path.stem}")
def test_every_statement_is_run(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    used = {name.id for name in names if isinstance(name.ctx, ast.Load)}
    statements = [node for node in tree.body if isinstance(node, ast.Assign) and "CREATE" in ast.unparse(node.value)]

    assert [
        ast.unparse(node.targets[0]) for node in statements if not {ast.unparse(t) for t in node.targets} & used
    ] == []
