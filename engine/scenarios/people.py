"""The people of a scenario: as accounts that act, and as lists that forms pick from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine import forms
from engine.forms.words import Words
from engine.scenarios.scenario_file import ScenarioFile


def with_accounts(file: ScenarioFile, accounts: Mapping[str, str]) -> ScenarioFile:
    """The file with people's accounts in place of their names, which are kept in `names`."""

    def account(name: str) -> str:
        return accounts.get(name, name)

    scenarios = tuple(
        replace(
            scenario,
            by=account(scenario.by),
            steps=tuple(replace(step, by=account(step.by)) for step in scenario.steps),
        )
        for scenario in file.scenarios
    )
    people = {account(name): roles for name, roles in file.people.items()}
    return replace(file, people=people, names={account(name): name for name in file.people}, scenarios=scenarios)


def people_lists(file: ScenarioFile) -> Mapping[str, forms.RecordSource]:
    """The list of all, `people`, and of those who work in a lane, `people/<lane>`."""
    lanes = {role for roles in file.people.values() for role in roles}
    return {"people": _list(file, file.people)} | {
        f"people/{lane}": _list(file, [who for who, roles in file.people.items() if lane in roles]) for lane in lanes
    }


def _list(file: ScenarioFile, people: Sequence[str] | Mapping[str, object]) -> forms.RecordSource:
    options = [forms.Option(who, Words(file.names.get(who, who), file.names.get(who, who))) for who in people]
    return lambda searched: [option for option in options if searched in (option.text, option.label.zh) or not searched]
