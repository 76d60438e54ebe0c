"""Comments on the pages of a case and its tasks."""

from __future__ import annotations

import re

import pytest

from company import comments
from company.people.roles import matrix, set_matrix

COMMENT = re.compile(r'<p class="comment-text">(.*?)</p>', re.DOTALL)


@pytest.fixture
def case(staffed, act):
    """A case waiting for supply."""
    return staffed.start(act("lin"))


def place(case):
    return f"/cases/{case.number}/comments"


def test_one_written_on_the_task_is_read_on_the_case(visit, case):
    task = f"/tasks/{case.task('supply_material_prices')}"
    answer = visit("wu").post(place(case), {"text": "密封圈要等一周", "next": f"{task}#comments"})
    assert (answer.status_code, answer.location) == (303, f"{task}#comments")
    for account, address in (("wu", task), ("lin", f"/cases/{case.number}"), ("ji", f"/cases/{case.number}")):
        page = visit(account).get(address).text
        assert COMMENT.findall(page) == ["密封圈要等一周"], account
        assert "<strong>吴满仓</strong>" in page


def test_both_pages_have_a_place_to_write(visit, case):
    for address in (f"/tasks/{case.task('supply_material_prices')}", f"/cases/{case.number}"):
        assert f'action="{place(case)}"' in visit("wu").get(address).text, address


def test_words_stay_words(visit, case):
    visit("lin").post(place(case), {"text": "<script>alert(1)</script>\n{{ 7*7 }}"})
    page = visit("lin").get(f"/cases/{case.number}").text
    assert COMMENT.findall(page) == ["&lt;script&gt;alert(1)&lt;/script&gt;\n{{ 7*7 }}"]


def test_the_older_ones_are_behind_a_link_on_both_pages(visit, case, monkeypatch):
    monkeypatch.setattr(comments, "SHOWN", 1)
    lin = visit("lin")
    for text in ("第一条", "第二条"):
        lin.post(place(case), {"text": text})
    older = f'href="/cases/{case.number}?all=1#comments"'
    for address in (f"/cases/{case.number}", f"/tasks/{case.task('supply_material_prices')}"):
        page = lin.get(address).text
        assert COMMENT.findall(page) == ["第二条"]
        assert older in page
    assert COMMENT.findall(lin.get(f"/cases/{case.number}?all=1").text) == ["第一条", "第二条"]


def test_a_refused_one_keeps_what_was_typed(visit, case):
    answer = visit("lin").post(place(case), {"text": "长" * 10_001})
    assert answer.status_code == 422
    assert "评论有 10001 个字，最多 10000 个" in answer.text
    assert "长" * 10_001 in answer.text
    assert visit("lin").post(place(case), {"text": " "}).status_code == 422
    assert COMMENT.findall(visit("lin").get(f"/cases/{case.number}").text) == []


def test_it_sends_nobody_elsewhere(visit, case):
    answer = visit("lin").post(place(case), {"text": "好", "next": "https://example.com/"})
    assert answer.location == f"/cases/{case.number}"


def test_in_english_it_names_people_in_english(visit, case):
    visit("wu").post(place(case), {"text": "one week"})
    page = visit("lin").speaks("en").get(f"/cases/{case.number}").text
    assert "<strong>Wu Mancang</strong>" in page
    assert "Write a comment" in page
    assert "The comment is empty" in visit("lin").speaks("en").post(place(case), {"text": ""}).text


@pytest.mark.parametrize("account", ["lin", "bai", "zheng", "zhou", "wu", "qian", "sun", "mo", "ji", "admin"])
def test_everybody_who_sees_the_case_may_comment(visit, case, account):
    assert visit(account).post(place(case), {"text": account}).status_code == 303


def test_who_works_on_a_case_without_seeing_it_neither_reads_nor_writes(visit, case, act, clock):
    visit("lin").post(place(case), {"text": "只给看得到的人"})
    with case.db.reading() as session:
        before = matrix(session)
    set_matrix(case.db, act("admin"), clock.now, before, {"supply": {"work:supply"}})
    wu = visit("wu")
    page = wu.get(f"/tasks/{case.task('supply_material_prices')}")
    assert page.status_code == 200
    assert "只给看得到的人" not in page.text
    assert place(case) not in page.text
    assert wu.post(place(case), {"text": "我也说一句"}).status_code == 404


def test_a_stranger_logs_in_first_and_a_case_there_is_not_is_not_there(visit, case):
    assert visit(None).post(place(case), {"text": "好"}).status_code == 401
    assert visit("lin").post("/cases/PA-1999-000001/comments", {"text": "好"}).status_code == 404
