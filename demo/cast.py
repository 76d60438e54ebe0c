"""Scenarios dressed for the demo: other customers, machines, faults and people, so that no two cases look alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from cli.scenario_runs import scenario_file
from demo import people as demo
from demo import world as demo_world
from engine.scenarios import Scenario, ScenarioFile, ScenarioStep, with_accounts
from engine.values import Value

_MACHINES = demo_world.machines()
PROMPT = 0.4, 0.9
"""How much of the time that a scenario gives them people take."""

SAID_TOO = {"return_home": {"return_note": "工期与计划不同，改签返程。"}}
"""What people add, by step, because in the demo days fall otherwise than in the scenario."""

ANSWERS, HASTE, HASTY = {"complaint": "answer"}, timedelta(hours=4), 0.9
"""The step that answers a customer who must have an answer by then: in how long most who work on it are there."""

SLOW, SLOWEST = 0.05, 4
"""How many steps somebody lets lie, and for how many days at most."""


def played(process: str) -> ScenarioFile:
    """The scenarios of a process, done by the demo's people under their accounts. Raises NoScenarios, Refused."""
    return with_accounts(scenario_file(process), {person.name: person.account for person in demo.PEOPLE})


def dressed(file: ScenarioFile, scenario: Scenario, dice: Random) -> tuple[ScenarioFile, Scenario]:
    """The scenario as it happens to somebody else; refused steps are left out, as they leave nothing behind."""
    cast = _cast(file, dice)
    swaps = _swaps(scenario.values, dice) | {_NAMES[account]: _NAMES[other] for account, other in cast.items()}
    people = {cast[name]: roles for name, roles in file.people.items()}
    steps = tuple(
        replace(step, by=cast[step.by], values=swapped({**SAID_TOO.get(step.do, {}), **step.values}, swaps))
        for step in _kept(file.process, scenario.steps, dice)
    )
    values = swapped(scenario.values, swaps)
    return replace(file, people=people, names=_NAMES), replace(
        scenario, by=cast.get(scenario.by, ""), values=values, steps=steps
    )


def swapped(value: Value, swaps: Mapping[str, str]) -> Any:
    """The value with every text that stands for something swapped, also inside a longer text."""
    if isinstance(value, str):
        if value in swaps:
            return swaps[value]
        for old, new in swaps.items():
            if old in value:
                return value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {key: swapped(inner, swaps) for key, inner in value.items()}
    return [swapped(inner, swaps) for inner in value] if isinstance(value, list) else value


_NAMES = {person.account: person.name for person in demo.PEOPLE}


def _cast(file: ScenarioFile, dice: Random) -> dict[str, str]:
    """Who plays whom: somebody who holds at least the roles, and nobody twice."""
    free = list(demo.PEOPLE)
    dice.shuffle(free)
    cast: dict[str, str] = {}
    for name, roles in sorted(file.people.items(), key=lambda item: -len(item[1])):
        fitting = [person.account for person in free if set(roles) <= set(person.roles)]
        cast[name] = next((account for account in fitting if account not in cast.values()), name)
    return cast if len(set(cast.values())) == len(cast) else {name: name for name in cast}


def _kept(process: str, steps: tuple[ScenarioStep, ...], dice: Random) -> list[ScenarioStep]:
    kept, waited = [], timedelta(0)
    urgent = _urgent(process, steps) if dice.random() < HASTY else 0
    hurry = min(1.0, HASTE / max(HASTE, sum((step.after for step in steps[:urgent]), timedelta(0))))
    for place, step in enumerate(steps):
        if step.refused is not None:
            waited += step.after
            continue
        lies = place >= urgent and dice.random() < SLOW
        idle = timedelta(days=dice.randint(1, SLOWEST)) if lies else timedelta(0)
        pace = dice.uniform(*PROMPT) * (hurry if place < urgent else 1)
        minutes = int((step.after + waited) / timedelta(minutes=1) * pace)
        kept.append(replace(step, after=timedelta(minutes=minutes) + idle))
        waited = timedelta(0)
    return kept


def _urgent(process: str, steps: tuple[ScenarioStep, ...]) -> int:
    """How many steps lead to the first answer that a customer waits for, that one included."""
    return next((place for place, step in enumerate(steps, 1) if step.do == ANSWERS.get(process)), 0)


def _swaps(values: Mapping[str, Value], dice: Random) -> dict[str, str]:
    """What stands in the scenario's start, and what stands there instead."""
    product = values.get("product")
    family = demo_world.FAMILIES.get(product.rpartition(" ")[2]) if isinstance(product, str) else None
    new = _of_machine(family, dice) if family else _of_goods(product, dice)
    return {old: new[key] for key in new if isinstance(old := values.get(key), str) and old}


def _of_machine(family: str, dice: Random) -> dict[str, str]:
    machine = dice.choice([machine for machine in _MACHINES if demo_world.FAMILIES[machine.model] == family])
    fault = dice.choice(demo_world.FAULTS[machine.model])
    return {
        "customer": machine.customer,
        "product": machine.product,
        "serial_no": machine.serial_no,
        "site": machine.site,
        "contact": machine.contact,
        "phone": machine.phone,
        "contract_no": machine.contract_no,
        "fault": fault,
        "diagnosis": f"诊断与报修相符：{fault}",
    }


def _of_goods(product: Value, dice: Random) -> dict[str, str]:
    cooler = product in demo_world.COOLERS
    customer, contact = dice.choice(demo_world.SHOPPERS)
    return {
        "customer": customer if cooler else dice.choice(demo_world.BUYERS),
        "contact": contact,
        "product": dice.choice(demo_world.COOLERS if cooler else demo_world.GOODS),
        "order_no": f"DD-2026-{dice.randint(100, 2999):04d}",
        "content": dice.choice(demo_world.COMPLAINTS),
        "dispute": f"{dice.choice(demo_world.COMPLAINTS)}；客户称先天缺陷，柜台称使用不当",
    }
