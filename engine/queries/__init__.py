"""Reads. Each takes a session of `Database.reading()` and the actor who asks; none changes anything."""

from engine.queries.cases import (
    CaseHead,
    CaseView,
    case,
    case_head,
    cases,
    find_case,
    heads_by_number,
    instance_numbers,
    may_see,
)
from engine.queries.history import history_of
from engine.queries.inbox import COUNT_CAP, InboxView, Narrowed, TaskItem, inbox, inbox_counts, last_change
from engine.queries.incidents import Incident, incidents
from engine.queries.paging import Page
from engine.queries.startable import Startable, startable, startable_process
from engine.queries.task import TaskView, seen_task, task, task_form

__all__ = [
    "COUNT_CAP",
    "CaseHead",
    "CaseView",
    "InboxView",
    "Incident",
    "Narrowed",
    "Page",
    "Startable",
    "TaskItem",
    "TaskView",
    "case",
    "case_head",
    "cases",
    "find_case",
    "heads_by_number",
    "history_of",
    "inbox",
    "inbox_counts",
    "incidents",
    "instance_numbers",
    "last_change",
    "may_see",
    "seen_task",
    "startable",
    "startable_process",
    "task",
    "task_form",
]
