"""Decisions: DMN 1.1 to 1.5 files evaluated over FEEL, with a trace that tells an auditor why."""

from engine.decisions.check.checks import check
from engine.decisions.model import Model, Outcome, UnknownDecision
from engine.decisions.read.decision_file import evaluate, read

__all__ = ["Model", "Outcome", "UnknownDecision", "check", "evaluate", "read"]
