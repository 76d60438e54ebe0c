"""Comments on cases: by whom, on what, and that history never hears of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from company import comments
from company.comments import CommentTooLong, EmptyComment, add_comment, comments_on
from company.people.directory import actor_of
from demo import people as demo
from engine.actor import Actor
from engine.history.append import NoSuchInstance
from engine.proving.proof import verify_all
from engine.queries.cases import NoCaseToSee
from tests.product import START


@pytest.fixture
def case(approval):
    """A case of the price approval, started by lin among the demo people."""
    demo.load_people(approval.db, START)
    return approval.start(person(approval, "lin"))


def person(approval, account):
    with approval.db.reading() as session:
        return actor_of(session, account, START)


def said(case):
    with case.db.reading() as session:
        return comments_on(session, case.number).comments


def test_they_are_read_in_the_order_they_were_written(case):
    for hours, account, text in ((1, "zhou", "价格偏低？"), (2, "lin", " 按第 3 档。\r\n见附件 \0")):
        add_comment(case.db, person(case, account), START + timedelta(hours=hours), case.number, text)
    assert [(one.person, one.name, one.name_en, one.text) for one in said(case)] == [
        ("zhou", "周会计", "Zhou Kuaiji", "价格偏低？"),
        ("lin", "林一凡", "Lin Yifan", "按第 3 档。\n见附件"),
    ]
    assert said(case)[1].at == START + timedelta(hours=2)


def test_a_case_has_only_its_own(case):
    add_comment(case.db, person(case, "lin"), START, case.number, "一")
    case.start(person(case, "lin"))
    assert said(case) == []


def test_only_the_newest_are_read_unasked_and_the_others_are_counted(case, monkeypatch):
    monkeypatch.setattr(comments, "SHOWN", 2)
    for text in "一二三":
        add_comment(case.db, person(case, "lin"), START, case.number, text)
    assert [one.text for one in said(case)] == ["二", "三"]
    with case.db.reading() as session:
        assert comments_on(session, case.number).hidden == 1
        whole = comments_on(session, case.number, whole=True)
    assert ([one.text for one in whole.comments], whole.hidden) == (["一", "二", "三"], 0)


def test_who_may_not_see_the_case_may_not_comment(case):
    with pytest.raises(NoCaseToSee):
        add_comment(case.db, Actor("wu", permissions=frozenset({"work:supply"})), START, case.number, "你好")
    assert said(case) == []


def test_it_refuses_a_case_there_is_not(case):
    with pytest.raises(NoSuchInstance):
        add_comment(case.db, person(case, "lin"), START, "PA-1999-000001", "你好")


@pytest.mark.parametrize(("text", "error"), [(" \r\n\0", EmptyComment), ("长" * 10_001, CommentTooLong)])
def test_it_refuses_no_words_and_too_many(case, text, error):
    with pytest.raises(error):
        add_comment(case.db, person(case, "lin"), START, case.number, text)
    assert said(case) == []


def test_the_longest_comment_is_kept_whole(case):
    add_comment(case.db, person(case, "lin"), START, case.number, "长" * 10_000)
    assert said(case)[0].text == "长" * 10_000


def test_history_stays_as_it_was(case):
    add_comment(case.db, person(case, "lin"), START, case.number, "不进历史")
    reports, problems = verify_all(case.db)
    assert [report.entries for report in reports] == [1]
    assert all(report.ok for report in reports)
    assert problems == []
