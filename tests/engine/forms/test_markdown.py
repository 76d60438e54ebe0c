"""What becomes of Markdown, and of what only looks like it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from engine.forms.read.markdown import LONGEST, marked, marked_hint
from engine.forms.words import Words

LINK = 'target="_blank" rel="noopener noreferrer"'
ALLOWED = {"p", "br", "strong", "ul", "ol", "li", "a"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example)",
    "[x](/logout)",
    "[x](https:evil)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](https://a.example 'a\" onmouseover=\"alert(1)')",
    "[x]: javascript:alert(1)\n\n[x]",
    "[<b onclick=alert(1)>](https://a.example)",
    "**<b>**</b>",
    "# <script>\n- <script>\n1. <script>",
    "<https://a.example/\"><script>alert(1)</script>>",
    "\x00<\x00script>",
    "&lt;script&gt;",
]  # fmt: skip


def drawn(text):
    return str(marked(Words(text)).zh)


@pytest.mark.parametrize(
    "text, html",
    [
        ("", ""),
        ("请先断电。", "<p>请先断电。</p>"),
        ("一\n二\n\n三", "<p>一<br>\n二</p>\n<p>三</p>"),
        ("**断电**后", "<p><strong>断电</strong>后</p>"),
        ("**注意：**请看", "<p><strong>注意：</strong>请看</p>"),
        ("见**（附表）**处", "<p>见<strong>（附表）</strong>处</p>"),
        ("# 说明", "<p><strong>说明</strong></p>"),
        ("- 一\n- 二", "<ul>\n<li>一</li>\n<li>二</li>\n</ul>"),
        ("1. 一\n2. 二", "<ol>\n<li>一</li>\n<li>二</li>\n</ol>"),
        ("[规定](https://a.example/b?c=1&d=2)",
         f'<p><a href="https://a.example/b?c=1&amp;d=2" {LINK}>规定</a></p>'),
        ("[写信](mailto:help@a.example)", f'<p><a href="mailto:help@a.example" {LINK}>写信</a></p>'),
        ("<http://a.example>", f'<p><a href="http://a.example" {LINK}>http://a.example</a></p>'),
        (r"\*\*不是粗体\*\*", "<p>**不是粗体**</p>"),
        ("单价*数量*2，2 ** 3", "<p>单价*数量*2，2 ** 3</p>"),
        ("snake_case_name，`代码`，~~删~~", "<p>snake_case_name，`代码`，~~删~~</p>"),
        ("> 引\n---\n    缩进", "<p>&gt; 引<br>\n---<br>\n缩进</p>"),
        ("<b>粗</b> & &amp;", "<p>&lt;b&gt;粗&lt;/b&gt; &amp; &amp;amp;</p>"),
    ],
)  # fmt: skip
def test_a_small_part_of_markdown_is_drawn_and_the_rest_stays_as_typed(text, html):
    assert drawn(text) == html


def test_help_of_one_paragraph_needs_none():
    assert marked_hint(Words("写**整数**", "a\n\nb")) == Words("写<strong>整数</strong>", "<p>a</p>\n<p>b</p>")
    assert marked_hint(Words("- 一")).zh == "<ul>\n<li>一</li>\n</ul>"


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through(text):
    only_what_is_allowed(drawn(text))
    only_what_is_allowed(str(marked_hint(Words(text)).zh))


def test_a_single_star_that_is_left_of_longer_runs_stays_as_typed():
    drawn = str(marked(Words("https://a.example**<b>**</b>***<b>**</b>", "")).zh)
    assert "<em>" not in drawn
    assert drawn.count("*") > 0


@given(
    st.lists(
        st.sampled_from([*HOSTILE, "**", "*", "[", "](", ")", "<", ">", "\n", "- ", "https://a.example", '"', "注"])
    )
)
def test_no_mixture_of_it_gets_through_either(parts):
    only_what_is_allowed(drawn("".join(parts)))


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\\"), max_size=40))
def test_what_is_written_is_never_lost(text):
    shown = lxml_html.fromstring(f"<div>{drawn(text)}</div>").text_content()
    assert letters_of(shown) == letters_of(text)


def letters_of(text):
    """All but marks, digits and white space, of which Markdown has its own opinion."""
    return [character for character in text if character.isalpha()]


def test_a_text_as_long_as_a_book_is_not_read_as_markdown():
    assert drawn("**" + "[" * LONGEST) == f"<p>**{'[' * LONGEST}</p>"


def only_what_is_allowed(html):
    for element in lxml_html.fromstring(f"<div>{html}</div>").iterdescendants():
        assert element.tag in ALLOWED, html
        assert set(element.attrib) <= ({"href", "target", "rel"} if element.tag == "a" else {"start"}), html
        assert re.match(r"https?://|mailto:", element.get("href", "mailto:"), re.IGNORECASE), html
