"""Starting: who may, what the form lets through, and the number that is drawn."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from engine.actor import Actor, NotPermitted
from engine.calendar import Calendar
from engine.commands import InvalidForm, start_instance
from engine.history import calendars
from engine.history.definitions import NoSuchProcess
from tests.bench import CLERK, Bench
from tests.product import START

NEW_YEARS_EVE = datetime(2026, 12, 31, 20, tzinfo=UTC)
"""Four o'clock on New Year's morning in Shanghai."""


def test_numbers_count_up_by_process_and_year(bench: Bench) -> None:
    bench.deploy("sign_off", "deadline")
    first = [bench.start(key).number for key in ("sign_off", "deadline", "sign_off")]
    bench.now = START.replace(year=2027)

    assert first == ["SIG-2026-000001", "DEA-2026-000001", "SIG-2026-000002"]
    assert bench.start("sign_off").number == "SIG-2027-000001"


def test_the_year_turns_at_the_companys_midnight(bench: Bench) -> None:
    office = Calendar(ZoneInfo("Asia/Shanghai"), ((),) * 7)
    bench.db.write(lambda session: calendars.put_in_force(session, office, START, "管理员"))
    bench.deploy("sign_off").now = NEW_YEARS_EVE

    assert bench.start("sign_off").number == "SIG-2027-000001"


def test_numbers_have_no_gaps_however_many_start_at_once_or_fail(bench: Bench) -> None:
    bench.deploy("sign_off", "repair")

    def start(n: int) -> None:
        if n % 3:
            bench.start("sign_off")
        else:
            with pytest.raises(NoSuchProcess):
                bench.start("repair")  # the process it calls is not deployed

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(start, range(15)))
    bench.deploy("quote")

    assert bench.start("repair").number == "REP-2026-000001"
    numbers = sorted(number for number in bench.status() if number.startswith("SIG"))
    assert numbers == [f"SIG-2026-{n:06d}" for n in range(1, 11)]


def test_only_who_may_start_starts(bench: Bench) -> None:
    bench.deploy("sign_off")

    with pytest.raises(NotPermitted):
        start_instance(bench.db, Actor("路过"), bench.now, "sign_off", {})
    with pytest.raises(NoSuchProcess):
        start_instance(bench.db, CLERK, bench.now, "nothing", {})
    assert bench.status() == {}


def test_what_the_form_refuses_starts_nothing(bench: Bench) -> None:
    bench.deploy("sign_off")

    with pytest.raises(InvalidForm) as refused:
        bench.start("sign_off", amount="many")
    assert [problem.where for problem in refused.value.problems] == ["amount"]
    assert bench.status() == {}


def test_a_substitute_starts_in_the_place_of_another_and_history_names_both(bench: Bench) -> None:
    substitute = Actor("代办", "代办", substitutes={CLERK.id: frozenset({"start:sign_off"})})
    case = start_instance(bench.deploy("sign_off").db, substitute, bench.now, "sign_off", {"subject": "A1"})

    entry = bench.entries(case.instance_id)[0]
    assert (entry.actor, entry.on_behalf_of) == ("代办", CLERK.id)
