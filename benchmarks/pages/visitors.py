"""People at their browsers while servers are killed: they log in, start cases and complete tasks on the real pages.

What a page confirmed to them (a 303) is told; a form whose answer was cut off they send once more, as people do.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from socket import socket
from threading import Event
from typing import Any

from benchmarks.pages.browser import Browser, Unexpected
from cli.commands import serve
from cli.product import Product
from cli.settings import Settings
from company.people.change_person import Details, add_person
from company.people.roles import Role, add_role
from engine.actor import Actor
from engine.database import Database

ACCOUNT, PASSWORD = "clerk", "storm-and-calm-2026"
MOST_OPEN = 20
"""Tasks that people leave open before they start nothing new."""

TASK = re.compile(rb'href="(/tasks/\d+-\d+-\d+)[?"]')
CUT_OFF = (OSError, HTTPException)
TOO_OFTEN, OVER = 429, 409


def hire(db: Database, now: datetime) -> None:
    """The account that all of them use, in the lane of the small processes."""
    admin = Actor("admin", permissions=frozenset({"administer"}))
    add_role(db, admin, now, Role("clerk", "文员", "Clerk"), ("start:*", "work:clerk", "see:*"))
    add_person(db, admin, now, ACCOUNT, Details(name="文员", name_en="Clerk"), ["clerk"], PASSWORD)


def pages(url: str, port: int, folder: Path) -> None:
    """A web process: what `clauseflow serve` runs. Every one has the same secret, as on several machines."""
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - it ends with the process
    logging.getLogger("waitress").setLevel(logging.ERROR)
    named = {"VAR": str(folder), "DATABASE_URL": url, "PORT": str(port), "SECRET": "of the storm", "LANGUAGE": "en"}
    settings = Settings.from_environment({f"CLAUSEFLOW_{name}": value for name, value in named.items()})
    serve.run(Product(settings), argparse.Namespace())


def free_port() -> int:
    """A port that nobody has, below those that outgoing connections are given."""
    while True:
        port = random.SystemRandom().randrange(15_000, 30_000)
        with socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Gone(Exception):
    """The storm is over, or the visitor was left without an answer."""


@dataclass(slots=True)
class Visitor:
    """One person; `servers` are the web processes by port as they are now, `tell` is told what pages confirmed."""

    servers: Mapping[int, Any]
    tell: Callable[..., None]
    over: Event
    seed: int
    wrong: list[str]
    dice: random.Random = field(init=False)
    browser: Browser = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311
        self.browser = Browser(0)

    def run(self) -> None:
        """Work until the storm is over; whatever no page should ever answer is noted as wrong."""
        try:
            self._move()
            self._log_in()
            while not self.over.is_set():
                self._trying(self._step)
        except Gone:
            return
        except Exception as error:
            self.wrong.append(f"a visitor saw {error!r}")
            raise
        finally:
            self.browser.connection.close()

    def _trying(self, act: Callable[[], None]) -> None:
        """Do something that may be cut off; who came second to a task goes on."""
        try:
            act()
        except CUT_OFF:
            self._move()
        except Unexpected as answer:
            if answer.status != OVER:
                raise

    def _move(self) -> None:
        if self.over.wait(0.02):
            raise Gone
        self.browser.move(self.dice.choice(list(self.servers)))

    def _log_in(self) -> None:
        while True:
            try:
                return self.browser.log_in(ACCOUNT, PASSWORD)
            except CUT_OFF:
                self._move()
            except Unexpected as answer:
                if answer.status != TOO_OFTEN:
                    raise
                self._move()

    def _step(self) -> None:
        if self.dice.random() < 0.05:
            self._log_in()
        tasks = TASK.findall(self.browser.ask("GET", "/?view=groups", 200))
        if len(tasks) < MOST_OPEN and self.dice.random() < 0.3:
            self._start()
        elif tasks:
            self._complete(self.dice.choice(tasks).decode())

    def _start(self) -> None:
        self.count += 1
        subject = f"{self.seed}-{self.count}"
        page = self.browser.ask("GET", "/start/storm", 200)
        self.browser.ask("POST", "/start/storm", 303, page, {"subject": subject, "amount": ""})
        self.tell("start", subject)

    def _complete(self, place: str) -> None:
        """Type an amount that nobody else types, so that the history shows whose step was taken."""
        self.count += 1
        amount = f"0.{self.seed:09}{self.count:06}1"
        page = self.browser.ask("GET", place, 200)
        while True:
            try:
                self.browser.ask("POST", place, 303, page, {"amount": amount})
                return self.tell("complete", place.removeprefix("/tasks/"), amount)
            except ConnectionRefusedError:
                self._move()
            except CUT_OFF:
                self.tell("cut off", place)
                self._move()
