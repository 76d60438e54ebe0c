"""Keys in addresses: no word of the router can be one, and what could not be reached is."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from company.keys import RESERVED
from company.people.sessions import open_session
from company.records.kinds import RECORD_KINDS
from company.records.save import save_record
from company.records.tables import records
from engine import forms
from engine.actor import Actor
from engine.database import Database
from engine.lint.process_key import RESERVED as REFUSED_OF_PROCESSES
from tests.product import START
from web.shared.signed_in import COOKIE

NAMED = {"records": "key", "admin": "account"}
"""Which argument of whose addresses is a key that somebody made up."""


def segments(rule: str) -> list[str]:
    return rule.strip("/").split("/")


def meets(one: list[str], other: list[str], place: int) -> bool:
    """Whether two rules may be the same address up to a place."""
    before = zip(one[:place], other[:place], strict=False)
    return len(other) > place and all(a == b or a.startswith("<") or b.startswith("<") for a, b in before)


def words_beside(app: Flask, named: dict[str, str]) -> set[str]:
    """What the router has in the places of those arguments."""
    rules = [(rule.endpoint.partition(".")[0], segments(rule.rule)) for rule in app.url_map.iter_rules()]
    return {
        other[place]
        for area, rule in rules
        for place, segment in enumerate(rule)
        if area in named and segment == f"<{named[area]}>"
        for _, other in rules
        if meets(rule, other, place) and not other[place].startswith("<")
    }


def test_every_word_of_the_router_where_a_key_may_stand_is_reserved(app: Flask) -> None:
    words = words_beside(app, NAMED)
    assert words <= RESERVED
    assert {"new", "import", "export", "evaluate"} <= words


def test_every_word_of_the_router_where_a_process_may_stand_is_refused_by_lint(app: Flask) -> None:
    words = words_beside(app, {"portal": "key", "start": "key"})
    assert words <= REFUSED_OF_PROCESSES
    assert "progress" in words


@pytest.mark.parametrize("key", ["P\u3000001", "P\u00a0001", "P\u200b001"])
def test_a_record_with_a_key_of_older_versions_can_be_opened(visit: Any, db: Database, key: str) -> None:
    ji = visit("ji")
    clerk = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
    values = {"part_no": "P-1", "name": "密封圈", "category": "part"}
    save_record(db, clerk, START, RECORD_KINDS["parts"], values, forms.FormEnvironment(now=START))
    db.write(lambda session: session.execute(update(records).where(records.c.key == "P-1").values(key=key)))
    assert "密封圈" in ji.get(f"/records/parts/{key}").text


def test_the_longest_key_fits_a_phone(new_page: Any, address: str, db: Database, clock: Any) -> None:
    clerk = Actor("bai", "白小鹿", frozenset({"records:*", "edit:*"}))
    product = {"model": "W" * 60, "name": "烘干机", "category": "appliance"}
    save_record(db, clerk, START, RECORD_KINDS["products"], product, forms.FormEnvironment(now=START))
    page = new_page(viewport={"width": 360, "height": 740})
    page.context.add_cookies([{"name": COOKIE, "value": open_session(db, clock.now, "ji"), "url": address}])
    for path in ("products", f"products/{'W' * 60}", f"products/{'W' * 60}/edit"):
        page.goto(f"{address}/records/{path}")
        assert "W" * 60 in page.content()
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
