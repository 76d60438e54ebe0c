"""A completed form prints as the regulated paper, and blank copies can be written on."""

from __future__ import annotations

import pytest

from company.people import sessions
from company.people.roles import matrix, set_matrix
from engine.commands import complete_task, start_instance
from tests.product import DRAFT, FAULT, MATERIALS, START
from web.cases import documents
from web.cases.documents import Signature
from web.shared.signed_in import COOKIE


@pytest.fixture
def database_url(sqlite_url):
    """Pages are the same on both databases."""
    return sqlite_url


@pytest.fixture
def drafted(staffed, act, clock):
    """A price approval whose draft was submitted as entry 2."""
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)
    staffed.instance_id, staffed.number = moved.instance_id, moved.number
    clock.forward(hours=1)
    complete_task(staffed.db, act("wu"), clock.now, staffed.task("supply_material_prices"), MATERIALS)
    clock.forward(hours=1)
    complete_task(staffed.db, act("lin"), clock.now, staffed.task("draft_price"), DRAFT)
    return staffed


def test_a_paper_has_number_values_parties_clauses_and_everybody_who_signed(visit, drafted):
    page = visit("lin").get(f"/documents/{drafted.number}/2").text
    assert "<h1>拟定服务价格</h1>" in page
    assert f"<b>{drafted.number}-2</b>" in page
    assert "收费标准第 3 档" in page
    assert "轮对压装机 LY-315" in page
    assert page.index("<td>吴满仓</td>") < page.rindex("<td>林一凡</td>")
    assert "bk-11" in page
    assert "<td>2026-03-02 11:00</td>" in page


def test_a_paper_says_what_was_known_then_not_what_came_later(visit, drafted):
    page = visit("lin").get(f"/documents/{drafted.number}/1").text
    assert "主缸密封圈" in page
    assert "收费标准第 3 档" not in page
    assert page.count("<td>林一凡</td>") == 1, "who signs later has not signed yet"


def test_of_a_step_done_again_the_last_time_counts(visit, drafted, act, clock):
    for account, node, values in (
        ("zhou", "finance_costing", {"costing_result": "return", "return_reason": "依据不足"}),
        ("lin", "draft_price", DRAFT),
    ):
        clock.forward(hours=1)
        complete_task(drafted.db, act(account), clock.now, drafted.task(node), values)
    page = visit("lin").get(f"/documents/{drafted.number}/4").text
    assert page.count("<td>拟定服务价格</td>") == 1
    assert page.index("<td>2026-03-02 12:00</td>") < page.index("<td>2026-03-02 13:00</td>")


def test_a_paper_speaks_english_to_english_readers(visit, drafted):
    page = visit("lin").speaks("en").get(f"/documents/{drafted.number}/2").text
    assert "<h1>Draft the service price</h1>" in page
    assert "<td>Lin Yifan</td>" in page


def test_the_code_leads_to_the_case(visit, drafted):
    answer = visit("lin").get(f"/documents/{drafted.number}/code.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")


@pytest.mark.parametrize("place", ["PA-2026-000001/99", "PA-2026-999999/1", "blank/price_approval/nowhere",
                                   "blank/nothing/draft_price", "blank/price_approval/end"])  # fmt: skip
@pytest.mark.usefixtures("drafted")
def test_there_is_no_paper_of_what_was_not_submitted(visit, place):
    assert visit("lin").get(f"/documents/{place}").status_code == 404


def test_who_may_not_see_the_case_gets_no_paper(visit, drafted, act, clock):
    with drafted.db.reading() as session:
        held = matrix(session)["finance"]
    set_matrix(drafted.db, act("admin"), clock.now, {"finance": held}, {"finance": {"work:finance"}})
    for place in (f"{drafted.number}/2", f"{drafted.number}/code.svg", "blank/price_approval/draft_price"):
        assert visit("zhou").get(f"/documents/{place}").status_code == (403 if "blank" in place else 404)


@pytest.mark.usefixtures("staffed")
def test_a_blank_copy_has_room_to_write_and_boxes_to_tick(visit):
    page = visit("lin").get("/documents/blank/price_approval/draft_price").text
    assert '<span class="box">' in page
    assert "paper-empty" in page
    assert "code.svg" not in page


def test_the_case_and_the_start_page_lead_to_papers(visit, drafted):
    assert f'href="/documents/{drafted.number}/2"' in visit("lin").get(f"/cases/{drafted.number}").text
    assert "/documents/blank/price_approval/" in visit("lin").get("/start/price_approval").text


MANY = [Signature(f"第 {n} 个环节", "林一凡", START) for n in range(40)]


@pytest.mark.parametrize("place", ["draft", "blank", "many"])
def test_a_paper_is_one_page_whoever_signed(new_page, address, drafted, clock, place, monkeypatch):
    if place == "many":
        monkeypatch.setattr(documents, "_signatures", lambda *_: MANY)
    page = new_page()
    page.context.add_cookies(
        [{"name": COOKIE, "value": sessions.open_session(drafted.db, clock.now, "lin"), "url": address}]
    )
    there = "blank/price_approval/draft_price" if place == "blank" else f"{drafted.number}/2"
    page.goto(f"{address}/documents/{there}")
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert pdf.count(b"/Type /Page\n") == 1
    if place == "many":
        assert page.locator(".paper-signatures tbody tr").count() == len(MANY)
