"""Problems for the terminal and for programs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from engine.errors import Problem


def print_problems(problems: Sequence[Problem], language: str) -> None:
    for problem in problems:
        mark = {"error": ("错误", "error"), "warning": ("警告", "warning")}[problem.severity][language != "zh"]
        print(f"{mark} {problem.located(language)}  ({problem.rule})", file=sys.stderr)


def problem_value(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "where": problem.where,
        "zh": problem.zh,
        "en": problem.en,
    }
