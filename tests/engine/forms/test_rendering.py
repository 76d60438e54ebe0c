"""The HTML of a form: labels, hints, errors, what was typed, and no way in for markup."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from lxml import html as lxml_html

from engine import forms


@pytest.fixture
def page(form_of):
    def draw(*components, values=None, context=None, problems=(), language="zh", **environment):
        text = forms.render(
            form_of(*components),
            values or {},
            context or {},
            problems,
            language=language,
            environment=forms.FormEnvironment(**environment),
        )
        return lxml_html.fragment_fromstring(text)

    return draw


NAME = {
    "type": "textfield",
    "key": "name",
    "label": "名称",
    "description": "铭牌上的名称",
    "properties": {"label:en": "Name", "description:en": "As on the plate"},
}


def test_a_label_names_its_control_and_a_hint_describes_it(page):
    drawn = page(NAME)
    (label,) = drawn.xpath("//label")
    (control,) = drawn.xpath("//input[@name='name']")
    assert (label.get("for"), label.text_content()) == (control.get("id"), "名称")
    assert drawn.get_element_by_id(control.get("aria-describedby")).text_content() == "铭牌上的名称"


def test_labels_come_in_the_language_of_the_reader_chinese_where_english_is_missing(page):
    assert page(NAME, language="en").xpath("//label")[0].text_content() == "Name"
    assert (
        page({"type": "textfield", "key": "a", "label": "型号"}, language="en").xpath("//label")[0].text_content()
        == "型号"
    )


def test_a_required_field_says_so_in_words_and_to_assistive_technology(page):
    drawn = page({**NAME, "validate": {"required": True}})
    assert drawn.xpath("//label")[0].text_content() == "名称必填"
    assert drawn.xpath("//input[@name='name']/@aria-required") == ["true"]


def test_what_was_typed_is_shown_again_even_if_it_cannot_be_read(page, form_of):
    number, day = {"type": "number", "key": "n"}, {"type": "datetime", "key": "d"}
    typed = {"n": "1,5", "d": "tomorrow"}
    _, problems = forms.validate(form_of(number, day), typed, {})
    drawn = page(number, day, values=typed, problems=problems)
    assert drawn.xpath("//input[@name='n']/@value") == ["1,5"]
    assert drawn.xpath("//input[@name='d']/@value") == ["tomorrow"]
    assert drawn.xpath("//input[@name='d']/@type") == ["text"]


def test_problems_stand_at_the_top_with_a_link_and_beside_their_field(page, form_of):
    parts = {
        "type": "dynamiclist",
        "path": "parts",
        "label": "零件",
        "components": [{"type": "number", "key": "n", "label": "数量"}],
    }
    raw = {"parts": [{"n": "1"}, {"n": "x"}]}
    _, problems = forms.validate(form_of(parts), raw, {})
    drawn = page(parts, values=raw, problems=problems)
    (link,) = drawn.xpath("//*[@role='alert']//a")
    control = drawn.get_element_by_id(link.get("href")[1:])
    assert control.get("name") == "parts-1-n"
    assert control.get("aria-invalid") == "true"
    error = drawn.get_element_by_id(control.get("aria-describedby"))
    assert error.text_content() == link.text_content() == "“零件第 2 行 数量”要填数字，例如 1000.50。"


def test_every_link_of_the_summary_leads_to_something_for_every_kind_of_field(page, form_of):
    options = [{"value": "a", "label": "A"}]
    asked = {"validate": {"required": True}}
    fields = [
        {"type": "textfield", "key": "k0", **asked},
        {"type": "textarea", "key": "k1", **asked},
        {"type": "select", "key": "k2", "values": options, **asked},
        {"type": "radio", "key": "k3", "values": options, **asked},
        {"type": "checklist", "key": "k4", "values": options, **asked},
        {"type": "checkbox", "key": "k5", **asked},
        {"type": "datetime", "key": "k6", **asked},
        {"type": "cf-person", "key": "k7", **asked},
        {"type": "cf-rating", "key": "k8", **asked},
        {"type": "filepicker", "key": "k9", **asked},
        {"type": "dynamiclist", "path": "k10", "components": [{"type": "number", "key": "n"}], **asked},
    ]
    _, problems = forms.validate(form_of(*fields), {}, {})
    links = page(*fields, problems=problems).xpath("//*[@role='alert']//a/@href")
    assert links == [f"#{name}" for name in (f"k{number}" for number in range(11))]


def test_a_problem_without_a_field_on_the_page_is_listed_without_a_link(page, form_of):
    _, problems = forms.validate(form_of(NAME), {"x": "1", "name": "a"}, {})
    drawn = page(NAME, problems=problems)
    assert drawn.xpath("//*[@role='alert']//li")[0].text_content().strip() == "这张表单没有“x”这个字段。"
    assert drawn.xpath("//*[@role='alert']//a") == []


@pytest.mark.parametrize(
    "hostile", ['"><script>alert(1)</script>', "</textarea><img src=x onerror=alert(1)>", "' onfocus='x", "{{ 7 * 7 }}"]
)
def test_nothing_typed_becomes_markup(page, hostile):
    line, area = (
        {"type": "textfield", "key": "a", "label": hostile},
        {"type": "textarea", "key": "b", "description": hostile},
    )
    shown = {"type": "text", "text": "=a"}
    drawn = page(line, area, shown, values={"a": hostile, "b": hostile})
    assert drawn.xpath("//script | //img | //*[@onfocus]") == []
    assert drawn.xpath("//input[@name='a']/@value") == [hostile]
    assert drawn.xpath("//textarea")[0].text == "\n" + hostile
    assert drawn.xpath("//p")[-1].text == hostile


def test_there_is_no_inline_script_or_style(page):
    drawn = page(NAME, {"type": "spacer", "height": 99}, {"type": "separator"})
    assert drawn.xpath("//script | //style | //@style | //@onclick | //@oninput") == []


def test_choices_stand_in_a_fieldset_with_a_legend(page):
    drawn = page(
        {
            "type": "radio",
            "key": "r",
            "label": "结论",
            "values": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}],
        },
        values={"r": "b"},
    )
    (fieldset,) = drawn.xpath("//fieldset")
    assert fieldset.xpath("legend")[0].text_content() == "结论"
    assert fieldset.xpath(".//input[@type='radio']/@value") == ["a", "b"]
    assert fieldset.xpath(".//input[@checked]/@value") == ["b"]


def test_a_read_only_field_is_text_and_posts_nothing(page, post_of, form_of):
    money = {"type": "cf-money", "key": "price", "label": "价格", "readonly": True}
    drawn = page(money, context={"price": Decimal("1234.5")})
    assert drawn.xpath("//*[@id='price']")[0].text_content() == "¥1,234.50"
    assert post_of(forms.render(form_of(money), {}, {"price": Decimal(1)}, language="zh")) == {}


def test_a_read_only_list_is_text_in_every_row(form_of, post_of):
    columns = [{"type": "textfield", "key": "name"}, {"type": "cf-money", "key": "price"}]
    form = form_of({"type": "dynamiclist", "path": "parts", "readonly": True, "components": columns})
    drawn = forms.render(form, {}, {"parts": [{"name": "泵", "price": Decimal(5)}]}, language="zh")
    values = lxml_html.fragment_fromstring(drawn).xpath("//*[@class='cf-value']")
    assert [value.text for value in values] == ["泵", "¥5.00"]
    assert post_of(drawn) == {}
    assert "<button" not in drawn.replace("cf-first-button", "").split("cf-list")[1]


def test_what_is_hidden_and_may_appear_is_there_but_hidden(page):
    reason = {"type": "textarea", "key": "reason", "conditional": {"hide": '=decision != "no"'}}
    decision = {"type": "select", "key": "decision", "values": [{"value": "yes"}, {"value": "no"}]}
    drawn = page(decision, reason, values={"decision": "yes"})
    assert drawn.xpath("//*[@data-cf='reason']/@hidden") == [""]
    assert page(decision, reason, values={"decision": "no"}).xpath("//*[@data-cf='reason']/@hidden") == []


def test_what_is_hidden_for_good_is_not_in_the_page(page):
    secret = {"type": "textfield", "key": "secret", "conditional": {"hide": "=not(allowed)"}}
    assert page(secret, context={"allowed": False, "secret": "s"}).xpath("//*[@data-cf='secret']") == []


def test_a_form_with_rows_has_buttons_that_work_without_a_script(page):
    parts = {"type": "dynamiclist", "path": "parts", "components": [{"type": "number", "key": "n"}]}
    drawn = page(parts, values={"parts": [{"n": "1"}]})
    buttons = drawn.xpath("//button[@name='_row' and not(ancestor::template)]/@value")
    assert buttons == ["up:parts-0", "down:parts-0", "remove:parts-0", "add:parts"]
    assert drawn.xpath("(//button)[1]/@name") == [], "Enter in a text field must not press a row button"


def test_every_id_on_the_page_is_unique_and_prefixed(form_of):
    parts = {
        "type": "dynamiclist",
        "path": "parts",
        "components": [{"type": "checklist", "key": "n", "values": [{"value": "a"}, {"value": "b"}]}],
    }
    text = forms.render(form_of(NAME, parts), {"parts": [{}, {}]}, {}, language="zh", id_prefix="t-")
    ids = lxml_html.fragment_fromstring(text).xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(id_.startswith("t-") for id_ in ids)


@pytest.mark.parametrize(
    "subtype, value, type_, shown",
    [
        ("date", date(2026, 3, 2), "date", "2026-03-02"),
        ("time", time(9, 30), "time", "09:30:00"),
        ("datetime", datetime(2026, 3, 2, 1, 30, tzinfo=UTC), "datetime-local", "2026-03-02T09:30:00"),
    ],
)
def test_times_use_the_browsers_pickers_in_the_companys_zone(page, subtype, value, type_, shown):
    drawn = page(
        {"type": "datetime", "key": "d", "subtype": subtype}, context={"d": value}, zone=ZoneInfo("Asia/Shanghai")
    )
    assert (drawn.xpath("//input/@type"), drawn.xpath("//input/@value")) == ([type_], [shown])


def test_components_of_one_line_stand_beside_each_other(page):
    left = {"type": "number", "key": "a", "layout": {"row": "r", "columns": 4}}
    right = {"type": "number", "key": "b", "layout": {"row": "r", "columns": 12}}
    (line,) = page(left, right, {"type": "number", "key": "c"}).xpath("//*[@class='cf-line']")
    assert [child.get("class") for child in line] == ["cf-field cf-w-4", "cf-field cf-w-12"]


def test_texts_are_paragraphs_or_formulas_in_either_language(page):
    text = {"type": "text", "text": "一\n\n二", "properties": {"text:en": "one\n\ntwo"}}
    formula = {"type": "text", "text": '="共" + string(n)', "properties": {"text:en": '="total " + string(n)'}}
    assert [one.text for one in page(text, formula, context={"n": Decimal(3)}).xpath("//p")] == ["一", "二", "共3"]
    assert [one.text for one in page(text, formula, context={"n": Decimal(3)}, language="en").xpath("//p")] == [
        "one",
        "two",
        "total 3",
    ]


def test_markdown_is_drawn_in_texts_and_help_on_pages_and_on_paper(form_of):
    note = {"type": "text", "id": "note", "text": "**先**断电", "properties": {"text:en": "**First** cut the power"}}
    form = form_of(note, {"type": "number", "key": "n", "description": "**整**数", "readonly": "=k"})
    said, said_en = "<p><strong>先</strong>断电</p>", "<p><strong>First</strong> cut the power</p>"
    for drawn in (
        forms.render(form, {}, {}, language="zh"),
        forms.printed(form, {"n": Decimal(1)}, {}, language="zh"),
        forms.printed_blank(form, language="zh"),
    ):
        assert said in drawn
    assert said_en in forms.render(form, {}, {}, language="en")
    assert '<div class="cf-hint" id="n-hint"><strong>整</strong>数</div>' in forms.render(form, {}, {}, language="zh")
    assert forms.evaluate(form, {}, {}, language="zh")["texts"] == {}, "the script leaves it alone"


def test_what_a_formula_says_is_no_markdown_for_it_may_hold_what_anybody_typed(page):
    formula = {"type": "text", "text": '="**备注** " + note'}
    (shown,) = page(formula, context={"note": "[看](https://evil.example)"}).xpath("//p")
    assert (shown.text, list(shown)) == ("**备注** [看](https://evil.example)", [])


def test_a_table_shows_the_rows_of_a_variable(page):
    table = {
        "type": "table",
        "label": "零件",
        "dataSource": "=parts",
        "columns": [{"key": "name", "label": "名称"}, {"key": "n", "label": "数量"}],
    }
    drawn = page(table, context={"parts": [{"name": "泵", "n": Decimal(2)}, {"name": "阀"}, "stray"]})
    assert [[cell.text or "" for cell in row] for row in drawn.xpath("//tbody/tr")] == [["泵", "2"], ["阀", ""]]
    assert drawn.xpath("//caption")[0].text == "零件"


def test_a_blank_copy_leaves_room_in_a_table_that_a_case_fills(form_of):
    table = {"type": "table", "label": "零件", "dataSource": "=parts", "columns": [{"key": "name"}, {"key": "n"}]}
    form, filled = form_of(table), {"parts": [{"name": "泵"}]}
    assert forms.printed_blank(form, language="zh").count("<td></td>") == 4
    assert forms.printed(form, {}, filled, language="zh").count("<td") == 2
    assert "<td" not in forms.printed(form, {}, {}, language="zh")


def test_an_image_from_a_formula_is_shown_only_from_here(page):
    image = {"type": "image", "source": "=where", "alt": "铭牌"}
    assert page(image, context={"where": "/static/plate.png"}).xpath("//img/@src") == ["/static/plate.png"]
    for elsewhere in ("//evil.example/x", "https://evil.example/x", "javascript:alert(1)", None):
        assert page(image, context={"where": elsewhere}).xpath("//img") == []


def test_files_kept_are_listed_with_their_address(page):
    stored = {"sha256": "aa", "name": "a.png", "type": "image/png", "size": Decimal(1)}
    drawn = page(
        {"type": "cf-photo", "key": "f"}, context={"f": [stored]}, address=lambda file: f"/files/{file['sha256']}"
    )
    assert drawn.xpath("//input[@type='checkbox']/@value") == ["aa/a.png"]
    assert drawn.xpath("//a/@href") == ["/files/aa"]


def test_initial_gives_variables_defaults_and_what_is_computed(form_of):
    form = form_of(
        {"type": "number", "key": "a", "defaultValue": 2},
        {"type": "textfield", "key": "b"},
        {"type": "expression", "key": "c", "expression": "=a * 2"},
    )
    assert forms.initial(form, {"b": "x"}) == {"a": 2, "b": "x", "c": 4}


def test_a_list_opens_with_its_first_rows(form_of):
    form = form_of({"type": "dynamiclist", "path": "parts", "components": [{"type": "number", "key": "n"}]})
    assert forms.initial(form, {}) == {"parts": [{}]}
    drawn = forms.render(form, forms.initial(form, {}), {}, language="zh")
    assert drawn == forms.render(form, {}, {}, language="zh")
    assert 'name="parts-0-n"' in drawn
