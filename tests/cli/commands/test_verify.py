"""Verify from the command line: what was changed is named, and how far it came."""

from __future__ import annotations

import json
import os
import signal
from typing import Any

import pytest
from sqlalchemy import update

import clauseflow
from engine.proving import proof
from engine.proving.reexecute import Report, prove
from engine.tables import entries
from tests.bench import Bench


def test_verify_names_what_was_changed_and_says_what_no_anchor_covers(product: Bench, capsys: Any) -> None:
    assert clauseflow.main(["verify", "--all"]) == 0
    assert "3 of them have no anchor yet" in capsys.readouterr().out
    product.db.write(lambda session: session.execute(update(entries).where(entries.c.seq == 1).values(actor="王")))

    assert clauseflow.main(["verify", "--all", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    broken = [case["chain"]["problem"]["where"] for case in found["cases"] if not case["ok"]]
    assert [place.split("#")[1] for place in broken] == ["1", "1"]


@pytest.mark.usefixtures("product")
def test_who_interrupts_verifying_is_told_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Being asked to end, as by a service manager, is as good as Ctrl-C; what is unfinished is no proof."""
    seen: list[str] = []

    def ended_at_the_second(session: Any, row: Any, witnesses: Any) -> Report:
        if seen:
            os.kill(os.getpid(), signal.SIGTERM)
        seen.append(row.number)
        return prove(session, row, witnesses)

    monkeypatch.setattr(proof, "PAGE", 1)
    monkeypatch.setattr(proof, "prove", ended_at_the_second)

    assert clauseflow.main(["verify", "--all"]) == 1
    said = capsys.readouterr().out
    assert "interrupted: 1 cases were looked at, the other 2 were not" in said
    assert "1/1 cases proven" in said
    assert clauseflow.main(["verify", "--all", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"cases": [], "problems": [], "complete": False}
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
