"""Jobs for handlers, made by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.database import Database
from engine.jobs import Job
from engine.values import canonical
from tests.product import START


@pytest.fixture
def job(db: Database) -> Callable[..., Job]:
    """`job(to="role:finance")`: a job of case FS-2026-000001 with that input; `key` is its idempotency key."""

    def make(key: str = "1-0-0", **given: Any) -> Job:
        return Job(key, "FS-2026-000001", "node", canonical(given), {}, START, db)

    return make
