"""What was tried on every route and held, so that it stays held: hostile texts, odd requests, names that climb out.

Longer runs: `CLAUSEFLOW_ATTACKS=20000` sends so many odd requests.
"""

from __future__ import annotations

import os
import random
import re
from urllib.parse import quote

import pytest
from lxml import html

from company.comments import add_comment
from company.records.kinds import RECORD_KINDS
from company.records.save import save_record
from engine import forms
from engine.commands import complete_task, start_instance
from tests.product import FAULT, MATERIALS

pytestmark = pytest.mark.long

HOSTILE = "\"'><xss-probe onload=alert(1)></xss-probe></script><script>alert(1)</script>{{7*7}}%s{0}${7*7}"
ODD = (
    "", "0", "-1", "1", "2147483648", "9223372036854775808", "9" * 400, "1-0-0", "1-0-0-0", "\x00", "a\x00b", "%00",
    "..", "../..", "/etc/passwd", "'", "' OR 1=1 --", "%s", "%(x)d", "{0}", "{{7*7}}", "<xss-probe>", "\u202e", "😀",
    "\uffff", "　", "Ａ", "None", "NaN", "1e999", "true", "[]", "{}", "a" * 5000, "2026-02-30", "=1/0", "\r\nX-Evil: 1",
)  # fmt: skip
"""Texts that are no honest value of anything."""
REQUESTS = int(os.environ.get("CLAUSEFLOW_ATTACKS", "250"))
ASKED = ("q", "view", "after", "frame", "case", "task", "name", "process", "next", "from", "scope", "kind", "sort")
SENT = (
    "account", "to", "reason", "text", "schema", "values", "id", "from", "name", "kept", "number", "code", "until",
    "_version", "price", "materials-0-name", "materials-999999999-name", "_row", "language", "roles", "next",
)  # fmt: skip
HEADERS = ("Accept", "Accept-Language", "Referer", "If-None-Match", "Range", "X-Forwarded-For", "Content-Type")


@pytest.fixture
def database_url(sqlite_url):
    """Pages are the same on both databases."""
    return sqlite_url


@pytest.fixture
def places(staffed, act, clock):
    """A case, comments and a customer whose every text is hostile, and what stands for the parts of addresses."""
    said = {name: HOSTILE if isinstance(value, str) else value for name, value in FAULT.items()}
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", said)
    staffed.instance_id, staffed.number = moved.instance_id, moved.number
    add_comment(staffed.db, act("lin"), clock.now, moved.number, HOSTILE)
    materials = {"materials": [{**MATERIALS["materials"][0], "name": HOSTILE}], "material_source": HOSTILE}
    complete_task(staffed.db, act("wu"), clock.now, staffed.task("supply_material_prices"), materials)
    environment = forms.FormEnvironment(now=clock.now)
    customer = {"name": HOSTILE, "address": HOSTILE}
    key = save_record(staffed.db, act("admin"), clock.now, RECORD_KINDS["customers"], customer, environment)
    return {"account": "lin", "clause_id": "bk-1", "filename": "app.css", "key": "price_approval", "kind": "customers",
            "name": "fault", "node_id": "draft_price", "number": moved.number, "process": "price_approval",
            "record": key, "seq": "0", "sha256": "0" * 64, "task_id": str(staffed.task("draft_price"))}  # fmt: skip


def address_of(rule, places):
    """An address of the route with these parts."""
    own = {"key": places["record"]} if rule.endpoint.startswith("records.") else {}
    own |= {"key": "bk"} if rule.endpoint.startswith("clauses.") else {}
    own |= {"name": "draft_price"} if rule.endpoint.startswith("design.") else {}
    own |= {"number": "1"} if "<int:number>" in rule.rule else {}
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: quote((places | own)[found[1]], safe=""), rule.rule)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.more)])
def test_no_page_takes_what_somebody_wrote_for_its_own_html(app, visit, places, language):
    shown = set()
    for account in ("lin", "admin", "ji"):
        visitor = visit(account).speaks(language)
        for rule in app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static":
                continue
            for query in ("", f"?q={quote(HOSTILE)}&next={quote('//evil.example/' + HOSTILE)}"):
                answer = visitor.get(address_of(rule, places) + query)
                assert answer.status_code < 500, rule.rule
                if answer.mimetype == "text/html":
                    assert dirty(answer.text) == [], (rule.rule, account)
                    shown |= {rule.endpoint} if "xss-probe" in answer.text else set()
                answer.close()
    assert {"cases.show", "tasks.show", "audit.replay", "documents.show", "records.show", "inbox.show"} <= shown


def dirty(page):
    """What stands in a page that only a stranger would have written."""
    root = html.document_fromstring(page)
    found = [element.tag for element in root.iter("xss-probe")]
    scripts = (each for each in root.iter("script") if each.get("src") is None)
    found += [each.text or "" for each in scripts if each.get("type") != "application/json"]
    for element in root.iter():
        found += [name for name in element.attrib if name.lower().startswith("on")]
        found += [element.get(name) for name in LEADING if ELSEWHERE.match(element.get(name, ""))]
    return found


LEADING = ("href", "src", "action", "formaction")
ELSEWHERE = re.compile(r"\s*(javascript:|data:text|//|https?://evil)", re.IGNORECASE)


def test_no_odd_request_makes_a_page_fail(app, visit, places):
    dice = random.Random(12_900)  # noqa: S311  # the same requests every time
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint))
    visitors = [visit(account) for account in (None, "lin", "admin", "mo")]
    for _ in range(REQUESTS):
        rule, visitor = dice.choice(rules), dice.choice(visitors)
        parts = {name: dice.choice(ODD) if dice.random() < 0.3 else value for name, value in places.items()}
        address, method = address_of(rule, parts), dice.choice(sorted(rule.methods))
        query = {dice.choice(ASKED): dice.choice(ODD) for _ in range(dice.randrange(4))}
        headers = {dice.choice(HEADERS): dice.choice(ODD[10:23]).strip("\x00") for _ in range(dice.randrange(2))}
        headers = {name: value for name, value in headers.items() if value.isascii() and value.isprintable()}
        body = {dice.choice(SENT): dice.choice(ODD) for _ in range(dice.randrange(6))}
        if method == "POST":
            answer = visitor.post(address, body, query_string=query, headers=headers)
        else:
            answer = visitor.client.open(address, method=method, query_string=query, headers=headers)
        assert answer.status_code < 500, (method, rule.rule, parts, query, headers, body)
        assert "X-Evil" not in answer.headers
        answer.close()
