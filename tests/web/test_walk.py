"""A whole price approval in real browsers, as the people of the departments do it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cli.content import bundle
from company.demo import PASSWORD
from engine.queries import case

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
STEPS = bundle("price_approval").diagram.nodes


@pytest.fixture
def database_url(sqlite_url):
    """Pages are the same on both databases: one is enough for browsers."""
    return sqlite_url


@pytest.fixture
def at_desk(new_page, address):
    """`at_desk("lin")`: that person logged in, in a browser of their own."""

    def log_in(account, language="zh", **options):
        page = new_page(**options)
        page.context.add_cookies([{"name": "cf_language", "value": language, "url": address}])
        page.goto(address)
        page.locator("#account").fill(account)
        page.locator("#password").fill(PASSWORD)
        page.locator("#password").press("Enter")
        expect(page.locator(".person-name")).to_be_visible()
        return page

    return log_in


def open_task(page, node_id):
    """Claim the first task of that step from the group's list, and open it."""
    node = STEPS[node_id]
    name = node.name if page.locator("html").get_attribute("lang") == "zh-Hans" else node.name_en
    page.locator('[data-tab="2"]').click()
    page.locator(".task").filter(has_text=name).first.locator('[data-key="c"]').click()
    page.locator('[data-tab="1"]').click()
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def submit(page):
    """Send the form."""
    page.locator(".sheet-submit button").click()


def choose(page, key, value):
    """Tick one choice of a field."""
    page.locator(f'[name="{key}"][value="{value}"]').check()


def ask_for_a_price(page, address):
    """Start a price approval for something out of warranty."""
    page.goto(f"{address}/start")
    page.locator(".process a").first.click()
    for key, text in {
        "customer": "南川机车厂",
        "product": "轮对压装机 LY-315",
        "fault": "保压阶段压力下降",
        "diagnosis": "主缸密封圈老化",
    }.items():
        page.locator(f'[name="{key}"]').fill(text)
    submit(page)
    page.wait_for_url("**/cases/*")


def price_materials(page):
    """Two rows, the second added by script; the total appears by itself."""
    open_task(page, "supply_material_prices")
    if not page.locator('[name="materials-0-name"]').count():
        page.locator('button[value="add:materials"]').click()
    page.locator('button[value="add:materials"]').click()
    for row, (name, quantity, price) in enumerate([("主缸密封圈", "2", "150"), ("液压油", "20.5", "20")]):
        page.locator(f'[name="materials-{row}-name"]').fill(name)
        page.locator(f'[name="materials-{row}-quantity"]').fill(quantity)
        page.locator(f'[name="materials-{row}-unit_price"]').fill(price)
    expect(page.locator('[data-cf="materials_total"] .cf-value')).to_have_text("¥710.00")
    page.locator('[name="material_source"]').fill("供应商报价 GY-118")
    submit(page)


def draft(page, price):
    """Propose a price."""
    open_task(page, "draft_price")
    choose(page, "diagnosis_basis", "onsite")
    page.locator('[name="price"]').fill(price)
    page.locator('[name="price_basis"]').fill("收费标准第 3 档")
    submit(page)


def cost(page):
    """Calculate the cost."""
    open_task(page, "finance_costing")
    choose(page, "costing_result", "costed")
    page.locator('[name="labor_cost"]').fill("180")
    page.locator('[name="travel_cost"]').fill("0")
    submit(page)


def decide(page, node_id):
    """Approve the price."""
    open_task(page, node_id)
    choose(page, "decision", "approve")
    submit(page)


def agree(page, price):
    """Agree on a price with the customer."""
    open_task(page, "negotiate")
    choose(page, "negotiation_result", "agreed")
    page.locator('[name="final_price"]').fill(price)
    submit(page)


def record_contract(page):
    """Record the contract."""
    page.wait_for_selector('[name="service_contract_no"]')
    page.locator('[name="service_contract_no"]').fill("WB-2026-0031")
    page.locator('[name="signed_on"]').fill("2026-03-02")
    page.locator('[name="our_handler"]').fill("林一凡")
    page.locator('[name="customer_handler"]').fill("石磊")
    page.locator('[name="contract_content"]').fill("更换密封圈并调试")
    submit(page)


@pytest.mark.parametrize(("language", "viewport"), [("zh", DESKTOP), ("en", PHONE)], ids=["zh desktop", "en phone"])
def test_a_price_goes_through_all_hands_and_a_lower_one_through_the_manager(
    at_desk, address, staffed, act, language, viewport
):
    def come(account):
        return at_desk(account, language, viewport=viewport)

    lin = come("lin")
    ask_for_a_price(lin, address)
    price_materials(come("wu"))
    lin.goto(address)
    draft(lin, "1200")
    expect(lin.locator(".flash-ok")).to_contain_text("PA-2026-000001")
    cost(come("zhou"))
    decide(come("qian"), "vp_decision")
    agree(lin, "900")
    decide(come("zheng"), "manager_decision")
    agree(lin, "900")
    record_contract(lin)
    with staffed.db.reading() as session:
        view = case(session, act("lin"), "PA-2026-000001")
    assert view.head.status == "completed"
    assert view.variables["final_price"] == 900


def test_a_refusal_leads_to_the_field_with_what_was_typed(at_desk, address):
    lin = at_desk("lin")
    lin.goto(f"{address}/start/price_approval")
    lin.locator('[name="customer"]').fill("南川机车厂")
    submit(lin)
    summary = lin.locator(".cf-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(lin.locator('[name="product"]')).to_be_focused()
    expect(lin.locator('[name="customer"]')).to_have_value("南川机车厂")


def test_two_browsers_complete_one_task_at_once(at_desk, address, staffed):
    lin, bai = at_desk("lin"), at_desk("bai")
    ask_for_a_price(lin, address)
    price_materials(at_desk("wu"))
    staffed.instance_id = 1
    for page in (lin, bai):
        page.goto(f"{address}/tasks/{staffed.task('draft_price')}")
        choose(page, "diagnosis_basis", "onsite")
        page.locator('[name="price"]').fill("800")
        page.locator('[name="price_basis"]').fill(f"{page.locator('.person-name').inner_text()}的依据")
    submit(lin)
    expect(lin.locator(".flash")).to_contain_text("已办理")
    submit(bai)
    expect(bai.get_by_role("heading", level=1)).to_have_text("这一步已经不用办了")
    expect(bai.locator("#typed")).to_have_value(
        r"诊断依据：onsite" + "\n拟定服务价格：800\n定价标准与依据：白小鹿的依据\n申请种类：charge"
    )


def test_the_inbox_is_worked_from_the_keyboard(at_desk, address):
    lin = at_desk("lin")
    ask_for_a_price(lin, address)
    ask_for_a_price(lin, address)
    wu = at_desk("wu")
    wu.keyboard.press("2")
    wu.wait_for_url("**/?view=groups")
    wu.keyboard.press("j")
    wu.keyboard.press("j")
    expect(wu.locator(".task-name").nth(1)).to_be_focused()
    wu.keyboard.press("k")
    expect(wu.locator(".task-name").first).to_be_focused()
    wu.keyboard.press("c")
    expect(wu.locator(".flash")).to_contain_text("已领取")
    wu.keyboard.press("?")
    expect(wu.locator("#keys")).to_be_visible()
    wu.keyboard.press("?")
    expect(wu.locator("#keys")).to_be_hidden()
    wu.keyboard.press("/")
    expect(wu.locator("#q")).to_be_focused()
    wu.keyboard.press("Escape")
    wu.keyboard.press("1")
    wu.wait_for_url("**/?view=mine")
    wu.keyboard.press("j")
    wu.keyboard.press("Enter")
    expect(wu.get_by_role("heading", level=1)).to_have_text("提供材料价格")


def test_an_open_inbox_shows_new_work_without_reloading(at_desk, address):
    wu = at_desk("wu")
    wu.goto(f"{address}/?view=groups")
    expect(wu.locator(".empty")).to_be_visible()
    wu.evaluate("window.sameDocument = true")
    ask_for_a_price(at_desk("lin"), address)
    expect(wu.locator(".task")).to_have_count(1, timeout=15_000)
    assert wu.evaluate("window.sameDocument")
    expect(wu.locator('[data-tab="2"] .tab-count')).to_have_text("1")
    wu.get_by_role("button", name="领取").click()
    expect(wu).to_have_title("(1) 待办 · 循章")


def test_everything_works_without_script(at_desk, address):
    lin = at_desk("lin", java_script_enabled=False)
    ask_for_a_price(lin, address)
    wu = at_desk("wu", java_script_enabled=False)
    open_task(wu, "supply_material_prices")
    before = wu.locator('[name$="-quantity"]').count()
    wu.locator('button[value="add:materials"]').click()
    expect(wu.locator('[name$="-quantity"]')).to_have_count(before + 1)


def test_a_sent_form_leaves_no_draft_behind(at_desk, address):
    lin = at_desk("lin")
    ask_for_a_price(lin, address)
    assert lin.evaluate("Object.keys(localStorage)") == []
