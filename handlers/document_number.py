"""`document_number`: draw the next number of a series. Input {prefix}; returns {number} such as QT-2026-000123."""

from __future__ import annotations

import re
from collections.abc import Mapping

from company.numbers import draw_number
from engine.jobs import Job
from engine.values import Value
from handlers import given

_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,9}", re.ASCII)


def document_number(job: Job) -> Mapping[str, Value]:
    """Draw a number, once per job."""
    prefix = given.text(job, "prefix")
    if not _PREFIX.fullmatch(prefix):
        raise given.refused("prefix", "应为 1 至 10 个大写字母或数字", "must be 1 to 10 capital letters or digits")
    return {"number": draw_number(job.db, job.key, job.number, prefix, job.now)}
