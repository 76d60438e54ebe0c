"""`open_case`: open a linked case without waiting for it.

Input {process, values: context for its start form}; returns {number}.
"""

from __future__ import annotations

from collections.abc import Mapping

from company.linked_cases import open_linked
from engine.errors import ClauseflowError
from engine.jobs import Job, JobError
from engine.trouble import DatabaseTrouble
from engine.values import Value
from handlers import given


def open_case(job: Job) -> Mapping[str, Value]:
    """Open the case, once per job; what the start form refuses is refused for good."""
    process = given.text(job, "process")
    values = job.input.get("values") or {}
    if not isinstance(values, dict):
        raise given.refused("values", "不是上下文", "is not a context")
    try:
        number = open_linked(job.db, job.key, job.number, process, values, job.now)
    except DatabaseTrouble:
        raise
    except ClauseflowError as error:
        raise JobError(reason=error.text("zh"), reason_en=error.text("en")) from error
    return {"number": number}
