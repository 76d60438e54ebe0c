"""The table of rules: the shipped process passes, and every rule has its page."""

from __future__ import annotations

from pathlib import Path

from cli.content import bundle, process_keys
from engine.clauses import Register
from engine.lint import RULES, LintContext, lint
from handlers import HANDLERS

ROOT = Path(__file__).parents[3]


def test_every_shipped_process_passes_without_a_remark(register: Register) -> None:
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))

    assert [problem.located() for key in process_keys() for problem in lint(bundle(key), context)] == []


def test_every_rule_is_named_like_its_file_and_has_a_page() -> None:
    for rule in RULES:
        assert rule.__module__ == f"engine.lint.{rule.__name__}"
        page = (ROOT / "docs" / "lint" / f"{rule.__name__}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {rule.__name__} ")
