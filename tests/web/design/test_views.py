"""Designers change forms as drafts of their own, and see them as staff will."""

from __future__ import annotations

import json
from contextlib import suppress
from time import thread_time

import pytest
from playwright import sync_api
from playwright.sync_api import expect

from company.people import sessions
from engine.feel.builtins import BUILTINS
from engine.forms.kinds import COMPONENT_KINDS
from tests.product import ROOT
from web.shared.signed_in import COOKIE

PLACE = "/design/forms/price_approval/draft_price"
DEPLOYED = (ROOT / "forms" / "price_approval" / "draft_price.form").read_text("utf-8")


@pytest.fixture
def database_url(sqlite_url):
    """Pages are the same on both databases."""
    return sqlite_url


def changed(**component):
    """The deployed form with one more field."""
    schema = json.loads(DEPLOYED)
    schema["components"].append({"type": "textfield", "id": "more", "key": "more", "label": "补充说明", **component})
    return json.dumps(schema, ensure_ascii=False)


@pytest.mark.usefixtures("staffed")
def test_every_form_in_force_is_listed_with_its_step(visit):
    page = visit("mo").get("/design/forms").text
    assert f'href="{PLACE}"' in page
    assert "拟定服务价格" in page
    assert "forms/price_approval/draft_price.form" in page


@pytest.mark.parametrize("account", ["lin", "zhou"])
@pytest.mark.usefixtures("staffed")
def test_only_designers_come_in(visit, account):
    who = visit(account)
    assert who.get("/design/forms").status_code == 403
    assert who.get(PLACE).status_code == 403
    for way in ("", "/preview", "/discard"):
        assert who.post(PLACE + way, {"schema": "{}"}).status_code == 403


@pytest.mark.usefixtures("staffed")
def test_a_draft_is_kept_for_its_person_and_changes_nothing_deployed(visit):
    mo = visit("mo")
    assert mo.post(PLACE, {"schema": changed()}).status_code == 303
    assert "补充说明" in mo.get(PLACE).text
    assert "草稿" in mo.get("/design/forms").text
    assert "补充说明" not in visit("lin").get("/documents/blank/price_approval/draft_price").text
    mo.post(f"{PLACE}/discard")
    assert "补充说明" not in mo.get(PLACE).text


@pytest.mark.usefixtures("staffed")
def test_the_preview_shows_what_staff_will_see_and_what_is_wrong(visit):
    mo = visit("mo")
    fine = mo.post(f"{PLACE}/preview", {"schema": changed()})
    assert 'name="more"' in fine.text
    assert fine.headers["X-Frame-Options"] == "SAMEORIGIN"
    wrong = mo.post(f"{PLACE}/preview", {"schema": changed(type="iframe")})
    assert "不支持组件“iframe”" in wrong.text
    assert "<code>more</code>" in wrong.text


@pytest.mark.parametrize("schema", ["", "{", "[]", "null", '{"type":"default"}', "\ud800", '"' * 1000])
@pytest.mark.usefixtures("staffed")
def test_a_draft_that_is_no_form_is_kept_and_its_problems_said(visit, schema):
    mo = visit("mo")
    sent = {"schema": schema.encode("utf-8", "replace").decode()}
    assert "表单有" in mo.post(f"{PLACE}/preview", sent).text
    assert mo.post(PLACE, sent).status_code == 303
    assert "表单有" in mo.get(PLACE).text


@pytest.mark.parametrize("place", ["price_approval/nothing", "nothing/draft_price"])
@pytest.mark.usefixtures("staffed")
def test_there_is_no_form_elsewhere(visit, place):
    assert visit("mo").get(f"/design/forms/{place}").status_code == 404


@pytest.fixture
def open_editor(new_page, address, staffed, clock):
    """Opens a form in the editor as the designer, who reads in this language."""

    def opened(language="zh"):
        page = new_page()
        token = sessions.open_session(staffed.db, clock.now, "mo")
        for name, value in ((COOKIE, token), ("cf_language", language)):
            page.context.add_cookies([{"name": name, "value": value, "url": address}])
        page.goto(address + PLACE)
        return page

    return opened


HINTS = {  # the group of conditions, what a mistake is called, what is said of a function
    "zh": ("条件", "“表达式”里有看不懂的内容", "列表有几项。"),
    "en": ("Condition", "Unrecognized token in <Expression>", "How many items the list has."),
}


def test_the_editor_offers_every_function_of_the_language_and_no_other():
    offered = json.loads((ROOT / "web/design/assets/form_editor/functions.json").read_text("utf-8"))
    assert {one["name"]: one["params"] for one in offered} == {
        name: [parameter.name for parameter in builtin.signatures[0].parameters] for name, builtin in BUILTINS.items()
    }
    assert all(one["zh"] and one["en"] for one in offered)


WORDS = {  # palette group, form-js component, component of ours, tooltip; properties: nothing chosen, group, entry
    "zh": ("输入", "多行文本", "金额", "添加多行文本", "表单", "校验", "最少字数"),
    "en": ("Input", "Text area", "Money", "Create a Text area element", "Form", "Validation", "Minimum length"),
}


@pytest.mark.parametrize("language", WORDS)
def test_the_editor_speaks_the_language_of_the_page(open_editor, language):
    group, component, ours, tooltip, form, section, entry = WORDS[language]
    page = open_editor(language)
    palette, properties = page.locator(".fjs-palette"), page.locator(".fjs-properties-panel")
    expect(palette.locator(".fjs-palette-group-title").first).to_have_text(group)
    expect(palette.locator('[data-field-type="textarea"]')).to_have_text(component)
    expect(palette.locator('[data-field-type="textarea"]')).to_have_attribute("title", tooltip)
    expect(palette.locator('[data-field-type="cf-money"]')).to_have_text(ours)
    expect(properties.locator(".bio-properties-panel-header-type")).to_have_text(form)
    palette.locator('[data-field-type="textarea"]').press("Enter")
    page.locator('.fjs-form-editor .fjs-element[data-field-type="textarea"]').last.click()
    expect(properties.locator(".bio-properties-panel-header-type")).to_have_text(component)
    properties.get_by_text(section, exact=True).click()
    expect(properties.get_by_label(entry)).to_be_visible()
    expect(page.locator(".design-editor").get_by_title("Powered by bpmn.io").first).to_be_visible()
    conditions, mistake, hint = HINTS[language]
    properties.get_by_text(conditions, exact=True).click()
    written = properties.locator(".cm-content:visible").first
    written.click()
    page.keyboard.type("coun")
    expect(page.locator(".cm-completionLabel")).to_have_text(
        ["coun", "count", "count(list)", "context put(context, key, value)"]
    )
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".cm-completionInfo")).to_have_text(hint)
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("1 §")
    hover_until(written.locator(".cm-lintRange-error"), page.locator(".cm-tooltip-lint", has_text=mistake))


def hover_until(place, shown):
    """Point at a place until something is shown about it: what is read anew meanwhile closes it again."""
    for step in range(20):
        place.hover(position={"x": 2 + step % 2, "y": 5})
        with suppress(sync_api.TimeoutError):
            return shown.wait_for(timeout=1000)
    raise AssertionError("nothing is shown")


def test_the_editor_knows_our_components_and_draws_each_change(open_editor):
    page = open_editor()
    palette = page.locator(".fjs-palette")
    for type_ in (kind for kind in COMPONENT_KINDS if kind.startswith("cf-")):
        expect(palette.locator(f'[data-field-type="{type_}"]')).to_have_count(1)
    expect(palette.locator('[data-field-type="iframe"]')).to_have_count(0)
    preview = page.frame_locator("iframe[name=preview]")
    expect(preview.locator('[name="price"]')).to_be_visible()
    palette.locator('[data-field-type="cf-photo"]').press("Enter")
    expect(preview.locator('input[type="file"]')).to_have_count(1)
    page.get_by_role("button", name="手机屏幕").click()
    assert page.locator("iframe[name=preview]").bounding_box()["width"] <= 362
    page.locator('button[form="draft"]').click()
    expect(page.locator(".flash-ok")).to_be_visible()
    assert "cf-photo" in page.locator("#schema").input_value()


@pytest.mark.usefixtures("staffed")
def test_the_editor_needs_no_style_that_other_pages_may_not_have(open_editor, visit):
    """Its FEEL fields look right under our own policy; a refused style would be logged as an error and fail."""
    policy = visit("mo").get(PLACE).headers["Content-Security-Policy"]
    assert "style-src 'self';" in policy
    page = open_editor()
    page.locator('.fjs-form-editor .fjs-element[data-field-type="cf-money"]').first.click()
    page.locator(".fjs-properties-panel").get_by_text("条件", exact=True).click()
    written = page.locator(".fjs-properties-panel .cm-editor .cm-scroller").first
    expect(written).to_have_css("display", "flex")


@pytest.mark.long
@pytest.mark.usefixtures("staffed")
def test_a_preview_of_many_costly_texts_ends_small_and_says_why(visit):
    schema = json.loads(DEPLOYED)
    costly = '=for i in 1..90000 return "' + "x" * 1000 + '"'
    schema["components"] += [{"type": "text", "id": f"t{n}", "text": costly} for n in range(40)]
    begun = thread_time()
    answer = visit("mo").post(f"{PLACE}/preview", {"schema": json.dumps(schema)})
    assert answer.status_code == 200
    assert len(answer.text) < 1_000_000
    assert "……（太长，只显示前 10000 个字）" in answer.text
    assert thread_time() - begun < 30
