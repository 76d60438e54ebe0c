"""The hardest form on a phone: 30 rows, photos, a drawn signature, a condition; offline, without script, logged out."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from company.people import sessions
from company.people.roles import matrix, set_matrix
from demo import people as demo
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.commands import deploy_definition
from engine.lint import LintContext
from engine.queries import case, instance_numbers
from tests.browser import PHONE, sign
from tests.product import START
from web.shared.forms.uploads import MAX_BODY
from web.shared.signed_in import COOKIE

BESIDE = Path(__file__).parent / "expedition"
ROWS = [{"name": f"密封圈 {n}", "count": n} for n in range(1, 31)]
WORDS = {"site": "北川二号站", "paid": "yes", "payer": "晴川水务", "remark": "雨天，泵房进水"}


@pytest.fixture
def visiting(staffed, register, act):
    """The process, deployed; the after-sales department may start it."""
    files = {
        "processes/visit.bpmn": (BESIDE / "visit.bpmn").read_bytes(),
        "forms/visit/begin.form": (BESIDE / "begin.form").read_bytes(),
        "forms/visit/review.form": (BESIDE / "review.form").read_bytes(),
    }
    deploy_definition(staffed.db, SYSTEM, START, "visit", Definition("visit", files).files, LintContext(register))
    with staffed.db.reading() as session:
        held = matrix(session)["after_sales"]
    wider = {"after_sales": held | {"start:visit", "see:visit"}}
    set_matrix(staffed.db, act("admin"), START, {"after_sales": held}, wider)
    return staffed


@pytest.fixture
def on_phone(address, new_page, visiting, clock):
    """Lin at the form on a phone, `on_phone(java_script_enabled=False)` without script."""

    def open_form(**options):
        page = new_page(viewport=PHONE, **options)
        token = sessions.open_session(visiting.db, clock.now, "lin")
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
        page.goto(f"{address}/start/visit")
        return page

    return open_form


@pytest.fixture
def recorded(visiting, act):
    """The variables of the one visit that was started."""

    def read():
        with visiting.db.reading() as session:
            (number,) = instance_numbers(session)
            return case(session, act("admin"), number).variables

    return read


def picture(number):
    """A photo of some 450 KB: three are more than a form may be without files."""
    written = io.BytesIO()
    Image.effect_noise((700, 650), 90 + number).save(written, "PNG")
    return {"name": f"现场{number}.png", "mimeType": "image/png", "buffer": written.getvalue()}


PHOTOS = [picture(number) for number in range(3)]
assert sum(len(photo["buffer"]) for photo in PHOTOS) > MAX_BODY


def fill_words(page):
    page.locator("#site").fill(WORDS["site"])
    page.get_by_label("收费", exact=True).check()
    page.locator("#remark").fill(WORDS["remark"])


def fill_rows(page, rows):
    for index, row in enumerate(ROWS[rows], rows.start):
        if page.locator(f'[name="parts-{index}-name"]').count() == 0:
            page.locator('button[value="add:parts"]').click()
        page.locator(f'[name="parts-{index}-name"]').fill(row["name"])
        page.locator(f'[name="parts-{index}-count"]').fill(str(row["count"]))


def draw_signature(page):
    sign(page.locator(".cf-canvas"))
    expect(page.locator("#signature")).to_have_value(re.compile("signature.png"))


def submit(page):
    page.locator(".sheet-submit button").click()


def assert_complete(found):
    assert {key: found[key] for key in WORDS} == WORDS
    assert found["parts"] == ROWS
    assert [photo["name"] for photo in found["photos"]] == [photo["name"] for photo in PHOTOS]
    assert [file["type"] for file in found["signature"]] == ["image/png"]


def test_a_lost_connection_in_the_middle_loses_nothing(on_phone, recorded):
    page = on_phone()
    fill_words(page)
    page.locator("#payer").fill(WORDS["payer"])
    fill_rows(page, slice(0, 15))
    page.context.set_offline(True)
    fill_rows(page, slice(15, 30))
    page.locator("#photos").set_input_files(PHOTOS)
    draw_signature(page)
    submit(page)
    expect(page.get_by_text("网络已断开")).to_be_visible()
    page.context.set_offline(False)
    submit(page)
    page.wait_for_url("**/tasks/*")
    assert_complete(recorded())


def test_without_script_rows_are_added_by_submits(on_phone, recorded):
    page = on_phone(java_script_enabled=False)
    fill_words(page)
    page.locator("#photos").set_input_files(PHOTOS)
    page.locator("#signature").set_input_files([picture(3)])
    fill_rows(page, slice(0, 30))
    page.locator("#payer").fill(WORDS["payer"])
    submit(page)
    page.wait_for_url("**/tasks/*")
    assert_complete(recorded())


def test_a_session_that_ends_in_the_middle_costs_nothing_typed(on_phone, recorded, clock):
    page = on_phone()
    fill_words(page)
    page.locator("#payer").fill(WORDS["payer"])
    fill_rows(page, slice(0, 30))
    page.locator("#photos").set_input_files(PHOTOS)
    draw_signature(page)
    clock.now += sessions.IDLE
    submit(page)
    page.locator("[name=account]").fill("lin")
    page.locator("[name=password]").fill(demo.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    for photo in PHOTOS:
        expect(page.get_by_text(photo["name"], exact=True)).to_be_visible()
    expect(page.get_by_text("signature.png", exact=True)).to_be_visible()
    page.get_by_role("button", name="回到表单添加文件").click()
    expect(page.locator("#payer")).to_have_value(WORDS["payer"])
    expect(page.locator('[name="parts-29-name"]')).to_have_value(ROWS[29]["name"])
    page.locator("#photos").set_input_files(PHOTOS)
    draw_signature(page)
    submit(page)
    page.wait_for_url("**/tasks/*")
    assert_complete(recorded())
