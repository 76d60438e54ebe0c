"""Who else has a task open, as its page tells and hears."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from company.people import sessions
from web.shared.signed_in import COOKIE


@pytest.fixture
def place(staffed, act):
    """Where the page of a task of supply says that it is open."""
    task = staffed.start(act("lin")).task("supply_material_prices")
    return f"/tasks/{task}/presence"


def test_two_people_at_one_task_hear_of_each_other_until_one_leaves(visit, place, clock):
    assert "打开着" not in visit("wu").post(place).text
    assert "吴满仓 也打开着本任务" in visit("lin").post(place).text
    assert "林一凡 也打开着本任务" in visit("wu").post(place).text
    clock.forward(seconds=31)
    assert "打开着" not in visit("wu").post(place).text


def test_it_speaks_english(visit, place):
    for account in ("wu", "bai"):
        visit(account).post(place)
    text = visit("lin").speaks("en").post(place).text
    assert "Wu Mancang" in text
    assert "Also open here:" in text
    assert "Bai Xiaolu" in text


def test_looking_at_the_page_alone_tells_nobody(visit, place):
    page = visit("wu").get(place.removesuffix("/presence"))
    assert f'data-live="{place}"' in page.text
    assert "打开着" not in visit("lin").post(place).text


def test_a_finished_task_has_nobody(visit, place, staffed, act):
    staffed.do(act("wu"), "supply_material_prices", materials=[{"name": "a", "quantity": 1, "unit_price": 1}],
               material_source="b")  # fmt: skip
    assert visit("wu").post(place).status_code == 409


@pytest.mark.parametrize("account", ["lin", "zhou", "wu", "qian", "ji", "admin"])
def test_who_may_open_the_task_may_say_so(visit, place, account):
    assert visit(account).post(place).status_code == 200


def test_nobody_else_may(visit, place):
    assert visit(None).post(place).status_code == 401
    assert visit("lin").post("/tasks/99-0-0/presence").status_code == 404


def test_the_page_tells_by_itself_and_shows_who_else_is_there(new_page, address, staffed, act, clock):
    task = staffed.start(act("lin")).task("supply_material_prices")
    pages = {}
    for account in ("wu", "lin"):
        page = pages[account] = new_page()
        token = sessions.open_session(staffed.db, clock.now, account)
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        with page.expect_response("**/presence"):
            page.goto(f"{address}/tasks/{task}")
    expect(pages["lin"].locator("#present")).to_have_text("吴满仓 也打开着本任务")
    expect(pages["wu"].locator("#present")).to_have_text("")
