"""The people of a scenario as lists that forms pick from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine import forms
from engine.forms.words import Words
from engine.scenarios.scenario_file import ScenarioFile


def people_lists(file: ScenarioFile) -> Mapping[str, forms.Source]:
    """The list of all, `people`, and of those who work in a lane, `people/<lane>`."""
    lanes = {role for roles in file.people.values() for role in roles}
    return {"people": _list(file, file.people)} | {
        f"people/{lane}": _list(file, [who for who, roles in file.people.items() if lane in roles]) for lane in lanes
    }


def _list(file: ScenarioFile, people: Sequence[str] | Mapping[str, object]) -> forms.Source:
    options = [forms.Option(who, Words(file.names.get(who, who), file.names.get(who, who))) for who in people]
    return lambda searched: [option for option in options if searched in (option.text, option.label.zh) or not searched]
