"""Every page can be used by everybody: axe finds nothing to complain of, light and dark, wide and narrow."""

from __future__ import annotations

import pytest

from company.calendar.seed import ensure_calendar
from company.comments import add_comment
from company.people import sessions
from demo.people import PASSWORD
from engine.commands import complete_task, start_instance
from engine.jobs import JobError
from engine.queries import incidents
from tests.bench import ADMIN, Bench
from tests.product import FAULT, MATERIALS, ROOT
from web.shared.signed_in import COOKIE

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}


@pytest.fixture
def places(staffed, act, clock):
    """The addresses of the pages by account and name; one case waits for a draft, one task of another is over."""
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)
    staffed.instance_id = moved.instance_id
    over = staffed.task("supply_material_prices")
    complete_task(staffed.db, act("wu"), clock.now, over, MATERIALS)
    task = staffed.task("draft_price")
    case = f"/cases/{moved.number}"
    add_comment(staffed.db, act("bai"), clock.now, moved.number, "客户催过一次")
    return {
        "lin": {
            "inbox": "/",
            "groups": "/?view=groups",
            "done": "/?view=done",
            "nothing found": "/?q=zzz",
            "start": "/start",
            "start form": "/start/price_approval",
            "task": f"/tasks/{task}",
            "short form": f"/tasks/{task}/quick",
            "delegate": f"/tasks/{task}/delegate",
            "about": f"/tasks/{task}/about",
            "gone": f"/tasks/{over}",
            "cases": "/cases",
            "case": case,
            "paper": f"/documents/{moved.number}/1",
            "blank paper": "/documents/blank/price_approval/draft_price",
            "notifications": "/notifications",
            "clauses": "/clauses",
            "regulation": "/clauses/bk",
            "me": "/me",
            "password": "/me/password",
            "refused": "/admin/people",
            "not found": "/nowhere",
        },
        "ji": {
            "audit": "/audit",
            "replay": f"/audit/{moved.number}",
            "verdicts": f"/audit/{moved.number}/verify",
        },
        "mo": {"forms": "/design/forms"},
        "admin": {
            "people": "/admin/people",
            "person": "/admin/people/lin",
            "new person": "/admin/new-person",
            "roles": "/admin/roles",
            "departments": "/admin/departments",
            "sessions": "/admin/sessions",
            "log": "/admin/log",
            "case to cancel": case,
        },
    }


@pytest.mark.parametrize(
    ("language", "theme", "viewport"), [("zh", "light", DESKTOP), ("en", "dark", PHONE)], ids=["light", "dark phone"]
)
def test_axe_finds_nothing_and_no_page_is_too_wide(
    new_page, address, staffed, clock, places, language, theme, viewport
):
    page = new_page(color_scheme=theme, viewport=viewport)
    page.context.add_cookies([{"name": "cf_language", "value": language, "url": address}])
    page.goto(f"{address}/login")
    complaints = {"login": complaints_of_axe(page)}
    for account, its in places.items():
        token = sessions.open_session(staffed.db, clock.now, account)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        for name, place in its.items():
            page.goto(address + place)
            complaints[name] = complaints_of_axe(page)
        if account == "lin":
            page.goto(address + its["task"])
            page.locator(".sheet-submit button").click()
            page.wait_for_selector(".cf-summary")
            complaints["refused form"] = complaints_of_axe(page)
    assert not {name: said for name, said in complaints.items() if said}


@pytest.mark.parametrize(("theme", "viewport"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark phone"])
def test_the_same_holds_for_administrators_and_designers(new_page, address, staffed, act, clock, theme, viewport):
    ensure_calendar(staffed.db, clock.now)
    number = staffed.start(act("lin")).number
    stuck = _stuck_case(staffed.db)
    page = new_page(color_scheme=theme, viewport=viewport)
    complaints = {}
    for account, places in {
        "admin": [
            "/admin/calendar",
            "/admin/calendar?year=2026&version=1",
            "/admin/incidents",
            "/admin/schedules",
            f"/cases/{number}/correct",
            f"/cases/{number}/correct/customer",
            f"/cases/{number}/move",
            f"/cases/{stuck.number}",
            f"/cases/{stuck.number}/skip/{stuck.wait}",
        ],
        "mo": ["/clauses/bk/bk-11", "/design/forms/price_approval/draft_price"],
    }.items():
        token = sessions.open_session(staffed.db, clock.now, account)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        for place in places:
            page.goto(address + place)
            if place.startswith("/design"):
                page.locator(".fjs-element[data-id=price]").click()
                page.locator(".bio-properties-panel-group").first.wait_for()
            complaints[place] = complaints_of_axe(page)
    complaints["resume"] = _complaints_of_the_way_back(page, address)
    assert not {place: said for place, said in complaints.items() if said}


def _stuck_case(db):
    """An incident of a mail that cannot be sent, and a process that the clock starts."""
    bench = Bench(db)
    bench.mail = _refuse
    bench.deploy("notice", "patrol").start("notice")
    bench.drain()
    with db.reading() as session:
        return next(each for each in incidents(session, ADMIN) if each.kind == "job")


def _refuse(_job):
    raise JobError(reason="没有这个邮箱")


def _complaints_of_the_way_back(page, address):
    """The page that offers again what was typed when a session ended, behind the log-in."""
    page.goto(f"{address}/me")
    page.context.clear_cookies(name=COOKIE)
    page.locator("form[action='/me'] button").click()
    page.fill("#account", "mo")
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.locator(".recalled").wait_for()
    return complaints_of_axe(page)


def complaints_of_axe(page):
    """What axe and a ruler find wrong with the page shown."""
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, rules)", RULES)
    assert len(found["passes"]) > 10, "axe has really looked"
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    said = [f"{rule['id']}: {node['html'][:120]}" for rule in found["violations"] for node in rule["nodes"]]
    return said + ["wider than the screen"] * wide
