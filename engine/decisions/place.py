"""Where something stands in a decision file, so that every problem can name it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.errors import Problem


@dataclass(frozen=True, slots=True)
class Place:
    """An element of a file: its id, or that of the nearest element that has one, and in tables the cell."""

    file: str
    where: str
    line: int | None
    cell_zh: str = ""
    cell_en: str = ""

    def problem(
        self,
        rule: str,
        zh: str,
        en: str,
        *,
        severity: Literal["error", "warning"] = "error",
        column: int | None = None,
        line: int | None = None,
    ) -> Problem:
        """A problem that stands here; `line` counts from this place's own line, 1 being the same line."""
        own = self.line if line is None or self.line is None else self.line + line - 1
        zh, en = (f"{self.cell_zh}：{zh}" if self.cell_zh else zh), (f"{self.cell_en}: {en}" if self.cell_en else en)
        return Problem(rule, self.where, zh, en, line=own, column=column, file=self.file, severity=severity)
