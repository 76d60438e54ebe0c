"""`calendar_entry`: put a moment into the diary of a person or a role.

Input {who: `person:<id>` | `role:<key>`, at: date or date and time, text}; returns nothing.
The text is a text, or `{zh, en}` for readers of both languages.
"""

from __future__ import annotations

from collections.abc import Mapping

from company.calendar.appointments import Appointment, add_appointment
from engine.jobs import Job
from engine.values import Value
from handlers import given


def calendar_entry(job: Job) -> Mapping[str, Value]:
    """Write the entry, once per job."""
    who = given.address(job, "who", ("person", "role"))
    text = given.words(job, "text", longest=10_000)
    with job.db.reading() as session:
        at = given.moment(job, session, "at")
    if at is None:
        raise given.refused("at", "缺失", "is missing")
    add_appointment(job.db, job.key, Appointment(who, at, text.zh, job.number, text.en))
    return {}
