"""A whole price approval in real browsers, as the people of the departments do it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cli.content import bundle
from demo.people import PASSWORD
from engine.queries import case

DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 740}
STEPS = bundle("price_approval").diagram.nodes


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


class Mouse:
    """Works a page with the pointer."""

    def press(self, locator):
        """A button or a link."""
        locator.click()

    def write(self, locator, text):
        """Text into a field."""
        locator.fill(text)

    def pick_date(self, locator, year, month, day):
        """A day into a date field."""
        locator.fill(f"{year}-{month:02}-{day:02}")

    def tick(self, locator):
        """One choice of several."""
        locator.check()

    def claim_and_open(self, page, name):
        """The first task of that name in the group's list."""
        page.locator('[data-tab="2"]').click()
        page.locator(".task").filter(has_text=name).first.locator('[data-key="c"]').click()
        page.locator('[data-tab="1"]').click()
        page.get_by_role("link", name=name).first.click()


class Keys:
    """Works a page from the keyboard alone."""

    def reach(self, locator, focused="e => e === document.activeElement"):
        """Tab to an element."""
        for _ in range(150):
            if locator.evaluate(focused):
                return
            locator.page.keyboard.press("Tab")
        raise AssertionError(f"{locator} is not reached by Tab")

    def press(self, locator):
        self.reach(locator)
        locator.page.keyboard.press("Enter")

    def write(self, locator, text):
        self.reach(locator)
        locator.page.keyboard.press("ControlOrMeta+a")
        locator.page.keyboard.type(text)

    def pick_date(self, locator, year, month, day):
        self.reach(locator)
        locator.page.keyboard.type(f"{month:02}{day:02}{year}")

    def tick(self, locator):
        self.reach(locator, "e => e.name === document.activeElement.name")
        for _ in range(10):
            if locator.evaluate("e => e === document.activeElement"):
                return locator.page.keyboard.press(" ")
            locator.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{locator} is not reached by the arrows")

    def claim_and_open(self, page, name):
        self._list(page, "2", "groups", name)
        page.keyboard.press("c")
        expect(page.locator(".flash-ok")).to_be_visible()
        self._list(page, "1", "mine", name)
        page.keyboard.press("Enter")

    def _list(self, page, key, view, name):
        page.keyboard.press(key)
        page.wait_for_url(f"**/?view={view}*")
        line = page.locator(".task-name").filter(has_text=name).first
        for _ in range(20):
            page.keyboard.press("j")
            if line.evaluate("e => e === document.activeElement"):
                return
        raise AssertionError(f"{name} is not reached by j")


MOUSE, KEYS = Mouse(), Keys()


def open_task(page, node_id, by=MOUSE):
    """Claim the first task of that step from the group's list, and open it."""
    node = STEPS[node_id]
    name = node.name if page.locator("html").get_attribute("lang") == "zh-Hans" else node.name_en
    by.claim_and_open(page, name)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def submit(page, by=MOUSE):
    """Send the form, and wait until it was taken: the next person looks for what follows."""
    with page.expect_navigation():
        by.press(page.locator(".sheet-submit button"))


def choose(page, key, value, by=MOUSE):
    """Tick one choice of a field."""
    by.tick(page.locator(f'[name="{key}"][value="{value}"]'))


def write(page, key, text, by=MOUSE):
    """Fill a field."""
    by.write(page.locator(f'[name="{key}"]'), text)


def ask_for_a_price(page, address, by=MOUSE):
    """Start a price approval for something out of warranty."""
    page.goto(f"{address}/start")
    by.press(page.locator(".process a").first)
    for key, text in {
        "customer": "南川机车厂",
        "product": "轮对压装机 LY-315",
        "fault": "保压阶段压力下降",
        "diagnosis": "主缸密封圈老化",
    }.items():
        write(page, key, text, by)
    submit(page, by)
    page.wait_for_url("**/cases/*")


def price_materials(page, by=MOUSE):
    """Two rows, the second added by script; the total appears by itself."""
    open_task(page, "supply_material_prices", by)
    add = page.locator('button[value="add:materials"]')
    if not page.locator('[name="materials-0-name"]').count():
        by.press(add)
    by.press(add)
    for row, (name, quantity, price) in enumerate([("主缸密封圈", "2", "150"), ("液压油", "20.5", "20")]):
        write(page, f"materials-{row}-name", name, by)
        write(page, f"materials-{row}-quantity", quantity, by)
        write(page, f"materials-{row}-unit_price", price, by)
    expect(page.locator('[data-cf="materials_total"] .cf-value')).to_have_text("¥710.00")
    write(page, "material_source", "供应商报价 GY-118", by)
    submit(page, by)


def draft(page, price, by=MOUSE, waiver=None):
    """Propose a price, or for a reason to waive it."""
    open_task(page, "draft_price", by)
    choose(page, "diagnosis_basis", "onsite", by)
    write(page, "price", price, by)
    write(page, "price_basis", "收费标准第 3 档", by)
    if waiver:
        choose(page, "request_kind", "waiver", by)
        expect(page.locator('[name="waiver_grounds"]')).to_be_visible()
        write(page, "waiver_grounds", waiver, by)
    submit(page, by)


def cost(page, by=MOUSE):
    """Calculate the cost."""
    open_task(page, "finance_costing", by)
    choose(page, "costing_result", "costed", by)
    write(page, "labor_cost", "180", by)
    write(page, "travel_cost", "0", by)
    submit(page, by)


def decide(page, node_id, by=MOUSE):
    """Approve the price."""
    open_task(page, node_id, by)
    choose(page, "decision", "approve", by)
    submit(page, by)


def agree(page, price, by=MOUSE):
    """Agree on a price with the customer."""
    open_task(page, "negotiate", by)
    choose(page, "negotiation_result", "agreed", by)
    write(page, "final_price", price, by)
    submit(page, by)


def record_contract(page, by=MOUSE):
    """Record the contract."""
    page.wait_for_selector('[name="service_contract_no"]')
    write(page, "service_contract_no", "WB-2026-0031", by)
    by.pick_date(page.locator('[name="signed_on"]'), 2026, 3, 2)
    write(page, "our_handler", "林一凡", by)
    write(page, "customer_handler", "石磊", by)
    write(page, "contract_content", "更换密封圈并调试", by)
    submit(page, by)


@pytest.mark.parametrize(
    ("language", "viewport", "by"),
    [
        pytest.param("zh", DESKTOP, MOUSE, id="zh desktop"),
        pytest.param("en", PHONE, MOUSE, id="en phone", marks=pytest.mark.more),
        pytest.param("zh", PHONE, MOUSE, id="zh phone", marks=pytest.mark.more),
        pytest.param("en", DESKTOP, KEYS, id="en desktop by keyboard"),
    ],
)
def test_a_price_goes_through_six_hands_as_talks_lower_it(at_desk, address, staffed, act, language, viewport, by):
    def come(account):
        return at_desk(account, language, viewport=viewport)

    lin = come("lin")
    ask_for_a_price(lin, address, by)
    price_materials(come("wu"), by)
    lin.goto(address)
    draft(lin, "6000", by, waiver="老客户，今年已订两台新机")
    expect(lin.locator(".flash-ok")).to_contain_text("PA-2026-000001")
    cost(come("zhou"), by)
    decide(come("sun"), "gm_decision", by)
    agree(lin, "1200", by)
    decide(come("qian"), "vp_decision", by)
    agree(lin, "900", by)
    decide(come("zheng"), "manager_decision", by)
    agree(lin, "900", by)
    record_contract(lin, by)
    expect(lin.locator(".flash-ok")).to_contain_text("PA-2026-000001")
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
        "诊断依据：现场诊断\n拟定服务价格：¥800.00\n定价标准与依据：白小鹿的依据\n申请种类：按价收费"
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
