"""One small case on either engine, ours or SpiffWorkflow's own layer as it is, asked the same questions."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest

from engine.bpmn import Definition, store_state
from engine.second_opinion.stock import StockRun
from engine.values import canonical
from tests.engine.bpmn.walking import definition
from tests.engine.second_opinion.taping import TapedCase

BPMN, CF = "http://www.omg.org/spec/BPMN/20100524/MODEL", "urn:clauseflow:bpmn:1"


class Ours(TapedCase):
    """A case of ours; what is asked of both engines beside what a tape needs."""

    @property
    def working(self) -> list[str]:
        """Where people and handlers have something to do."""
        assert self.state is not None
        return sorted(wait.node_id for wait in self.state.waits if wait.kind in ("task", "job"))

    @property
    def ended(self) -> bool:
        assert self.state is not None
        return self.state.status == "completed"

    @property
    def size(self) -> int:
        """How much it keeps."""
        assert self.state is not None
        return len(self.state.tree["tokens"])

    @property
    def kept(self) -> object:
        """All that it keeps."""
        assert self.state is not None
        return store_state(self.state)

    @property
    def sent(self) -> bool:
        """Whether something was sent out."""
        return any(played.step.sent for played in self.steps)


class Stock:
    """The same case as SpiffWorkflow itself carries it out."""

    def __init__(self, source: str | Definition) -> None:
        found = definition(source) if isinstance(source, str) else source
        self.run = StockRun({found.key: found}, found.key, (), lambda *called: (0, called[-1]))

    def start(self, **values: Any) -> Stock:
        self.run.start(1, canonical(values))
        self.run.run()
        return self

    def do(self, node: str, **values: Any) -> Stock:
        self.run.complete(1, node, "", canonical(values))
        self.run.run()
        return self

    def happen(self, node: str, **values: Any) -> Stock:
        self.run.happen(1, node, "", canonical(values))
        self.run.run()
        return self

    @property
    def working(self) -> list[str]:
        return sorted(node for _case, node in self.run.waiting().elements())

    @property
    def passed(self) -> list[str]:
        return [node for _case, node in self.run.passed]

    @property
    def ended(self) -> bool:
        return self.run.completed

    @property
    def size(self) -> int:
        return sum(len(workflow.tasks) for workflow in self.run.places.workflows())

    @property
    def kept(self) -> object:
        workflows = self.run.places.workflows()
        return [(t.task_spec.name, t.state, t.last_state_change) for each in workflows for t in each.tasks.values()]

    @property
    def sent(self) -> bool:
        return bool(self.run.workflow.get_events())


def document(content: str) -> str:
    """A BPMN file of one process `p` with a message and a signal to wait for; every user task has its lane."""
    lane = "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in re.findall(r'<userTask id="(\w+)"', content))
    return f"""<definitions xmlns="{BPMN}" xmlns:cf="{CF}" targetNamespace="t">
<message id="message" name="m"/><signal id="signal" name="s"/>
<process id="p"><laneSet id="lanes"><lane id="clerk">{lane}</lane></laneSet>{content}</process></definitions>"""


def flows(*ways: str) -> str:
    """Sequence flows along ways such as `start > work > end`."""
    pairs = [pair for way in ways for nodes in [way.split(" > ")] for pair in pairwise(nodes)]
    return "".join(f'<sequenceFlow id="{a}_to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairs)


def drawn(content: str, *ways: str) -> Definition:
    """The process of such a file."""
    return Definition("p", {"processes/p.bpmn": document(content + flows(*ways)).encode()})


def fails(number: int, raises: type[BaseException] = AssertionError) -> pytest.MarkDecorator:
    """The mark of what SpiffWorkflow is expected to fail by a trap."""
    return pytest.mark.xfail(strict=True, raises=raises, reason=f"trap {number} of docs/spiffworkflow.md")


def trap(number: int, raises: type[BaseException] = AssertionError) -> pytest.MarkDecorator:
    """A test for both engines, in which stock fails."""
    return pytest.mark.parametrize("engine", [Ours, pytest.param(Stock, marks=fails(number, raises))])
