"""The class map: SpiffWorkflow's own parser reads our diagrams whole, and what is ours in them."""

from __future__ import annotations

from typing import Any

import pytest

from cli.content import bundle, process_keys
from cli.scenario_runs import with_called
from engine.bpmn import Definition
from engine.second_opinion.parser import DiagramParser
from engine.second_opinion.specs import CallTask, Collection, JobTask
from tests.engine.bpmn.walking import definition


def specs_of(name: str) -> dict[str, Any]:
    found = definition(name)
    spec, _parts = DiagramParser().specs({found.key: found}, found.key)
    return dict(spec.task_specs)


@pytest.mark.parametrize("key", process_keys())
def test_every_node_of_a_shipped_process_is_read(key: str) -> None:
    definitions = {each.key: each for each in with_called(bundle(key))}

    spec, parts = DiagramParser().specs(definitions, key)

    read = {task.bpmn_id for each in (spec, *parts.values()) for task in each.task_specs.values()}
    assert {node for each in definitions.values() for node in each.diagram.nodes} <= read


def test_a_repetition_is_read_from_our_attributes() -> None:
    spec = specs_of("parallel_items_are_collected_in_their_order")["sign"]

    assert isinstance(spec.data_input, Collection)
    assert (spec.data_input.bpmn_id, spec.input_item.bpmn_id) == ("people", "person")


def test_a_call_of_a_process_that_is_not_there_is_a_job() -> None:
    found = definition("a_call_activity_asks_for_a_child_and_goes_on_with_its_end")
    [called] = [node for node in found.diagram.nodes.values() if node.called]
    other = definition("a_manual_task_waits_to_be_confirmed")
    there = f'"{other.key}"'.encode()
    here = Definition(found.key, {found.bpmn_path: found.bpmn.replace(f'"{called.called}"'.encode(), there)})

    alone, _ = DiagramParser().specs({found.key: found}, found.key)
    together, _ = DiagramParser().specs({here.key: here, other.key: other}, here.key)

    assert type(alone.task_specs[called.id]) is JobTask
    assert type(together.task_specs[called.id]) is CallTask
