"""`clauseflow scenarios --second-opinion`: what it says and when it fails; and no other command loads that engine."""

from __future__ import annotations

import json
import subprocess
import sys
from unittest.mock import Mock

import pytest

import clauseflow
from cli import second_opinions
from cli.second_opinions import Opinions
from engine.second_opinion import Difference, Opinion

UNEXPLAINED = Opinion(Difference("start"), unexplained=Difference("complete sign (p #3)", waits_not=("sign",)))


def said(opinions: Opinions) -> list[str]:
    lines: list[str] = []
    opinions.print(lambda zh, en: lines.append(f"{zh} | {en}"))
    return lines


def test_it_counts_who_agrees_and_names_the_traps() -> None:
    known = Opinion(Difference("start"), traps=(2, 9))
    opinions = Opinions("p", {"a": Opinion(), "b": known, "c": Opinion(Difference("start"), traps=(2,))})

    assert opinions.ok
    assert said(opinions) == [(
        "p：SpiffWorkflow 自带的执行层 1/3 个场景一致；已知陷阱：2（2）、9（1） | "
        "p: SpiffWorkflow's own layer agrees on 1/3 scenarios; known traps: 2 (2), 9 (1)"
    )]  # fmt: skip


def test_a_difference_without_a_known_trap_fails_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    opinions = Opinions("p", {"退货": UNEXPLAINED})

    assert not opinions.ok
    assert said(opinions)[1] == "✗ 不一致且无已知陷阱可解释：退货 | ✗ differs, and no known trap says why: 退货"
    assert capsys.readouterr().out == "    complete sign (p #3): waits_not ('sign',)\n"


def test_the_command_gives_it_to_programs_and_fails_with_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_opinions, "second_opinion", Mock(return_value=UNEXPLAINED))

    assert clauseflow.main(["scenarios", "salvage", "--second-opinion", "--json"]) == clauseflow.FAILED

    [found] = json.loads(capsys.readouterr().out)
    assert (found["second_opinion"]["ok"], found["second_opinion"]["agreed"]) == (False, 0)
    assert found["second_opinion"]["differing"][0]["unexplained"]["waits_not"] == ["sign"]


LOADED = """
import sys, clauseflow, web, engine.worker
clauseflow._parser()
print(sorted(name for name in sys.modules if name.startswith(("SpiffWorkflow.bpmn", "engine.second_opinion"))))
"""


def test_whoever_runs_cases_never_loads_the_other_engine() -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
