"""The main navigation shows each person the ways that are open to them."""

from __future__ import annotations

import re

import pytest


def ways_on(page) -> list[str]:
    """The names in the main navigation."""
    nav = re.search(r'<nav class="ways".*?</nav>', page.text, re.DOTALL)
    return re.findall(r">\s*([^<>]+?)\s*</a>", nav[0]) if nav else []


@pytest.mark.parametrize(
    ("account", "records", "more"),
    [
        ("lin", ["档案"], []),
        ("zhou", [], []),
        ("qian", ["档案"], []),
        ("mo", [], ["表单设计"]),
        ("ji", ["档案"], ["稽核"]),
        ("admin", ["档案"], ["管理"]),
    ],
)
def test_it_shows_what_the_persons_roles_open(visit, account, records, more):
    assert ways_on(visit(account).get("/")) == ["待办", "发起", "事项", *records, "通知", "条款", *more]


def test_a_stranger_sees_none(visit):
    assert ways_on(visit(None).get("/login")) == []


def test_it_marks_where_one_is(visit):
    current = re.compile(r'aria-current="page">([^<]+)</a>')
    lin = visit("lin")
    assert current.search(lin.get("/start").text)[1] == "发起"
    assert current.search(lin.get("/start/price_approval").text)[1] == "发起"


def test_every_way_leads_to_a_page(visit):
    admin = visit("admin")
    page = admin.get("/").text
    nav = re.search(r'<nav class="ways".*?</nav>', page, re.DOTALL)
    for address in re.findall(r'href="([^"]+)"', nav[0]):
        assert admin.get(address, follow_redirects=True).status_code == 200, address
