"""`customer_file`: note something in a customer's file. Input {customer, kind, text}; returns nothing."""

from __future__ import annotations

from collections.abc import Mapping

from company.records.customer_files import FileEntry, add_entry
from engine.jobs import Job
from engine.values import Value
from handlers import given


def customer_file(job: Job) -> Mapping[str, Value]:
    """Write the entry, once per job."""
    entry = FileEntry(
        given.text(job, "customer"),
        given.text(job, "kind", longest=60),
        given.text(job, "text", "", 10_000),
        job.number,
        job.now,
    )
    add_entry(job.db, job.key, entry)
    return {}
