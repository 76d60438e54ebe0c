"""Saved filters on the inbox."""

from __future__ import annotations

import re

import pytest

CHIP = re.compile(r'<li class="filter">\s*<a href="([^"]+)"( aria-current="true")?\s*>([^<]+)</a>')
SAVE = "/inbox/filters/save?view=groups&q=南川&process=price_approval"


def chips(page):
    return [(address.replace("&amp;", "&"), name) for address, _, name in CHIP.findall(page.text)]


def test_one_that_was_saved_is_a_chip_that_asks_the_same(visit, staffed, act):
    staffed.start(act("lin"))
    wu = visit("wu")
    answer = wu.post(SAVE, {"name": " 南川的 "})
    assert answer.status_code == 303
    [(address, name)] = chips(wu.get("/"))
    assert name == "南川的"
    page = wu.get(address)
    assert 'data-task="' in page.text
    assert 'aria-current="true"' in page.text
    assert 'value="南川"' in page.text


def test_others_do_not_see_it(visit):
    visit("wu").post(SAVE, {"name": "南川的"})
    assert chips(visit("lin").get("/")) == []


def test_it_goes_when_removed(visit):
    wu = visit("wu")
    wu.post(SAVE, {"name": "南川的"})
    wu.post("/inbox/filters/remove?view=groups", {"name": "南川的"})
    assert chips(wu.get("/")) == []


def test_only_a_narrowed_list_can_be_saved(visit):
    for address, offered in (("/", False), ("/?view=done", False), ("/?q=x", True), ("/?process=price_approval", True)):
        assert ("/inbox/filters/save" in visit("wu").get(address).text) == offered, address


@pytest.mark.parametrize(
    ("language", "sentence"), [("zh", "请给筛选起一个 1 到 40 个字的名字"), ("en", "a name of 1 to 40")]
)
def test_a_nameless_one_is_refused_in_a_sentence(visit, language, sentence):
    wu = visit("wu").speaks(language)
    answer = wu.post(SAVE, {"name": "  "}, follow_redirects=True)
    assert sentence in answer.text
    assert chips(answer) == []


def test_names_are_words_only(visit):
    wu = visit("wu")
    wu.post(SAVE, {"name": "<b>急</b>"})
    assert "&lt;b&gt;急&lt;/b&gt;" in wu.get("/").text
    assert "<b>急</b>" not in wu.get("/").text


@pytest.mark.parametrize("place", ["save", "remove"])
def test_a_stranger_logs_in_first(visit, place):
    assert visit(None).post(f"/inbox/filters/{place}", {"name": "x"}).status_code == 401
