"""Names that look like patterns of a programming language are names like others, wherever a page says them."""

from __future__ import annotations

from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import update

from company.comments import add_comment
from company.people.tables import departments, people, roles
from company.records.kinds import RECORD_KINDS
from company.records.save import save_record
from engine import forms
from tests.product import MATERIALS, START

pytestmark = pytest.mark.long

NAMES = ["李%s", "李%(x)d", "李{0}{x}", "<b>李</b>", "100%"]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest, staffed: Any) -> str:
    """Everybody's name, every department's and role's begins with it."""

    def work(session: Any) -> None:
        for table, key in ((people, people.c.id), (departments, departments.c.key), (roles, roles.c.key)):
            session.execute(update(table).values(name=request.param + key, name_en=request.param + key))

    staffed.db.write(work)
    return str(request.param)


def test_every_page_and_act_bears_it(visit: Any, staffed: Any, act: Any, clock: Any, name: str) -> None:
    customer = {"name": name, "type": "company"}
    save_record(staffed.db, act("lin"), START, RECORD_KINDS["customers"], customer, forms.FormEnvironment(now=START))
    staffed.start(act("lin"), **dict.fromkeys(("customer", "product", "fault", "diagnosis"), name))
    staffed.do(act("wu"), "supply_material_prices", **MATERIALS)
    add_comment(staffed.db, act("bai"), clock.now, staffed.number, f"@{name}lin {name}")
    task, case = f"/tasks/{staffed.task('draft_price')}", f"/cases/{staffed.number}"
    lin, admin = visit("lin"), visit("admin")
    posts = [
        (lin, f"{task}/claim", {}),
        (lin, f"{task}/release", {}),
        (lin, f"{task}/claim", {}),
        (visit("bai"), f"{task}/claim", {}),
        (lin, f"{task}/delegate", {"to": "bai"}),
        (lin, f"{case}/comments", {"text": name}),
        (admin, "/admin/people/qian/roles", {"roles": ["sales_vp", "general_manager"]}),
        (admin, "/admin/people/qian/active", {"active": "0"}),
        (admin, f"{case}/suspend", {"reason": name}),
        (admin, f"{case}/resume", {"reason": name}),
    ]
    for visitor, address, values in posts:
        assert visitor.post(address, values).status_code < 500, address
    pages = {
        "lin": ["/", "/?view=groups", "/?view=done", f"/?q={name}", task, case, f"{task}/delegate", "/cases", "/me",
                "/notifications", f"/documents/{staffed.number}/1"],
        "ji": ["/records/customers", "/records/customers/KH-0001", "/audit", f"/audit/{staffed.number}"],
        "admin": ["/admin/people", "/admin/people/lin", "/admin/roles", "/admin/departments", "/admin/log", case],
    }  # fmt: skip
    for account, addresses in pages.items():
        for language in ("zh", "en"):
            visitor = visit(account).speaks(language)
            for address in addresses:
                answer = visitor.get(address)
                assert answer.status_code == 200, address
                assert "<b>李</b>" not in answer.text.replace(str(escape(name)), ""), address
    assert str(escape(f"转交给 {name}bai")) in visit("bai").get(case).text
