"""Diagrams and how they are carried out: the only package of the run time that imports SpiffWorkflow."""

import logging

from engine.bpmn.definition import Definition
from engine.bpmn.diagram import Diagram, Event, Flow, Lane, Loop, Node
from engine.bpmn.diagram_file import read_diagram
from engine.bpmn.expressions import EvaluationContext
from engine.bpmn.run.advance import advance, movable_to
from engine.bpmn.run.schedule import Firing, first_firings, next_firing
from engine.bpmn.run.scopes import visible_variables
from engine.bpmn.state import (
    INSTANCE_SCOPE,
    ClosedWhy,
    Effects,
    Input,
    InputKind,
    State,
    Status,
    Wait,
    WaitId,
    WaitKind,
)
from engine.bpmn.storage import load_state, store_state

# SpiffWorkflow describes every task at every change of state; below WARNING that costs a third of a step.
logging.getLogger("spiff").setLevel(logging.WARNING)

__all__ = [
    "INSTANCE_SCOPE",
    "ClosedWhy",
    "Definition",
    "Diagram",
    "Effects",
    "EvaluationContext",
    "Event",
    "Firing",
    "Flow",
    "Input",
    "InputKind",
    "Lane",
    "Loop",
    "Node",
    "State",
    "Status",
    "Wait",
    "WaitId",
    "WaitKind",
    "advance",
    "first_firings",
    "load_state",
    "movable_to",
    "next_firing",
    "read_diagram",
    "store_state",
    "visible_variables",
]
