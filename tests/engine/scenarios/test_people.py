"""The people of a scenario may be picked by id or by name, in a lane only those who hold its role."""

from __future__ import annotations

import pytest

from engine.scenarios.people import people_lists
from engine.scenarios.scenario_file import ScenarioFile

FILE = ScenarioFile("trip", {"lu": ("engineer",), "lin": ("desk", "engineer"), "周": ("desk",)}, names={"lu": "陆远行"})


@pytest.mark.parametrize(
    ("list_", "searched", "found"),
    [
        ("people", "", ["lu", "lin", "周"]),
        ("people", "陆远行", ["lu"]),
        ("people", "lin", ["lin"]),
        ("people/engineer", "", ["lu", "lin"]),
        ("people/engineer", "周", []),
        ("people/desk", "周", ["周"]),
    ],
)
def test_a_list_gives_whom_it_is_asked_for(list_: str, searched: str, found: list[str]) -> None:
    assert [option.value for option in people_lists(FILE)[list_](searched)] == found


def test_people_are_called_by_their_names() -> None:
    assert [option.label.zh for option in people_lists(FILE)["people"]("")] == ["陆远行", "lin", "周"]
