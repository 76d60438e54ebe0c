"""Reminders and escalations in words: what went off, when, and who was told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from company.notifications.store import told_by
from company.people import directory
from company.people.roles import all_roles
from engine.queries import TaskItem
from engine.queries.reminders import Reminder, reminders
from engine.session import Session
from engine.task_id import TaskId
from web.shared.language import in_language, language


@dataclass(frozen=True, slots=True)
class Reminded:
    """A reminder or an escalation: the timer's name, and the names of those who were told or got a task."""

    name: str
    at: datetime
    told: list[str]


def reminded_in_case(session: Session, instance_id: int) -> list[Reminded]:
    """Everything that went off in a case, the last first."""
    return _in_words(session, reminders(session, [instance_id]).get(instance_id, []))[::-1]


def last_reminded(session: Session, items: Sequence[TaskItem]) -> dict[TaskId, Reminded]:
    """What went off last about each of these open tasks; tasks nobody was reminded of are left out."""
    of_cases = reminders(session, {item.id.instance_id for item in items if item.closed_at is None})
    last: dict[TaskId, Reminder] = {}
    for item in items:
        for reminder in of_cases.get(item.id.instance_id, ()):
            if item.closed_at is None and reminder.about(item.node_id, item.opened_at):
                last[item.id] = reminder
    return dict(zip(last, _in_words(session, last.values()), strict=True))


def _in_words(session: Session, found: Iterable[Reminder]) -> list[Reminded]:
    found = list(found)
    addresses = told_by(session, [str(job) for each in found for job in each.jobs])
    told = {address for each in addresses.values() for address in each}
    names = directory.names(session, {a.removeprefix("person:") for a in told if a.startswith("person:")}, language())
    roles = {role.key: in_language(role.name, role.name_en) for role in all_roles(session)} if found else {}

    def named(address: str) -> str:
        kind, _, key = address.partition(":")
        return {"role": roles, "person": names}.get(kind, {}).get(key, key)

    def in_words(each: Reminder) -> Reminded:
        lanes = [each.diagram.lanes[lane] for lane in each.lanes if lane in each.diagram.lanes]
        whom = [named(address) for job in each.jobs for address in addresses.get(str(job), ())]
        whom += [in_language(lane.name, lane.name_en) for lane in lanes]
        name = in_language(each.timer.name, each.timer.name_en) or each.timer.id
        return Reminded(name, each.at, list(dict.fromkeys(whom)))

    return [in_words(each) for each in found]
