"""Files that scenarios hand in: `{file: 收条.jpg}` stands for a sample file, kept as the upload of whoever acts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from engine.actor import Actor
from engine.errors import ClauseflowError
from engine.forms.context import FileRef
from engine.values import Value

Samples = Callable[[Actor, datetime, str], FileRef]
"""Keeps the sample of a name as a file this person added then, and gives the reference. Raises ClauseflowError."""


class NoSamples(ClauseflowError):
    """The scenario names a file where none can be kept."""

    zh = "场景用到文件“{name}”，但这次运行没有样件。"
    en = "The scenario hands in the file “{name}”, but this run has no sample files."


def no_samples(_by: Actor, _now: datetime, name: str) -> FileRef:
    """For runs without files. Raises NoSamples."""
    raise NoSamples(name=name)


def with_files(value: Value, take: Callable[[str], FileRef]) -> Value:
    """The value with a list of references in place of each `{file: name}`, or of each list of them."""
    if _is_file(value):
        return [take(value["file"])]
    if isinstance(value, Mapping):
        return {key: with_files(inner, take) for key, inner in value.items()}
    if isinstance(value, list):
        return [take(item["file"]) if _is_file(item) else with_files(item, take) for item in value]
    return value


def _is_file(value: Value) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"file"} and isinstance(value["file"], str)
