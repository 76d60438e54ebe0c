"""The diagram and the replay in a real browser: drawn, marked, stepped, spoken in two languages, usable by all."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from company.people import sessions
from tests.product import DRAFT, MATERIALS, ROOT
from web.shared.signed_in import COOKIE

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
TRANSFORM = "document.querySelector('.viewport').getAttribute('transform')"


@pytest.fixture
def case(staffed, act):
    """A case whose price waits for the manager: entries 0 to 3."""
    staffed.start(act("lin")).do(act("wu"), "supply_material_prices", **MATERIALS)
    staffed.do(act("lin"), "draft_price", **DRAFT)
    staffed.do(act("zhou"), "finance_costing", costing_result="costed", labor_cost=180, travel_cost=0)
    return staffed


@pytest.fixture
def reader(new_page, address, staffed, clock):
    """`reader("ji", "/cases")`: that page, open before that person."""

    def open_page(account, place, language="zh", **options):
        page = new_page(**options)
        token = sessions.open_session(staffed.db, clock.now, account)
        page.context.add_cookies(
            [
                {"name": name, "value": value, "url": address}
                for name, value in {COOKIE: token, "cf_language": language}.items()
            ]
        )
        page.goto(address + place)
        return page

    return open_page


def node(page, node_id):
    """An element of the drawn diagram."""
    return page.locator(f'.diagram [data-element-id="{node_id}"]')


def test_the_case_opens_where_its_token_stands_with_the_path_marked(reader, case):
    page = reader("lin", f"/cases/{case.number}")
    current = node(page, "manager_decision")
    expect(current).to_have_class(re.compile(r"\bcurrent\b"))
    expect(current).to_be_in_viewport()
    expect(page.locator(".token")).to_have_text("售后部经理")
    expect(node(page, "supply_material_prices")).to_have_class(re.compile(r"\bpassed\b"))
    expect(node(page, "gm_decision")).not_to_have_class(re.compile(r"\bpassed\b"))
    expect(page.locator(".bjs-powered-by")).to_be_visible()


def test_names_and_annotations_are_in_the_readers_language(reader, case):
    chinese = reader("lin", f"/cases/{case.number}")
    expect(node(chinese, "manager_decision")).to_have_text("经理审批")
    english = reader("lin", f"/cases/{case.number}", "en")
    expect(node(english, "manager_decision")).to_have_text(re.compile("Manager"))
    expect(node(english, "reading_bk_14")).to_have_text(re.compile("agreed price"))


def test_the_tools_show_the_whole_zoom_and_fill_the_screen(reader, case):
    page = reader("lin", f"/cases/{case.number}")
    expect(node(page, "manager_decision")).to_be_in_viewport()
    opened = page.evaluate(TRANSFORM)
    page.get_by_role("button", name="全图").click()
    assert page.evaluate(TRANSFORM) != opened
    page.get_by_role("button", name="回到当前").click()
    assert page.evaluate(TRANSFORM) == opened
    page.get_by_role("button", name="放大").click()
    assert page.evaluate(TRANSFORM) != opened
    page.get_by_role("button", name="全屏", exact=True).click()
    expect(page.locator(".diagram.large")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".diagram.large")).to_have_count(0)


def test_the_wheel_scrolls_the_page_and_not_the_diagram(reader, case):
    page = reader("lin", f"/cases/{case.number}")
    expect(page.locator(".token")).to_be_visible()
    opened = page.evaluate(TRANSFORM)
    page.locator(".diagram-canvas").hover()
    page.mouse.wheel(0, 200)
    page.wait_for_function("scrollY > 0")
    assert page.evaluate(TRANSFORM) == opened


def test_a_replay_is_stepped_by_keys_buttons_slider_and_list(reader, case):
    page = reader("ji", f"/audit/{case.number}#frame-1")
    title = page.locator(".frame h2")
    expect(title).to_have_text("吴满仓 办理了“提供材料价格”。")
    expect(page).to_have_url(re.compile(r"frame=1$"))
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("林一凡 办理了“拟定服务价格”。")
    expect(node(page, "finance_costing")).to_have_class(re.compile(r"\bcurrent\b"))
    expect(node(page, "draft_price_to_finance_costing")).to_have_class(re.compile(r"\bpath\b"))
    expect(node(page, "manager_decision")).not_to_have_class(re.compile(r"\bcurrent\b"))
    page.get_by_title("最后一步").click()
    expect(page.locator(".replay-place")).to_have_text("#3 / 3")
    page.locator(".replay-slider input").fill("0")
    expect(title).to_have_text("林一凡 发起了事项。")
    page.locator('[data-frame="2"]').click()
    expect(page.locator('[aria-current="step"]')).to_contain_text("#2")
    expect(page).to_have_url(re.compile(r"frame=2$"))


def test_a_replay_without_connection_says_so_and_goes_on_later(reader, case):
    page = reader("ji", f"/audit/{case.number}?frame=0")
    expect(page.locator(".token")).to_be_visible()
    page.context.set_offline(True)
    page.locator('[data-frame="3"]').click()
    expect(page.get_by_text("这一步没有取到")).to_be_visible()
    page.context.set_offline(False)
    page.locator('[data-frame="3"]').click()
    expect(page.locator(".frame")).to_have_attribute("data-seq", "3")
    expect(page.get_by_text("这一步没有取到")).to_be_hidden()


def test_a_replay_plays_to_its_end_and_stops(reader, case):
    page = reader("ji", f"/audit/{case.number}?frame=0")
    page.clock.install()
    page.reload()
    expect(page.locator(".token")).to_be_visible()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="暂停")).to_be_visible()
    for seq in (1, 2, 3):
        expect(page.locator(".frame")).to_have_attribute("data-seq", str(seq))
        page.clock.run_for(2000)
    expect(page.get_by_role("button", name="播放")).to_be_visible()


def test_a_diagram_that_does_not_come_leaves_the_words(reader, case, address):
    page = reader("lin", "/cases")
    page.route("**/diagram.bpmn*", lambda route: route.fulfill(status=503, body=""))
    page.goto(f"{address}/cases/{case.number}")
    expect(page.locator(".diagram-failed")).to_be_visible()
    expect(page.locator(".waits")).to_contain_text("经理审批")


def test_without_script_the_page_says_the_same_in_words(reader, case):
    page = reader("lin", f"/cases/{case.number}", java_script_enabled=False)
    expect(page.locator(".diagram")).to_be_hidden()
    expect(page.locator(".waits")).to_contain_text("经理审批")
    page.locator(".passed summary").click()
    expect(page.locator(".passed")).to_contain_text("核算服务成本")


@pytest.mark.parametrize(
    ("language", "theme", "viewport"), [("zh", "light", DESKTOP), ("en", "dark", PHONE)], ids=["light", "dark phone"]
)
def test_axe_finds_nothing_and_no_page_is_too_wide(reader, case, address, language, theme, viewport):
    page = reader("ji", "/audit", language, color_scheme=theme, viewport=viewport)
    places = (
        "/audit", "/cases", f"/cases/{case.number}", f"/audit/{case.number}", f"/audit/{case.number}/verify",
        "/clauses", "/clauses/bk", "/clauses?q=bk-1",
    )  # fmt: skip
    complaints = {}
    for place in places:
        page.goto(address + place)
        if page.locator("[data-diagram]").count():
            expect(page.locator(".token")).to_be_visible()
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
        complaints[place] = [(rule["id"], [each["html"][:120] for each in rule["nodes"]]) for rule in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            complaints[place].append(("too wide", []))
    assert {place: found for place, found in complaints.items() if found} == {}
