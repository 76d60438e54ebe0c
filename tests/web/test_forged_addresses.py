"""Numbers no row can have, NUL and forged paging marks: no page or the first page on either database, never a fault.

Every route there is, with every part of its address and every argument its sources read: a new one cannot be forgotten.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from company.people.change_person import set_roles
from company.people.tables import roles
from engine.commands import start_instance
from engine.queries.paging import cursor
from tests.product import FAULT

pytestmark = pytest.mark.long

NUL = "a\0b"
NUMBERS = (str(2**31), str(2**63), "9" * 5000)
TASKS = (f"{2**31}-0-0", f"1-0-{2**63}")
WORDS = ("-1", "１２", "%", "x" * 299, "'\"<b>😀")
MARKS = tuple(cursor([value] * most) for most in (1, 2) for value in (Decimal(2**63), "a\0b"))
GONE = (404, 409)
"""There is none of that name, or there is nothing to be done with it."""

ARGUMENT = re.compile(r'\b(?:args|values|asked)\.get(?:list)?\(\s*"(\w+)"')
FIELD = re.compile(r'\bform\.get(?:list)?\(\s*"(\w+)"')


@pytest.fixture
def places(staffed, act, clock):
    """What stands for the variable parts of addresses."""
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)
    staffed.instance_id = moved.instance_id
    return {
        "account": "he",
        "clause_id": "bk-1",
        "filename": "favicon.svg",
        "key": "price_approval",
        "kind": "customers",
        "name": "draft_price",
        "node_id": "draft_price",
        "number": moved.number,
        "process": "price_approval",
        "seq": "0",
        "sha256": "0" * 64,
        "task_id": str(staffed.task("supply_material_prices")),
    }


@pytest.fixture
def everybody(staffed, act, clock, visit):
    """Somebody with every role there is."""
    with staffed.db.reading() as session:
        every = session.execute(select(roles.c.key)).scalars().all()
    set_roles(staffed.db, act("admin"), clock.now, "admin", every)
    return visit("admin")


def rules(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]


def address(rule: Rule, places: dict[str, str], **changed: str) -> str:
    """The address of a rule with its variable parts filled in."""
    known = places | ({"number": "7"} if "<int:number>" in rule.rule else {}) | changed
    return re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda found: quote(known.get(found[1], "999"), safe=""), rule.rule)


def forged(app: Flask, method: str, places: dict[str, str], values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each address of each route with one part forged, and what was put there."""
    for rule in rules(app, method):
        for part in sorted(rule.arguments):
            for value in values:
                yield address(rule, places, **{part: value}), value


def read_by(app: Flask, rule: Rule, pattern: re.Pattern[str]) -> set[str]:
    """What the module of a view reads of a request, and what the questions of lists do for it."""
    module = sys.modules[inspect.unwrap(app.view_functions[rule.endpoint]).__module__]
    asked = [getattr(module, name) for name in ("CaseSearch", "RecordSearch", "InboxFilter") if hasattr(module, name)]
    return {
        name
        for each in (module, *(sys.modules[one.__module__] for one in asked))
        for name in pattern.findall(inspect.getsource(each))
    }


def test_a_forged_part_of_an_address_is_no_page(app, everybody, places):
    wrong = {}
    for asked, value in forged(app, "GET", places, (NUL, *NUMBERS, *TASKS, *WORDS)):
        status = everybody.get(asked).status_code
        if status >= 500 or (value in (NUL, *NUMBERS) and status not in GONE):
            wrong[asked[:120]] = status
    assert not wrong


def test_a_forged_part_of_an_address_that_is_posted_to_is_refused(app, everybody, places):
    wrong = {}
    for asked, value in forged(app, "POST", places, (NUL, *NUMBERS[1:], TASKS[0])):
        status = everybody.post(asked).status_code
        if status >= 500 or (value == NUL and status != 404):
            wrong[asked[:120]] = status
    assert not wrong


def test_a_forged_argument_is_no_page_or_the_first_page(app, everybody, places):
    wrong: dict[str, Any] = {}
    swept = set()
    for rule in rules(app, "GET"):
        for name in sorted(read_by(app, rule, ARGUMENT)):
            swept.add(name)
            expected = {everybody.get(address(rule, places)).status_code} if name == "after" else set(range(500))
            for value in MARKS if name == "after" else (NUL, *NUMBERS[1:]):
                status = everybody.get(address(rule, places), query_string={name: value}).status_code
                if status not in expected:
                    wrong[f"{rule.rule}?{name}={value[:60]!r}"] = status
    assert not wrong
    assert swept >= {"after", "case", "facet", "frame", "task", "version"}


def test_a_forged_field_of_a_post_is_refused(app, everybody, places):
    wrong = {}
    for rule in rules(app, "POST"):
        if rule.endpoint == "auth.logout":
            continue
        for name in sorted(read_by(app, rule, FIELD) - {"kept"}):
            for value in (NUL, *NUMBERS[1:]):
                status = everybody.post(address(rule, places), {name: value}).status_code
                if status >= 500:
                    wrong[f"{rule.rule} {name}={value[:60]!r}"] = status
    assert not wrong
