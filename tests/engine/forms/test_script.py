"""Forms in a real browser, with and without the enhancement script, under a strict content security policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from engine import forms
from tests.browser import sign

ROOT = Path(__file__).parents[3]
ADDRESS = "http://forms.test"
POLICY = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; script-src 'self'"
STORED = {"sha256": "aa", "name": "signature.png", "type": "image/png", "size": Decimal(1)}
CONTEXT = {"price": Decimal("1234.5"), "history": [{"at": "3月1日", "price": Decimal(1300)}]}


class Site:
    """The smallest server of one form: draws it, judges it, answers the script; remembers what was accepted."""

    def __init__(self, form: forms.Form) -> None:
        self.form, self.accepted, self.language = form, [], "zh"

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(ADDRESS)
        if path.endswith((".js", ".css")):
            route.fulfill(path=ROOT / "web" / path[1:])
        elif path == "/evaluate":
            route.fulfill(json=forms.evaluate(self.form, self._raw(route), CONTEXT, language=self.language))
        elif route.request.method == "POST":
            self._judge(route)
        else:
            self._page(route, {}, [])

    def _raw(self, route: Route) -> dict[str, Any]:
        self.post = _posted(route)
        return forms.parse_post(self.form, self.post)

    def _judge(self, route: Route) -> None:
        raw = self._raw(route)
        if forms.ROW_BUTTON in self.post:
            return self._page(route, forms.apply_row_button(self.form, raw, self.post[forms.ROW_BUTTON][0]), [])
        clean, problems = forms.validate(self.form, raw, CONTEXT, forms.FormEnvironment(files={"aa": STORED}.get))
        if problems:
            return self._page(route, raw, problems)
        self.accepted.append(clean)
        return self._send(route, '<h1>已提交</h1><p data-draft-done="d1"></p>')

    def _page(self, route: Route, raw: dict[str, Any], problems: list[Any]) -> None:
        environment = forms.FormEnvironment(files={"aa": STORED}.get)
        drawn = forms.render(self.form, raw, CONTEXT, problems, language=self.language, environment=environment)
        how = 'method="post" enctype="multipart/form-data" novalidate data-evaluate-url="/evaluate" data-draft-key="d1"'
        self._send(
            route, f'<h1>审批</h1><form {how}>{drawn}<button id="send" class="cf-row-button">提交</button></form>'
        )

    def _send(self, route: Route, body: str) -> None:
        head = '<meta charset="utf-8"><title>表单</title><meta name="viewport" content="width=device-width">'
        styles = ("shared/assets/parts/tokens", "shared/assets/parts/base", "static/build/forms")
        links = "".join(f'<link rel="stylesheet" href="/{name}.css">' for name in styles)
        script = '<script type="module" src="/shared/assets/forms.js"></script>'
        page = f'<!doctype html><html lang="zh">{head}{links}{script}<body><main>{body}</main></body></html>'
        route.fulfill(body=page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": POLICY})


def _posted(route: Route) -> dict[str, list[str]]:
    """The post as Flask would give it; an uploaded file counts as stored under `aa`."""
    request = route.request
    builder = EnvironBuilder(method="POST", data=request.post_data_buffer, content_type=request.headers["content-type"])
    with Request(builder.get_environ()) as read:
        post = read.form.to_dict(flat=False)
        for name, files in read.files.lists():
            post.setdefault(name, []).extend("aa" for file in files if file.filename)
    return post


@pytest.fixture
def site() -> Site:
    file = Path(__file__).with_name("every_component.form")
    return Site(forms.read(file.read_bytes(), file.name))


@pytest.fixture
def opened(site: Site, new_page: Callable[..., Page]) -> Callable[..., Page]:
    def go(**options: Any) -> Page:
        page = new_page(**options)
        page.context.route(f"{ADDRESS}/**", site.answer)
        page.goto(f"{ADDRESS}/form")
        return page

    return go


def test_conditions_marks_totals_and_texts_follow_what_is_typed(opened):
    page = opened()
    expect(page.get_by_label("驳回理由")).to_be_hidden()
    page.get_by_label("驳回").first.check()
    expect(page.get_by_label("驳回理由")).to_be_visible()
    page.get_by_label("加急").check()
    expect(page.locator("[data-cf=phone] .cf-mark")).to_have_text("必填")
    page.get_by_label("数量").fill("2")
    page.get_by_label("单价").fill("1.5")
    page.get_by_label("名称").fill("泵")
    expect(page.locator("[data-cf=total] output")).to_have_text("¥3.00")
    expect(page.get_by_text("共 1 种零件")).to_be_visible()
    page.get_by_label("加急").uncheck()
    expect(page.locator("[data-cf=phone] .cf-mark")).to_have_count(0)


def test_rows_are_added_moved_and_removed_with_what_they_hold(opened, site):
    page = opened()
    for name, kind in (("泵", "新件"), ("阀", "旧件"), ("管", "新件")):
        row = page.locator("[data-cf-row]").last
        row.get_by_label("名称").fill(name)
        row.get_by_label(kind).check()
        page.get_by_role("button", name="添加一行").click()
    expect(page.locator("[data-cf-row]")).to_have_count(4)
    expect(page.get_by_role("button", name="添加一行")).to_be_disabled()
    page.locator("[data-cf-row]").nth(1).get_by_role("button", name="上移").click()
    page.locator("[data-cf-row]").nth(2).get_by_role("button", name="删除").click()
    expect(page.locator("[data-cf-row] > legend")).to_have_text(["第 1 行", "第 2 行", "第 3 行"])
    page.get_by_label("批准").check()
    page.locator("#send").click()
    expect(page.get_by_text("已提交")).to_be_visible()
    assert [(row["name"], row["kind"]) for row in site.accepted[0]["parts"]] == [("阀", "used"), ("泵", "new")]


def test_a_refusal_keeps_what_was_typed_and_leads_to_the_field(opened):
    page = opened()
    page.get_by_label("批准").check()
    page.get_by_label("名称").fill("泵")
    page.get_by_label("数量").fill("1,5")
    page.locator("#send").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.get_by_label("数量")).to_be_focused()
    expect(page.get_by_label("数量")).to_have_value("1,5")


def test_a_draft_is_offered_again_and_gone_once_it_was_sent(opened, site):
    page = opened()
    page.get_by_label("批准").check()
    page.get_by_label("名称").fill("泵")
    page.get_by_role("button", name="添加一行").click()
    page.locator("[data-cf-row]").last.get_by_label("名称").fill("阀")
    page.reload()
    expect(page.get_by_label("名称")).to_have_value("")
    page.get_by_role("button", name="恢复草稿").click()
    expect(page.locator("[data-cf-row]").last.get_by_label("名称")).to_have_value("阀")
    expect(page.get_by_label("批准")).to_be_checked()
    page.locator("#send").click()
    expect(page.get_by_text("已提交")).to_be_visible()
    page.wait_for_load_state()  # the script that takes the draft away has run
    assert [row["name"] for row in site.accepted[0]["parts"]] == ["泵", "阀"]
    page.goto(f"{ADDRESS}/form")
    expect(page.get_by_role("button", name="恢复草稿")).to_have_count(0)


def test_without_a_connection_nothing_is_sent_and_nothing_is_lost(opened, site):
    page = opened()
    page.get_by_label("批准").check()
    page.context.set_offline(True)
    page.locator("#send").click()
    expect(page.get_by_text("网络已断开")).to_be_visible()
    page.context.set_offline(False)
    page.locator("#send").click()
    expect(page.get_by_text("已提交")).to_be_visible()
    assert len(site.accepted) == 1


def test_a_second_submit_is_not_sent(opened, site):
    page = opened()
    page.get_by_label("批准").check()
    page.evaluate("() => { const form = document.querySelector('form'); form.requestSubmit(); form.requestSubmit(); }")
    expect(page.get_by_text("已提交")).to_be_visible()
    assert len(site.accepted) == 1


def test_a_signature_is_drawn_into_the_file_field(opened, site):
    page = opened()
    page.get_by_label("批准").check()
    sign(page.get_by_role("img", name="在此签名"))
    expect(page.locator("input[type=file]")).to_have_value(re.compile("signature.png"))
    page.locator("#send").click()
    expect(page.get_by_text("已提交")).to_be_visible()
    assert site.accepted[0]["signature"] == [STORED]


def test_without_a_script_everything_takes_one_more_submit(opened, site):
    page = opened(java_script_enabled=False)
    page.get_by_label("名称").fill("泵")
    page.get_by_role("button", name="添加一行").click()
    page.get_by_label("名称").last.fill("阀")
    page.get_by_label("驳回").first.check()
    page.locator("#send").click()
    assert page.get_by_label("名称").first.input_value() == "泵"
    page.get_by_role("alert").get_by_role("link").click()
    page.get_by_label("驳回理由").fill("太贵")
    page.locator("#send").click()
    assert page.get_by_text("已提交").is_visible()
    assert site.accepted[0]["reason"] == "太贵"
    assert [row["name"] for row in site.accepted[0]["parts"]] == ["泵", "阀"]


def test_enter_in_a_text_field_submits_and_changes_no_rows(opened, site):
    page = opened(java_script_enabled=False)
    page.get_by_label("批准").check()
    page.get_by_label("名称").fill("泵")
    page.get_by_label("名称").press("Enter")
    assert page.get_by_text("已提交").is_visible()
    assert len(site.accepted) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_to_complain_about(opened, scheme, width):
    page = opened(color_scheme=scheme, viewport={"width": width, "height": 900})
    page.get_by_label("名称").fill("泵")
    page.get_by_label("数量").fill("x")
    page.locator("#send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate(
        "axe.run().then(result => result.violations.map(one => [one.id, one.nodes.map(node => node.html)]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
