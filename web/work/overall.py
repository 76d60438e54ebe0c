"""Overall deadlines in words: what a case must have done by when, beside the tasks on the way to it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from engine.clauses import Clause
from engine.queries.overall import Overall, overall_deadlines
from engine.session import Session
from engine.task_id import TaskId
from web.shared.language import in_language
from web.shared.services import services


@dataclass(frozen=True, slots=True)
class CaseDue:
    """A deadline of the whole case: the step it is for ("" for all of it), and the clauses that set it."""

    what: str
    due_at: datetime
    clauses: list[Clause]

    @property
    def late(self) -> bool:
        return self.due_at < services().now()


def cases_due(session: Session, tasks: Collection[TaskId]) -> dict[TaskId, list[CaseDue]]:
    """The deadlines over each of these open tasks, first due first; tasks under none are left out."""
    found = overall_deadlines(session, tasks) if tasks else {}
    return {task: [_in_words(each) for each in over] for task, over in found.items()}


def _in_words(each: Overall) -> CaseDue:
    what = _("、").join(in_language(step.name, step.name_en) for step in each.steps)
    clauses = [clause for clause in map(services().register.clause, each.clauses) if clause]
    return CaseDue(what, each.due_at, clauses)
