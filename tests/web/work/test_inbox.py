"""The inbox: its lists, their order, searching, paging, and keeping fresh."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import update

from engine.commands import claim_task, start_instance, suspend_instance
from engine.tables import waits
from tests.product import FAULT


@pytest.fixture
def open_cases(staffed, act, clock):
    """Opens a number of cases that wait for supply, a minute apart, and gives the ids of their tasks."""

    def many(count, **values):
        found = []
        for _ in range(count):
            moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT | values)
            staffed.instance_id = moved.instance_id
            found.append(staffed.task("supply_material_prices"))
            clock.forward(minutes=1)
        return found

    return many


def tasks_on(page) -> list[str]:
    """The ids of the tasks a page lists, in order."""
    return re.findall(r'data-task="([^"]+)"', page.text)


def counts_on(page) -> list[str]:
    """The counts beside the names of the lists."""
    return re.findall(r'<span class="tab-count[^"]*">([^<]+)</span>', page.text)


def test_it_asks_strangers_to_log_in(visit):
    assert visit(None).get("/").location == "/login?next=/"


def test_whoever_administers_a_company_without_cases_reads_how_it_begins(visit, open_cases):
    for view in ("mine", "groups"):
        page = visit("admin").get(f"/?view={view}").text
        assert all(address in page for address in ("/admin/departments", "/admin/roles", "/admin/new-person"))
        assert "从这里开始" not in visit("lin").get(f"/?view={view}").text
    open_cases(1)
    assert "从这里开始" not in visit("admin").get("/").text


def test_it_shows_groups_tasks_oldest_first(visit, open_cases):
    found = open_cases(3)
    assert tasks_on(visit("wu").get("/?view=groups")) == [str(task) for task in found]


def test_it_shows_only_tasks_of_ones_own_groups(visit, open_cases):
    open_cases(1)
    page = visit("lin").get("/?view=groups")
    assert tasks_on(page) == []
    assert "组内没有待领的任务" in page.text


def test_a_task_of_a_suspended_case_says_so_and_offers_nothing_to_press(visit, open_cases, staffed, act, clock):
    (task,) = open_cases(1)
    [number] = re.findall(r"PA-2026-\d+", visit("wu").get("/?view=groups").text)
    suspend_instance(staffed.db, act("admin"), clock.now, number, "等客户停机")
    page = visit("wu").get("/?view=groups")
    assert tasks_on(page) == [str(task)]
    assert "已暂停" in page.text
    assert f"/tasks/{task}/claim" not in page.text
    shown = visit("wu").get(f"/tasks/{task}").text
    assert "事项已暂停，恢复后才能办理。" in shown
    assert f'action="/tasks/{task}"' not in shown
    assert f"/tasks/{task}/claim" not in shown


def test_what_comes_first_is_marked_in_the_list_and_on_the_task(visit, open_cases, staffed):
    (task,) = open_cases(1)
    wu = visit("wu")
    addresses = ("/?view=groups", f"/tasks/{task}")
    assert not any("chip-priority" in wu.get(address).text for address in addresses)
    staffed.db.write(lambda session: session.execute(update(waits).values(priority=20)))
    assert all("chip-priority" in wu.get(address).text for address in addresses)


def test_only_what_comes_first_can_be_asked_for(visit, open_cases, staffed):
    _, urgent, _ = open_cases(3)
    one = waits.c.instance_id == urgent.instance_id
    staffed.db.write(lambda session: session.execute(update(waits).where(one).values(priority=20)))
    wu = visit("wu")
    page = wu.get("/?view=groups&first=1")
    assert tasks_on(page) == tasks_on(wu.get("/inbox/board?view=groups&first=1")) == [str(urgent)]
    assert "view=mine&amp;first=1" in page.text, "the other lists keep the question"
    assert "没有符合条件的任务" in wu.get("/?view=mine&first=1").text


def test_a_claimed_task_moves_from_the_group_to_its_person(visit, open_cases):
    (task,) = open_cases(1)
    wu = visit("wu")
    wu.post(f"/tasks/{task}/claim", {"next": "/"})
    assert tasks_on(wu.get("/")) == [str(task)]
    assert tasks_on(wu.get("/?view=groups")) == []
    assert counts_on(wu.get("/")) == ["1", "0", "0", "0"]


def test_it_shows_what_one_has_done(visit, open_cases):
    (task,) = open_cases(1)
    wu = visit("wu")
    assert wu.post(f"/tasks/{task}", {"materials": "", "material_source": "GY-118"}).status_code == 303
    page = wu.get("/?view=done")
    assert tasks_on(page) == [str(task)]
    assert "/cases/PA-2026-000001" in page.text


def test_it_searches_number_and_title(visit, open_cases):
    (first,) = open_cases(1, customer="北岭轨道装备公司")
    (second,) = open_cases(1, customer="海港城际铁路")
    wu = visit("wu")
    assert tasks_on(wu.get("/?view=groups&q=北岭")) == [str(first)]
    assert tasks_on(wu.get("/?view=groups&q=000002")) == [str(second)]
    page = wu.get("/?view=groups&q=100%25")
    assert tasks_on(page) == []
    assert "没有符合条件的任务" in page.text


def test_an_unknown_view_and_a_broken_cursor_show_the_beginning(visit, open_cases):
    open_cases(1)
    wu = visit("wu")
    assert wu.get("/?view=everything").status_code == 200
    assert len(tasks_on(wu.get("/?view=groups&after=xxx"))) == 1


def test_it_pages_without_losing_or_repeating_a_task(visit, open_cases):
    found = [str(task) for task in open_cases(53)]
    wu = visit("wu")
    first = wu.get("/?view=groups")
    following = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert following
    second = wu.get(following[1].replace("&amp;", "&"))
    assert tasks_on(first) + tasks_on(second) == found
    assert "回到开头" in second.text


def test_what_customers_are_called_cannot_be_markup(visit, open_cases):
    open_cases(1, customer="<script>alert(1)</script>")
    page = visit("wu").get("/?view=groups").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_an_open_page_is_told_when_nothing_changed(visit, open_cases):
    open_cases(1)
    wu = visit("wu")
    first = wu.get("/inbox/board?view=groups")
    again = wu.get("/inbox/board?view=groups", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert not again.data


def test_an_open_page_gets_the_new_list_when_somebody_acted(visit, open_cases, staffed, act, clock):
    (task,) = open_cases(1)
    wu = visit("wu")
    first = wu.get("/inbox/board?view=groups")
    claim_task(staffed.db, act("wu"), clock.now, task)
    again = wu.get("/inbox/board?view=groups", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert tasks_on(again) == []
    assert counts_on(again) == ["1", "0", "0", "0"]


def test_an_open_page_is_refreshed_every_minute_for_its_words(visit, open_cases, clock):
    open_cases(1)
    wu = visit("wu")
    first = wu.get("/inbox/board?view=groups")
    clock.forward(minutes=1)
    assert wu.get("/inbox/board?view=groups", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_one_persons_list_is_never_anothers_unchanged(visit):
    """Both lists are empty, so that nothing but their persons tells them apart."""
    first = visit("lin").get("/inbox/board?view=mine")
    theirs = {"If-None-Match": first.headers["ETag"]}
    assert visit("lin").get("/inbox/board?view=mine", headers=theirs).status_code == 304
    assert visit("bai").get("/inbox/board?view=mine", headers=theirs).status_code == 200


def test_an_open_page_learns_that_its_session_ended(visit):
    answer = visit(None).get("/inbox/board", headers={"Accept": "application/json"})
    assert answer.status_code == 401
