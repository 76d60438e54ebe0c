"""The task and the inbox say by when the whole case must have done what lies ahead, and for which clause."""

from __future__ import annotations

import re

import pytest

from engine.actor import SYSTEM
from engine.clauses import load_register
from engine.commands import deploy_definition, start_instance
from engine.lint import LintContext
from tests.bench import files_of
from tests.product import ROOT, START
from tests.web.shared.words.test_reminding import STARTER


@pytest.fixture
def promised(staffed):
    """A case of 林一凡's lane that is to be answered within 48 hours (sc-1), and has only been taken in."""
    context = LintContext(load_register(ROOT / "regulations"), processes=frozenset({"quote"}))
    for key in ("quote", "promise"):
        files, path = files_of(key), f"processes/{key}.bpmn"
        files[path] = files[path].replace(b'id="clerk"', b'id="after_sales"')
        deploy_definition(staffed.db, SYSTEM, START, key, files, context)
    start_instance(staffed.db, STARTER, START, "promise", {"subject": "A1"})


def task_page(visit, language="zh"):
    lin = visit("lin").speaks(language)
    [task] = re.findall(r'data-task="([^"]+)"', lin.get("/?view=groups").text)
    return lin.get(f"/tasks/{task}").text


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


@pytest.mark.usefixtures("promised")
def test_the_task_says_by_when_the_case_is_answered_and_for_which_clause(visit, clock):
    page = task_page(visit)
    line = re.search(r"本案须于.*?</time>", page, re.DOTALL)
    assert line
    assert words(line[0]) == "本案须于 3月4日 09:00 前办“答复客户”sc-1 还有 2 天"
    assert 'href="/clauses/sc/sc-1"' in line[0]

    clock.forward(hours=53)
    assert "逾期 5 小时" in task_page(visit)
    assert "The case: “Answer the customer” by " in task_page(visit, "en")


@pytest.mark.usefixtures("promised")
def test_the_inbox_says_it_shortly_beside_the_task(visit, clock):
    clock.forward(hours=20)
    page = visit("lin").get("/?view=groups").text
    [line] = re.findall(r'<span class="case-due" title="sc-1 [^"]+48 小时内答复。">(.*?)</span>', page, re.DOTALL)
    assert words(line) == "本案“答复客户” 还有 1 天"


@pytest.mark.usefixtures("promised")
def test_a_list_calls_overdue_only_what_it_counts_as_overdue(visit, clock):
    """The case's time is over, the task's own is not: the row says so of the case."""
    clock.forward(hours=53)
    lin = visit("lin")
    page = lin.get("/?view=groups").text
    row = words(re.search(r'<li class="task.*?</li>', page, re.DOTALL)[0])
    counted = int(re.search(r"已逾期<span[^>]*>(\d+)<", page)[1])
    assert "本案“答复客户”应于5 小时前办好" in row
    assert ("逾期" in row) == (counted > 0)
    english = words(lin.speaks("en").get("/?view=groups").text)
    assert "The case: “Answer the customer” was due 5 hours ago" in english
