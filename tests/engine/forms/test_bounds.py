"""What one page may compute and show: a budget for all its expressions, and values cut where nobody reads on."""

from __future__ import annotations

from decimal import Decimal
from time import thread_time

import pytest

from engine import forms
from engine.errors import Refused
from engine.feel.budget import REQUEST_SECONDS, Allowance
from engine.forms.formats import MOST_LISTED, MOST_WRITTEN, own_half, plain
from engine.forms.kinds.rows import MAX_ROWS

COSTLY = "=string(sum(for i in 1..5000 return i + 1))"


def texts(count, formula):
    return [{"type": "text", "text": formula} for _ in range(count)]


def test_expressions_that_are_cheap_alone_stop_when_the_page_has_taken_its_time(form_of):
    form = form_of(*texts(3, COSTLY))
    for language, sentence in (("zh", "一个页面的计算秒数最多 3"), ("en", "at most 3 seconds for one page")):
        environment = forms.FormEnvironment(allowance=Allowance(seconds=0))
        page = forms.render(form, {}, {}, language=language, environment=environment)
        assert page.count(sentence) == 3
    free = forms.render(form, {}, {}, language="zh")
    assert free.count("12507500") == 3


def test_a_submit_beyond_it_is_refused_by_the_field(form_of):
    form = form_of({"type": "expression", "key": "total", "label": "合计", "expression": COSTLY})
    environment = forms.FormEnvironment(allowance=Allowance(seconds=0))
    _, problems = forms.validate(form, {}, {}, environment)
    assert [problem.where for problem in problems] == ["total"]
    assert "合计" in problems[0].text("zh")
    assert forms.validate(form, {}, {}) == ({"total": "12507500"}, [])


@pytest.mark.long
def test_a_page_of_costly_lists_stays_small_and_ends(form_of):
    form = form_of(*texts(40, '=for i in 1..90000 return "' + "x" * 1000 + '"'))
    begun = thread_time()
    page = forms.render(form, {}, {}, language="zh", environment=forms.FormEnvironment(allowance=Allowance()))
    assert len(page) < 1_000_000
    assert thread_time() - begun < 5 * REQUEST_SECONDS


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh", "……（太长，只显示前 10000 个字）"), ("en", "… (too long: only the first 10000 characters are shown)")],
)
def test_a_list_is_cut_with_a_sentence(language, sentence):
    found = plain([{"a": ["好" * 5000] * 90_000}] * 3, language)
    assert found.endswith(sentence)
    assert len(found) < MOST_LISTED + 100


def test_what_a_form_lets_people_type_is_shown_whole():
    assert plain("字" * MOST_WRITTEN, "zh") == "字" * MOST_WRITTEN
    assert plain("字" * (MOST_WRITTEN + 1), "zh").endswith("……（太长，只显示前 100000 个字）")


def test_a_table_shows_its_first_rows_and_says_how_many_there_are(form_of):
    table = {"type": "table", "dataSource": "=rows", "columns": [{"key": "n", "label": "号"}]}
    rows = [{"n": Decimal(number)} for number in range(2000)]
    page = forms.render(form_of(table), {}, {"rows": rows}, language="zh")
    assert page.count("<tr>") == MAX_ROWS + 2
    assert "共 2000 行，只显示前 500 行。" in page


def test_so_does_a_list_that_is_only_read(form_of):
    parts = {"type": "dynamiclist", "path": "parts", "readonly": True,
             "components": [{"type": "textfield", "id": "n", "key": "n", "label": "名称"}]}  # fmt: skip
    rows = [{"n": f"件{number}"} for number in range(2000)]
    form = form_of(parts)
    page = forms.render(form, {}, {"parts": rows}, language="en")
    assert page.count("data-cf-row=") == MAX_ROWS
    assert "There are 2000 rows; the first 500 are shown." in page
    said = forms.display(form, {"parts": rows}, language="zh")
    assert len(said) == MAX_ROWS + 2
    assert said[-1] == ("parts", "共 2000 行，只显示前 500 行。")


@pytest.mark.parametrize("text", ["汉" * 90_000, "汉" * 90_000 + " · 1", "汉 · " + "a" * 90_000 + "\n", "· " * 50_000])
def test_a_long_text_is_taken_apart_in_one_go(text):
    begun = thread_time()
    assert own_half(text, "en") == text
    assert thread_time() - begun < 2


def test_a_form_of_endless_formulas_is_refused_before_they_are_compiled(form_of):
    long = "=" + "+".join(["1"] * 180)
    with pytest.raises(Refused, match="at most 100000 fit"):
        form_of(*({"type": "expression", "key": f"k{n}", "label": "a", "expression": long} for n in range(1500)))
    many = "=" + "+".join(["1"] * 90)
    assert form_of(*({"type": "expression", "key": f"k{n}", "label": "a", "expression": many} for n in range(500)))
