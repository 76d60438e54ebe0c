"""A company with every process and its records, and `story(process, name)`: a scenario told through its pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from cli.content import bundle, process_keys
from company.calendar.seed import ensure_calendar
from demo import people as demo
from demo import records as demo_records
from demo.cast import played
from engine.actor import SYSTEM
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.lint import LintContext
from engine.scenarios import Clock as Calendar
from handlers import HANDLERS
from tests.product import START, Approval
from tests.web.conftest import Clock
from tests.web.stories.told import PICTURES, Acts, People, Pictures, Story


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on both databases: one is enough for browsers."""
    return sqlite_url


@pytest.fixture
def staffed(db: Database, register: Register) -> Approval:
    """The company as it begins: calendar, people, records, every process deployed."""
    ensure_calendar(db, START)
    demo.load_people(db, START)
    demo_records.load_records(db, START)
    context = LintContext(register, frozenset(HANDLERS), frozenset(process_keys()))
    for key in process_keys():
        deploy_definition(db, SYSTEM, START, key, bundle(key).files, context)
    return Approval(db)


@pytest.fixture
def people(address: str, new_page: Callable[..., Page]) -> People:
    """Everybody at a browser of their own."""
    return People(address, new_page)


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Pictures:
    """Takes pictures where the environment names a folder."""
    if PICTURES is None:
        return Pictures(None)
    folder = Path(PICTURES) / request.node.name
    folder.mkdir(parents=True, exist_ok=True)
    return Pictures(folder)


@pytest.fixture
def story(staffed: Approval, people: People, pictures: Pictures, clock: Clock) -> Callable[..., Story]:
    """`story("complaint", "…", on_phone={"acceptance"})`: the scenario whose name begins so, told from its start."""

    def tell(process: str, name: str, on_phone: set[str] = frozenset()) -> Story:
        file = played(process)
        [scenario] = [each for each in file.scenarios if each.name.startswith(name)]
        acts = Acts(
            staffed.db, file, scenario, Calendar(), people=people, pictures=pictures, on_phone=frozenset(on_phone)
        )
        return Story(acts, clock)

    return tell
