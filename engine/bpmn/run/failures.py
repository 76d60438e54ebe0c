"""What becomes of work that failed: an error boundary catches it, or it is an incident until somebody retries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.bpmn.errors import UnknownInput
from engine.bpmn.run.events import catcher

if TYPE_CHECKING:
    from engine.bpmn.run.workflow import Running
    from engine.bpmn.state import Input


def job_failed(running: Running, given: Input) -> None:
    """A handler gave up. `values`: error (a BPMN error code, optional) and whatever explains it."""
    _failed(running, given, given.values.get("error"))


def child_ended(running: Running, given: Input) -> None:
    """A called case has ended; `facts["error"]` holds an error code when it ended badly."""
    error = given.facts.get("error")
    if error is not None:
        _failed(running, given, error)
    else:
        running.answer(given)


def retry(running: Running, given: Input) -> None:
    """Take an incident off a wait, so that it is tried again; `values["input"]` replaces what a job is given."""
    token = running.waiting(given)
    wait = running.waits[token.id]
    if "incident" not in wait.details:
        raise UnknownInput(kind="retry")
    details = {name: fact for name, fact in wait.details.items() if name != "incident"}
    if "input" in given.values:
        details["input"] = given.values["input"]
    running.waits[token.id] = replace(wait, details=details)


def _failed(running: Running, given: Input, code: str | None) -> None:
    """Let the error happen where one of that code is caught; else the wait stays open, as an incident."""
    token = running.waiting(given)
    found = catcher(token, "error", code) if code is not None else None
    if found is not None:
        running.close(token, "failed")
        found.task_spec.happen(found, None)
        return
    wait = running.waits[token.id]
    incident = dict(given.values) | ({} if code is None else {"error": code})
    running.waits[token.id] = replace(wait, details=wait.details | {"incident": incident})
