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
from tests.bench import CLERK, House
from tests.product import START

NEW_YEARS_EVE = datetime(2026, 12, 31, 20, tzinfo=UTC)
"""Four o'clock on New Year's morning in Shanghai."""


def test_numbers_count_up_by_process_and_year(house: House) -> None:
    house.deploy("sign_off", "deadline")
    first = [house.start(key).number for key in ("sign_off", "deadline", "sign_off")]
    house.now = NEW_YEARS_EVE.replace(year=2027)

    assert first == ["SIG-2026-000001", "DEA-2026-000001", "SIG-2026-000002"]
    assert house.start("sign_off").number == "SIG-2027-000001"


def test_the_year_turns_at_the_companys_midnight(house: House) -> None:
    office = Calendar(ZoneInfo("Asia/Shanghai"), ((),) * 7)
    house.db.write(lambda session: calendars.put_in_force(session, office, START, "管理员"))
    house.deploy("sign_off").now = NEW_YEARS_EVE

    assert house.start("sign_off").number == "SIG-2027-000001"


def test_numbers_have_no_gaps_however_many_start_at_once_or_fail(house: House) -> None:
    house.deploy("sign_off", "repair")

    def start(n: int) -> None:
        if n % 3:
            house.start("sign_off")
        else:
            with pytest.raises(NoSuchProcess):
                house.start("repair")  # the process it calls is not deployed

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(start, range(15)))
    house.deploy("quote")

    assert house.start("repair").number == "REP-2026-000001"
    numbers = sorted(number for number in house.status() if number.startswith("SIG"))
    assert numbers == [f"SIG-2026-{n:06d}" for n in range(1, 11)]


def test_only_who_may_start_starts(house: House) -> None:
    house.deploy("sign_off")

    with pytest.raises(NotPermitted):
        start_instance(house.db, Actor("路过"), house.now, "sign_off", {})
    with pytest.raises(NoSuchProcess):
        start_instance(house.db, CLERK, house.now, "nothing", {})
    assert house.status() == {}


def test_what_the_form_refuses_starts_nothing(house: House) -> None:
    house.deploy("sign_off")

    with pytest.raises(InvalidForm) as refused:
        house.start("sign_off", amount="many")
    assert [problem.where for problem in refused.value.problems] == ["amount"]
    assert house.status() == {}


def test_a_substitute_starts_in_the_place_of_another_and_history_names_both(house: House) -> None:
    substitute = Actor("代办", "代办", substitutes={CLERK.id: frozenset({"start:sign_off"})})
    case = start_instance(house.deploy("sign_off").db, substitute, house.now, "sign_off", {"subject": "A1"})

    entry = house.entries(case.instance_id)[0]
    assert (entry.actor, entry.on_behalf_of) == ("代办", CLERK.id)
