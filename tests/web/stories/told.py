"""A scenario told through the pages: every act by the person it names, in a browser of their own, on one clock."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from playwright.sync_api import Page, expect
from typing_extensions import override

from cli.content import bundle
from demo.people import PASSWORD
from engine.bpmn import Definition
from engine.queries import instance_numbers
from engine.queries.due import next_due
from engine.scenarios import ScenarioRun, ScenarioStep
from engine.scenarios.running import drain
from handlers import HANDLERS
from tests.browser import DESKTOP, PHONE
from tests.web.conftest import Clock
from tests.web.stories.hands import fill

PICTURES = os.environ.get("STORY_PICTURES")
"""A folder for a picture of every form before it is sent and of what the tests look at; none are taken without it."""


@dataclass(slots=True)
class People:
    """Everybody at a browser of their own; somebody whose session has run out logs in again."""

    address: str
    new_page: Callable[..., Page]
    _pages: dict[tuple[str, bool], Page] = field(default_factory=dict)

    def at(self, account: str, path: str = "/", *, phone: bool = False) -> Page:
        """That person's page, at an address."""
        if (account, phone) not in self._pages:
            options = {"viewport": PHONE, "has_touch": True} if phone else {"viewport": DESKTOP}
            self._pages[account, phone] = self.new_page(**options)
        page = self._pages[account, phone]
        page.goto(self.address + path)
        if page.locator("#password").count():
            page.locator("#account").fill(account)
            page.locator("#password").fill(PASSWORD)
            with page.expect_navigation():
                page.locator("#password").press("Enter")
        return page


@dataclass(slots=True)
class Acts(ScenarioRun):
    """The scenario's acts, done through the pages; what is signed at the customer's is done on a phone."""

    people: People = field(kw_only=True)
    on_phone: frozenset[str] = frozenset()
    pictures: Pictures = field(kw_only=True)

    @override
    def begin(self, now: datetime) -> None:
        """Choose the process among those one may start, and fill in its form."""
        definition = _definition(self.file.process)
        page = self.people.at(self.scenario.by, "/start")
        page.get_by_role("link", name=definition.diagram.name, exact=True).click()
        fill(page.locator(".cf-form"), self.scenario.values)
        self.pictures.take(page, "start")
        send(page)
        expect(page.locator(".flash-ok")).to_contain_text("已发起")
        self.instance_id = 1
        with self.db.reading() as session:
            [self.number] = instance_numbers(session)

    @override
    def act(self, step: ScenarioStep, now: datetime) -> None:
        """Find the task in one's inbox by its name, fill in its form and send it."""
        name = self._name(step.do)
        page = self.people.at(step.by, phone=step.do in self.on_phone)
        task = page.locator(".task-name").filter(has_text=name)
        if not task.count():
            page.locator(".tabs").get_by_role("link", name="组内待领").click()
        self.pictures.take(page, f"inbox-{step.by}", seldom=True)
        task.first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        fill(page.locator(".cf-form"), step.values)
        self.pictures.take(page, step.do)
        send(page)
        expect(page.locator(".flash-ok")).to_contain_text(f"已办理“{name}”")

    def _name(self, node_id: str) -> str:
        """What the oldest open task at that node is called."""
        [key, *_] = [task.key for task in self.open_tasks() if task.node_id == node_id]
        return _definition(key).diagram.nodes[node_id].name


@dataclass(slots=True)
class Story:
    """A scenario under way; time passes as written, and the worker does what is due."""

    acts: Acts
    clock: Clock
    _moments: Iterator[datetime] = field(init=False)
    _next: datetime | None = field(init=False)

    def __post_init__(self) -> None:
        self._moments = self.acts.acts()
        self._next = next(self._moments)

    def until(self, node_id: str) -> None:
        """Go on until the next act is the one at that node; it is its moment, and not done yet."""
        self._act()
        while self._coming() != node_id:
            self._act()

    def to_the_end(self) -> None:
        """Go on until the scenario is over, and hold the case against how it should end."""
        while self._next is not None:
            self._act()
        assert self.acts.outcome().problems == ()

    def _coming(self) -> str:
        assert self._next is not None, self.acts.outcome().problems
        return self.acts.scenario.steps[self.acts.done - 1].do

    def _act(self) -> None:
        assert self._next is not None
        self._pass()
        self._next = next(self._moments, None)
        self._work()
        if self._next is not None:
            self._pass()

    def _pass(self) -> None:
        """Let time pass until the next act; what falls due on the way happens at its own moment."""
        assert self._next is not None
        while (due := self._due(self._next)) is not None and due > self.clock.now:
            self.clock.now = due
            self._work()
        self.clock.now = self._next
        self._work()

    def _due(self, until: datetime) -> datetime | None:
        with self.acts.db.reading() as session:
            return next_due(session, until)

    def _work(self) -> None:
        drain(self.acts.db, HANDLERS, self.clock.now)


@dataclass(slots=True)
class Pictures:
    """Pictures of whole pages in the order they were met, when a folder asks for them."""

    folder: Path | None
    _seen: set[str] = field(default_factory=set)
    _count: int = 0

    def take(self, page: Page, name: str, *, seldom: bool = False) -> None:
        """One picture; `seldom` means only the first of that name."""
        if self.folder is None or (seldom and name in self._seen):
            return
        self._seen.add(name)
        self._count += 1
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=self.folder / f"{self._count:03}-{name}.png", full_page=True, animations="disabled")


def send(page: Page) -> None:
    """Press the form's one button, and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(".sheet-submit button").click()


@cache
def _definition(key: str) -> Definition:
    return bundle(key)
