"""Files of strangers are read apart: what goes wrong there is a sentence here."""

from __future__ import annotations

import io
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

import pytest

from company.files import confined
from company.files.confined import ChildLimits, ReadersBusy, TooCostly, Unreadable, run

LIMITS = ChildLimits(megabytes=400, seconds=20, answer_megabytes=1)


def ran(function, *arguments, limits=LIMITS):
    return run(f"tests.company.strangers:{function}", io.BytesIO("一".encode()), limits, *arguments)


def test_plain_data_goes_in_and_comes_out():
    assert ran("say", "二", {"a": [None, True, 1.5]}) == ["一", "二", {"a": [None, True, 1.5]}]


def test_it_knows_nothing_of_our_settings(monkeypatch):
    monkeypatch.setenv("CLAUSEFLOW_SECRET", "hush")
    known = ran("know")
    assert "PATH" in known
    assert [name for name in known if name.startswith("CLAUSEFLOW")] == []


@pytest.mark.parametrize(
    "function, limits, refusal",
    [
        pytest.param("eat_memory", LIMITS, TooCostly,
                     marks=pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")),
        ("never_end", ChildLimits(400, 1), TooCostly),
        ("fill_the_disk", LIMITS, TooCostly),
        ("abort", LIMITS, TooCostly),
        ("fail", LIMITS, Unreadable),
    ],
)  # fmt: skip
def test_whatever_it_does_is_a_sentence_here(function, limits, refusal):
    with pytest.raises(refusal) as refused:
        ran(function, limits=limits)
    assert refused.value.text("zh") != refused.value.text("en")


@pytest.mark.parametrize(
    ("limit", "value"), [("PATIENCE", 0.1), ("_places", BoundedSemaphore(confined.AT_ONCE))], ids=["run", "wait"]
)
def test_no_more_than_a_few_run_or_wait_at_once(tmp_path, monkeypatch, limit, value):
    monkeypatch.setattr(confined, limit, value)
    meetings = [tmp_path / str(number) for number in range(confined.AT_ONCE)]
    for meeting in meetings:
        os.mkfifo(meeting)
    with ThreadPoolExecutor() as pool:
        running = [pool.submit(ran, "wait", str(meeting)) for meeting in meetings]
        ends = [meeting.open("wb") for meeting in meetings]  # opens once the child has opened its own end
        try:
            with pytest.raises(ReadersBusy):
                ran("say")
        finally:
            for end in ends:
                end.close()
        assert [each.result() for each in running] == [None] * confined.AT_ONCE
    assert ran("say") == ["一"]
