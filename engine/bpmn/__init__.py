"""Diagrams and how they are carried out: the only room of what runs cases that knows SpiffWorkflow."""

import logging

from engine.bpmn.definition import Definition
from engine.bpmn.diagram import Diagram, Event, Flow, Lane, Loop, Node
from engine.bpmn.diagram_file import read_diagram
from engine.bpmn.expressions import EvaluationContext
from engine.bpmn.run.advance import advance, movable_to
from engine.bpmn.run.schedule import Firing, first_firings, next_firing
from engine.bpmn.run.scopes import visible_variables
from engine.bpmn.state import INSTANCE_SCOPE, Effects, Input, State, Wait, WaitId
from engine.bpmn.storage import load_state, store_state

# SpiffWorkflow describes every task at every change of state; below WARNING that costs a third of a step.
logging.getLogger("spiff").setLevel(logging.WARNING)

__all__ = [
    "INSTANCE_SCOPE",
    "Definition",
    "Diagram",
    "Effects",
    "EvaluationContext",
    "Event",
    "Firing",
    "Flow",
    "Input",
    "Lane",
    "Loop",
    "Node",
    "State",
    "Wait",
    "WaitId",
    "advance",
    "first_firings",
    "load_state",
    "movable_to",
    "next_firing",
    "read_diagram",
    "store_state",
    "visible_variables",
]
