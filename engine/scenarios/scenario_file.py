"""A scenario file: who submits what when, which nodes follow, where it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import yaml

from engine.errors import Problem, Refused
from engine.values import NotAValue, Value, canonical, parse_duration


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One act: `by` completes the task at `do`, `after` the step before; `refused` is the refusal that must come.

    `written` is the moment this gives by the file alone: the dates in `values` are meant as seen from there.
    """

    by: str
    do: str
    after: timedelta
    values: Mapping[str, Value]
    refused: str | None
    line: int
    written: datetime


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named path. `path` are nodes passed in this order, with others between; `expect` variables at the end.

    It is started `by` a person, or by the clock at the timer start event `clock`.
    """

    name: str
    name_en: str
    clauses: tuple[str, ...]
    by: str
    clock: str
    at: datetime
    values: Mapping[str, Value]
    steps: tuple[ScenarioStep, ...]
    ends: str | None
    path: tuple[str, ...]
    expect: Mapping[str, Value]
    line: int


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """The scenarios of one process and the invented people in them with their roles.

    `names` is what people are called who act by another id.
    """

    process: str
    people: Mapping[str, tuple[str, ...]]
    scenarios: tuple[Scenario, ...] = field(default_factory=tuple)
    names: Mapping[str, str] = field(default_factory=dict)


class _Loader(yaml.CSafeLoader):
    """YAML whose numbers are decimals from their text, and whose maps know their line."""


def _number(loader: _Loader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(loader.construct_scalar(node).replace("_", ""))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    return {**loader.construct_mapping(node, deep=True), _LINE: node.start_mark.line + 1}


_LINE = "\0line"
_Loader.add_constructor("tag:yaml.org,2002:int", _number)
_Loader.add_constructor("tag:yaml.org,2002:float", _number)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_scenarios(data: bytes, file: str) -> ScenarioFile:
    """Read a scenario file. Raises Refused naming file and line."""
    try:
        found = yaml.load(data, Loader=_Loader)  # noqa: S506 - a SafeLoader with decimals
        return _file(found)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        raise _refused(file, line, f"不是有效的 YAML：{error}", f"not valid YAML: {error}") from error
    except _Wrong as wrong:
        raise _refused(file, wrong.line, wrong.zh, wrong.en) from wrong


class _Wrong(Exception):
    def __init__(self, line: int | None, zh: str, en: str) -> None:
        super().__init__(en)
        self.line, self.zh, self.en = line, zh, en


def _refused(file: str, line: int | None, zh: str, en: str) -> Refused:
    return Refused([Problem("scenarios", "", zh, en, line, file=file)])


def _file(found: Any) -> ScenarioFile:
    if not isinstance(found, dict):
        raise _Wrong(1, "文件应是一个映射", "the file must be a map")
    people = {
        str(name): tuple(map(str, roles)) for name, roles in _part(found, "people", dict).items() if name != _LINE
    }
    scenarios = tuple(_scenario(item, people) for item in _part(found, "scenarios", list))
    return ScenarioFile(str(_part(found, "process", str)), people, scenarios)


def _part(found: dict[Any, Any], key: str, kind: type, default: Any = None) -> Any:
    value = found.get(key, default)
    if not isinstance(value, kind):
        raise _Wrong(found.get(_LINE), f"“{key}”缺失或类型不对", f"“{key}” is missing or of the wrong type")
    return value


def _scenario(item: Any, people: Mapping[str, tuple[str, ...]]) -> Scenario:
    if not isinstance(item, dict):
        raise _Wrong(None, "场景应是一个映射", "a scenario must be a map")
    start = _part(item, "start", dict)
    at = start.get("at")
    if not isinstance(at, datetime) or at.tzinfo is None:
        raise _Wrong(start[_LINE], "start.at 应是带时区的时间", "start.at must be a time with a zone")
    return Scenario(
        name=_part(item, "name", str),
        name_en=_part(item, "name_en", str, ""),
        clauses=tuple(_part(item, "clauses", list, [])),
        by="" if "clock" in start else _person(start, people),
        clock=_part(start, "clock", str, ""),
        at=at,
        values=_values(start, "values"),
        steps=tuple(_steps(_part(item, "steps", list, []), at, people)),
        ends=item.get("ends"),
        path=tuple(_part(item, "path", list, [])),
        expect=_values(item, "expect"),
        line=item[_LINE],
    )


def _steps(items: list[Any], at: datetime, people: Mapping[str, tuple[str, ...]]) -> Iterator[ScenarioStep]:
    for item in items:
        step = _step(item, at, people)
        at = step.written
        yield step


def _step(item: dict[Any, Any], before: datetime, people: Mapping[str, tuple[str, ...]]) -> ScenarioStep:
    try:
        after = parse_duration(item.get("after", "PT1H"))
    except (TypeError, ValueError) as error:
        raise _Wrong(item[_LINE], "after 应是 ISO 8601 时长", "after must be an ISO 8601 duration") from error
    by, do = _person(item, people), _part(item, "do", str)
    return ScenarioStep(by, do, after, _values(item, "values"), item.get("refused"), item[_LINE], before + after)


def _person(item: dict[Any, Any], people: Mapping[str, tuple[str, ...]]) -> str:
    name: str = _part(item, "by", str)
    if name not in people:
        raise _Wrong(item[_LINE], f"people 中没有“{name}”", f"“{name}” is not among the people")
    return name


def _values(item: dict[Any, Any], key: str) -> dict[str, Value]:
    try:
        found: dict[str, Value] = canonical(_without_lines(_part(item, key, dict, {})), key)
    except NotAValue as error:
        raise _Wrong(item[_LINE], error.text("zh"), error.text("en")) from error
    return found


def _without_lines(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_lines(inner) for key, inner in value.items() if key != _LINE}
    if isinstance(value, list):
        return [_without_lines(inner) for inner in value]
    return value
