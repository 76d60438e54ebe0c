"""The open waits of an instance, as its history tells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.bpmn import WaitId
from engine.bpmn.working_time import LEFT, is_running, paused, resumed
from engine.calendar import Calendar
from engine.history.entries import DamagedEntry
from engine.history.steps import Opened, Step


@dataclass(slots=True)
class OpenWaits:
    """What is waited for after the steps taken so far; `calendars` by their hashes."""

    calendars: Mapping[str, Calendar]
    open: dict[WaitId, Opened] = field(default_factory=dict)
    calendar: str = ""
    """The hash of the working calendar in force."""

    def take(self, step: Step) -> None:
        """Go on by one step. Raises DamagedEntry."""
        self.calendar = step.facts.get("calendar", self.calendar)
        try:
            self.open = _after(step, self.open, self.calendars.get(self.calendar))
        except (KeyError, TypeError, ValueError) as error:
            raise DamagedEntry(seq=step.seq) from error


def _after(step: Step, before: Mapping[WaitId, Opened], calendar: Calendar | None) -> dict[WaitId, Opened]:
    waits = dict(before)
    for closed in step.closed:
        del waits[closed.wait]
    if step.assigned:
        waits[step.assigned.wait] = replace(waits[step.assigned.wait], assignee=step.assigned.to)
    if step.wait in waits and step.kind in ("job_failed", "child_ended", "retry"):
        waits[step.wait] = _troubled(step, waits[step.wait])
    if step.kind in ("suspend", "resume"):
        waits = {wait_id: _rested(step, wait, calendar) for wait_id, wait in waits.items()}
    return waits | {opened.id: opened for opened in step.opened}


def _troubled(step: Step, wait: Opened) -> Opened:
    """A wait whose work failed, or that somebody has tried again."""
    if step.kind == "retry":
        details = {name: fact for name, fact in wait.details.items() if name != "incident"}
        return replace(wait, details=details | {name: step.values[name] for name in ("input",) if name in step.values})
    error = step.facts.get("error") if step.kind == "child_ended" else step.values.get("error")
    return replace(wait, details=wait.details | {"incident": step.values | ({} if error is None else {"error": error})})


def _rested(step: Step, wait: Opened, calendar: Calendar | None) -> Opened:
    """A wait while its case is suspended, and once it goes on."""
    changes = is_running(wait, step.at) if step.kind == "suspend" else LEFT in wait.details
    if not changes:
        return wait
    if calendar is None:
        raise ValueError("working time without a calendar")
    return replace(wait, **(paused if step.kind == "suspend" else resumed)(wait, step.at, calendar))
