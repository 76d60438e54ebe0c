"""docs/feel.md names every built-in and every construct, each with a test that exists."""

import ast
import re
from pathlib import Path

from engine.feel.builtins import BUILTINS
from engine.feel.parse import nodes

ROOT = Path(__file__).parents[3]
ROWS = re.findall(
    r"^\| (.+?) \| `([\w/.]+)::(\w+)` \|", (ROOT / "docs/feel.md").read_text(encoding="utf-8"), re.MULTILINE
)


def functions_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / "tests/engine/feel" / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_built_in_has_a_row():
    named = {name for cell, _, _ in ROWS for name in re.findall(r"`([^`]+)`", cell)}
    assert set(BUILTINS) - {name.partition("(")[0] for name in named} == set()


def test_every_kind_of_syntax_node_has_a_row():
    kinds = {kind.__name__ for kind in vars(nodes).values() if isinstance(kind, type) and issubclass(kind, nodes.Node)}
    named = {name for cell, _, _ in ROWS for name in re.findall(r"\*(\w+)\*", cell)}
    assert kinds - {"Node"} - named == set()


def test_every_named_test_exists():
    assert len(ROWS) > 100
    missing = [f"{path}::{test}" for _, path, test in ROWS if test not in functions_in(path)]
    assert missing == []
