"""Log lines: one for every committed entry, whatever stands in it."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from cli import log_lines
from cli.clock import now
from engine.bpmn import Input
from engine.commands.case import start
from engine.history.definitions import in_force
from tests.bench import CLERK, Bench


def test_every_committed_entry_is_a_log_line_with_instance_and_actor(
    product: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, log_lines.ENTRIES):
        started = product.start("deadline")
        with pytest.raises(AssertionError):
            product.db.write(lambda _session: (_ for _ in ()).throw(AssertionError))

    (line,) = [record.getMessage() for record in caplog.records if record.name == log_lines.ENTRIES]
    assert line == f"entry instance={started.number} seq=0 kind=start actor={CLERK.id}"


def test_a_refused_step_leaves_no_log_line(product: Bench, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, log_lines.ENTRIES), pytest.raises(LookupError):
        product.db.write(lambda session: start_and_fail(session))

    assert caplog.records == []


def start_and_fail(session: Any) -> None:
    start(session, in_force(session, "deadline"), Input("start", now(), CLERK.id, values={"subject": "A1"}))
    raise LookupError


def test_a_message_with_line_breaks_stays_one_log_line() -> None:
    record = logging.LogRecord("clauseflow", logging.INFO, "", 0, "reason=%s", ("a\nERROR forged",), None)

    assert log_lines.OneLine("%(levelname)s %(message)s").format(record) == "INFO reason=a\\nERROR forged"
