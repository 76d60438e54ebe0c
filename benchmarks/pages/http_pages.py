"""Steps over HTTP with the real pages, one browser and eight, beside a Flask page that writes the same rows.

A step opens a task's page and submits its form. The server is a process of its own with the product's settings; the
browsers have really logged in. Both sides take turns in rounds, so that whatever else the machine does hits both.
Beside it: how long somebody waits from submitting a task until the next one is there.
"""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.connection import Connection
from statistics import median, quantiles

import waitress
from flask import Flask

from benchmarks.databases import fresh
from benchmarks.pages import bare_page
from benchmarks.pages.browser import Browser
from cli.content import bundle
from cli.settings import HOME, Settings
from demo import people as demo
from engine.actor import SYSTEM, Actor
from engine.clauses import load_register
from engine.commands import complete_task, deploy_definition, start_instance
from engine.database import Database
from engine.lint import LintContext
from engine.task_id import TaskId
from tests.product import DRAFT, FAULT, MATERIALS
from web import Services, create_app

ROUNDS = 15
STEPS = {1: 8, 8: 16}
"""Steps of a round by how many browsers share them."""
WARM = 8
FLOOR = 0.7
"""The share of the yardstick's steps per second that the product promises at least."""
PERSON = "lin"
TYPED = {key: str(value) for key, value in DRAFT.items()} | {"waiver_grounds": ""}
AGREED = {"negotiation_result": "agreed", "final_price": "800", "refusal_reason": ""}
FOLLOWED = 40
"""How many tasks are submitted to see the next one."""

_context = multiprocessing.get_context("spawn")


def main() -> None:
    """Print steps per second of both sides and their ratio, for both databases."""
    with fresh(("recorded", "pages", "bare")) as kinds:
        for kind, (recorded, pages, bare) in kinds:
            _prepare(pages, recorded, bare)
            negotiated = _negotiated(pages)
            with served(pages.url) as real, served(bare.url, recorded.url) as yardstick:
                _measure(kind, real, yardstick)
                _follow(kind, real, negotiated)


def _prepare(pages: Database, recorded: Database, bare: Database) -> None:
    """The same cases thrice: waiting for the step, the step taken, and waiting as mere rows."""
    definition = bundle("price_approval")
    context = LintContext(load_register(HOME / "regulations"))
    for db in (pages, recorded, bare):
        demo.load_people(db, datetime.now(UTC))
    for db in (pages, recorded):
        deploy_definition(db, SYSTEM, datetime.now(UTC), "price_approval", definition.files, context)
    anyone = Actor(PERSON, permissions=frozenset({"start:*", "work:*", "see:*"}))
    for _ in range(2 * WARM + ROUNDS * sum(STEPS.values())):
        for db in (pages, recorded):
            started = start_instance(db, anyone, datetime.now(UTC), "price_approval", FAULT)
            supply = TaskId(started.instance_id, 0, 0)
            complete_task(db, anyone, datetime.now(UTC), supply, MATERIALS)
    bare_page.copy_cases(pages, bare)
    for case in bare_page.record(pages):
        complete_task(recorded, anyone, datetime.now(UTC), TaskId(case, 1, 0), DRAFT)


def _negotiated(db: Database) -> list[int]:
    """Cases in which a price was approved: who agrees on it with the customer has the contract to record next."""
    anyone, finance, manager = (
        Actor(name, permissions=frozenset({"start:*", "work:*", "see:*"})) for name in (PERSON, "zhou", "zheng")
    )
    costed = {"costing_result": "costed", "labor_cost": 180, "travel_cost": 0}
    steps = ((anyone, MATERIALS), (anyone, DRAFT), (finance, costed), (manager, {"decision": "approve"}))
    found = []
    for _ in range(FOLLOWED):
        case = start_instance(db, anyone, datetime.now(UTC), "price_approval", FAULT).instance_id
        for seq, (by, values) in enumerate(steps):
            complete_task(db, by, datetime.now(UTC), TaskId(case, seq, 0), values)
        found.append(case)
    return found


@dataclass(slots=True)
class Site:
    """One side: where it is served, the address of a case's page there, and the cases still to do."""

    port: int
    place: Callable[[int], str]
    cases: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))
    times: dict[int, list[float]] = field(default_factory=lambda: {count: [] for count in STEPS})
    size: int = 0

    def round(self, browsers: int, steps: int) -> float:
        """Steps per second of `browsers` that share `steps`."""
        people = [_logged_in(self.port) for _ in range(browsers)]
        shares = [list(islice(self.cases, steps // browsers)) for _ in people]
        with ThreadPoolExecutor(browsers) as threads:
            begin = time.perf_counter()
            sizes = list(threads.map(lambda pair: [_step(pair[0], self.place(case)) for case in pair[1]],
                                     zip(people, shares, strict=True)))  # fmt: skip
            seconds = time.perf_counter() - begin
        for person in people:
            person.connection.close()
        self.size = sizes[0][0]
        return sum(map(len, shares)) / seconds


def _logged_in(port: int) -> Browser:
    browser = Browser(port)
    browser.log_in(PERSON, demo.PASSWORD)
    return browser


def _step(browser: Browser, place: str) -> int:
    """Open the page and submit what it asks for; bytes of the page."""
    page = browser.ask("GET", place, 200)
    browser.ask("POST", place, 303, page, TYPED)
    return len(page)


def _measure(kind: str, port: int, yardstick: int) -> None:
    real = Site(port, lambda case: f"/tasks/{TaskId(case, 1, 0)}")
    bare = Site(yardstick, lambda case: f"/bare/{case}")
    for site in (real, bare):
        site.round(8, 2 * WARM)
    for _ in range(ROUNDS):
        for browsers, steps in STEPS.items():
            for site in (real, bare):
                site.times[browsers].append(site.round(browsers, steps))
    for browsers in STEPS:
        ours, theirs = median(real.times[browsers]), median(bare.times[browsers])
        ratio = ours / theirs
        print(
            f"{kind:<11} browsers {browsers}  pages {ours:6.1f} steps/s ({real.size / 1e3:.1f} kB)   "
            f"bare {theirs:6.1f} steps/s ({bare.size / 1e3:.1f} kB)   "
            f"ratio {ratio:.2f}{'' if ratio >= FLOOR else f' < {FLOOR}'}"
        )


def _follow(kind: str, port: int, cases: list[int]) -> None:
    """From pressing the button until the next task's page has come, as one browser's connection sees it."""
    browser, times = _logged_in(port), []
    for case in cases:
        place = f"/tasks/{TaskId(case, 4, 0)}"
        page = browser.ask("GET", place, 200)
        begin = time.perf_counter()
        browser.ask("POST", place, 303, page, AGREED)
        assert browser.location.startswith("/tasks/"), browser.location
        browser.ask("GET", browser.location, 200)
        times.append(time.perf_counter() - begin)
    browser.connection.close()
    slow = quantiles(times, n=20)[-1]
    print(f"{kind:<11} submit to next task   p50 {median(times) * 1e3:5.1f} ms   p95 {slow * 1e3:5.1f} ms")


@contextmanager
def served(url: str, recorded: str | None = None) -> Iterator[int]:
    """The port of a server process over a database; with `recorded` it serves the yardstick as well."""
    here, there = _context.Pipe()
    process = _context.Process(target=_serve, args=(url, recorded, there), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.kill()
        process.join()


def _serve(url: str, recorded: str | None, told: Connection) -> None:
    logging.getLogger("waitress").setLevel(logging.ERROR)
    settings = Settings.from_environment({})
    register = load_register(HOME / "regulations")
    services = Services(Database(url), register, lambda: datetime.now(UTC), "for this run", False, HOME)
    app = create_app(services)
    if recorded:
        _add_yardstick(app, recorded)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=settings.threads)
    told.send(server.effective_port)
    server.run()


def _add_yardstick(app: Flask, recorded: str) -> None:
    db = Database(recorded)
    app.extensions["recorded"] = bare_page.record(db)
    db.dispose()
    app.register_blueprint(bare_page.pages)
