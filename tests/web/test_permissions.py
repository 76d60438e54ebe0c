"""Every address × role: who is let in, who is refused. Strangers: `test_security`; customers: `test_portal`."""

from __future__ import annotations

import re

import pytest

from company.people.change_person import set_roles
from engine.commands import complete_task, start_instance
from tests.product import FAULT, MATERIALS

NOBODY = "bai"
"""Somebody who has lost every role."""
ROLES = frozenset({"lin", "wu", "zhou", "zheng", "qian", "sun", "mo", "ji", "admin"})
EVERYBODY = ROLES | {NOBODY}
STARTERS, LANE = frozenset({"lin", "zheng"}), frozenset({"lin"})
REASSIGNING = frozenset({"zheng"})
DESIGNER, AUDITOR, ADMINISTRATOR = frozenset({"mo"}), frozenset({"ji"}), frozenset({"admin"})

KEEPERS = frozenset({"admin", "lin", "zheng"})
READERS = KEEPERS | {"ji", "qian", "sun"}
"""Of customers."""

ALLOWED = {
    "about": ROLES,
    "admin": ADMINISTRATOR,
    "admin.log": ADMINISTRATOR | AUDITOR,
    "attachments": EVERYBODY,
    "audit": ROLES,
    "audit.search": AUDITOR,
    "audit.verify": AUDITOR,
    "cases.search": EVERYBODY,
    "cases.show": ROLES,
    "cases.cancel": ADMINISTRATOR,
    "cases.resume": ADMINISTRATOR,
    "cases.retry": ADMINISTRATOR,
    "cases.suspend": ADMINISTRATOR,
    "clauses": EVERYBODY,
    "comments": ROLES,
    "design": DESIGNER,
    "documents": ROLES,
    "filters": EVERYBODY,
    "inbox": EVERYBODY,
    "interventions": ADMINISTRATOR,
    "me": EVERYBODY,
    "notifications": EVERYBODY,
    "outside": EVERYBODY,
    "preferences": EVERYBODY,
    "presence": ROLES,
    "records": KEEPERS,
    "records.choose": READERS,
    "records.export": READERS,
    "records.move": KEEPERS - {"lin"},
    "records.search": READERS,
    "records.show": READERS,
    "start.choose": EVERYBODY,
    "start.form": STARTERS,
    "start.submit": STARTERS,
    "start.evaluate": STARTERS,
    "tasks": ROLES,
    "tasks.claim": LANE,
    "tasks.delegate": LANE | REASSIGNING,
    "tasks.release": LANE | REASSIGNING,
    "tasks.submit": LANE,
}
"""By endpoint, else by blueprint: the accounts that are let in. The case waits for after-sales to draft a price."""
NUMBERED = frozenset({"end", "end_session", "log_out_elsewhere", "retry_message", "retry_schedule"})
"""Addresses whose `number` is that of a row and not of a case."""
HIDDEN = re.compile("或者.*无权查看|or you may not see it|nor yours to see")
"""What is said of cases and tasks that are not there, and in the same words of those one may not see."""
AREAS = sorted({endpoint.partition(".")[0] for endpoint in ALLOWED})


@pytest.fixture
def places(staffed, act, clock):
    """What stands for the variable parts of addresses."""
    set_roles(staffed.db, act("admin"), clock.now, NOBODY, ())
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)
    staffed.instance_id = moved.instance_id
    complete_task(staffed.db, act("wu"), clock.now, staffed.task("supply_material_prices"), MATERIALS)
    return {
        "account": "he",
        "key": "price_approval",
        "kind": "customers",
        "name": "draft_price",
        "node_id": "draft_price",
        "number": moved.number,
        "seq": "1",
        "sha256": "0" * 64,
        "task_id": str(staffed.task("draft_price")),
    }


OPEN = frozenset({"auth", "portal", "static"})
"""Blueprints whose pages ask for no log-in, or are the log-in."""


def test_no_blueprint_is_forgotten(app):
    assert {rule.endpoint.partition(".")[0] for rule in app.url_map.iter_rules()} == set(AREAS) | OPEN


@pytest.mark.long
@pytest.mark.parametrize("area", AREAS)
def test_only_those_are_let_in_whose_it_is(app, visit, places, area):
    visitors = {account: visit(account) for account in sorted(EVERYBODY)}
    wrong = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] != area:
            continue
        for method in sorted(rule.methods & {"GET", "POST"}):
            let_in = {account for account, one in visitors.items() if opens(one, method, rule, places)}
            expected = ALLOWED.get(rule.endpoint) or ALLOWED.get(area) or "a line in ALLOWED"
            if let_in != expected:
                wrong[f"{method} {rule.endpoint}"] = (sorted(let_in), expected)
    assert not wrong


def opens(visitor, method, rule, places):
    """Whether the address does not refuse this person; it may well refuse what they send."""
    own = {"key": "bk"} if rule.endpoint.startswith("clauses.") else {}
    own |= {"number": "999"} if rule.endpoint.rpartition(".")[2] in NUMBERED else {}
    address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: (places | own).get(found[1], "999"), rule.rule)
    answer = visitor.get(address) if method == "GET" else visitor.post(address, {"to": "he"})
    assert answer.status_code < 500, address
    unseen = answer.status_code == 404 and HIDDEN.search(answer.text)
    answer.close()
    return answer.status_code != 403 and not unseen
