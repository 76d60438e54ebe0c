"""What is measured of invented sources: circles, depth, crowded folders, and the limits that are passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.structure import Measured, circles, depths, main, measure, passed, sources


@pytest.fixture
def measured(tmp_path: Path):
    """Measures a product of these files, by path and text."""

    def write(files: dict[str, str]) -> Measured:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
        return measure(sources(tmp_path))

    return write


def test_a_circle_is_found_though_only_types_close_it(measured):
    found = measured(
        {
            "web/a.py": "from web import b",
            "web/b.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from web.a import thing",
            "web/c.py": "import web.a",
        }
    )
    assert found.circles == [["web.a", "web.b"]]
    assert passed(found) == ["circle of 2: web.a, web.b"]


def test_modules_of_one_run_may_know_each_other(measured):
    found = measured(
        {
            "engine/bpmn/run/tokens.py": "from engine.bpmn.run import tasks",
            "engine/bpmn/run/tasks.py": "from engine.bpmn.run import tokens",
        }
    )
    assert found.circles == [["engine.bpmn.run.tasks", "engine.bpmn.run.tokens"]]
    assert passed(found) == []


def test_depth_counts_the_longest_chain_and_a_circle_once():
    imports = {"a": {"b", "d"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert circles(imports) == [frozenset("d"), frozenset("bc"), frozenset("a")]
    assert depths(imports) == {"d": 1, "b": 2, "c": 2, "a": 3}


def test_a_folder_holds_at_most_twenty_files(measured):
    full = {f"web/m{number}.py": "" for number in range(20)}
    assert passed(measured(full)) == []
    assert passed(measured({**full, "web/one_more.py": ""})) == ["web holds 21 files, at most 20"]


def test_functions_are_measured_without_self(measured):
    found = measured({"web/a.py": "class A:\n    def f(self, a, *, b):\n        return a\n\nasync def g(): ...\n"})
    assert (sorted(found.functions), sorted(found.parameters)) == ([1, 2], [0, 2])


def test_this_product_keeps_the_limits(capsys: pytest.CaptureFixture[str]):
    assert main(["--check"]) == 0, capsys.readouterr().err
