"""`open_case`: another case begins, once, and both know of each other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from company.linked_cases import linked_with
from engine.jobs import Job, JobError
from engine.proving.reexecute import verify
from engine.tables import instances
from handlers.open_case import open_case
from tests.product import FAULT, Approval

Make = Callable[..., Job]


def test_the_case_is_opened_once_and_linked(approval: Approval, job: Make) -> None:
    opened = [open_case(job(process="price_approval", values=FAULT)) for _ in range(2)]

    assert opened == [{"number": "PA-2026-000001"}] * 2
    with approval.db.reading() as session:
        assert linked_with(session, "FS-2026-000001") == ["PA-2026-000001"]
        assert linked_with(session, "PA-2026-000001") == ["FS-2026-000001"]
        assert verify(session, "PA-2026-000001").reexecution.ok


def test_values_that_the_start_form_refuses_are_an_incident(approval: Approval, job: Make) -> None:
    with pytest.raises(JobError, match="customer"):
        open_case(job(process="price_approval", values={}))
    with pytest.raises(JobError, match="no_such"):
        open_case(job(process="no_such", values={}))
    with approval.db.reading() as session:
        assert session.execute(select(instances.c.id)).all() == []
