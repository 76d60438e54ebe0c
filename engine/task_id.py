"""The public name of a wait: its instance and the entry that opened it."""

from __future__ import annotations

import re
from typing import NamedTuple

from engine.errors import ClauseflowError
from engine.tables import LARGEST

_SHAPE = re.compile(r"([1-9]\d{0,9})-(\d{1,9})-(\d{1,9})", re.ASCII)


class NoSuchTask(ClauseflowError):
    """No task has that id."""

    status = 404
    zh = "没有编号为“{task}”的任务。"
    en = "There is no task “{task}”."


class TaskId(NamedTuple):
    """A wait's identity across instances, written `17-4-0`."""

    instance_id: int
    seq: int
    k: int

    def __str__(self) -> str:
        return f"{self.instance_id}-{self.seq}-{self.k}"

    @property
    def wait(self) -> tuple[int, int]:
        """The wait's identity within its instance: (seq, k)."""
        return self.seq, self.k

    @classmethod
    def parse(cls, text: str) -> TaskId:
        """The id written as `17-4-0`. Raises NoSuchTask."""
        match = _SHAPE.fullmatch(text)
        if not match or int(match[1]) > LARGEST:
            raise NoSuchTask(task=text[:60])
        return cls(*map(int, match.groups()))
