"""Whatever goes wrong, a page says so in the reader's language, and nothing of the inside shows."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import OperationalError

from engine.database import Database


@pytest.mark.parametrize(("language", "words"), [("zh", "没有这个页面"), ("en", "There is no such page")])
def test_an_unknown_address_is_said_in_both_languages(visit, language, words):
    answer = visit("lin").speaks(language).get("/nowhere")
    assert answer.status_code == 404
    assert words in answer.text


@pytest.mark.parametrize(("language", "words"), [("zh", "这个地址不能这样打开"), ("en", "cannot be opened like this")])
def test_the_wrong_method_is_said_in_both_languages(visit, language, words):
    answer = visit("lin").speaks(language).get("/preferences")
    assert answer.status_code == 405
    assert words in answer.text


@pytest.mark.parametrize(("language", "words"), [("zh", "这个表单已失效"), ("en", "this form is no longer valid")])
def test_a_form_without_its_protection_is_refused_in_a_sentence(visit, language, words):
    answer = visit("lin").speaks(language).client.post("/start/price_approval", data={"customer": "x"})
    assert answer.status_code == 400
    assert words in answer.text


@pytest.mark.parametrize(("language", "words"), [("zh", "系统出错了"), ("en", "Something went wrong")])
def test_a_fault_of_ours_shows_no_trace(visit, monkeypatch, caplog, language, words):
    monkeypatch.setattr("web.work.start.startable", lambda *_: 1 / 0)
    answer = visit("lin").speaks(language).get("/start")
    assert answer.status_code == 500
    assert words in answer.text
    assert "Traceback" not in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_what_was_sent_when_we_failed_can_be_sent_once_more(visit, monkeypatch):
    monkeypatch.setattr("web.cases.comments.add_comment", lambda *_: 1 / 0)
    answer = visit("lin").post("/cases/PA-2026-000001/comments", {"text": '客户说"急"', "next": "/"})
    assert answer.status_code == 500
    assert 'action="/cases/PA-2026-000001/comments"' in answer.text
    assert 'name="text" value="客户说&#34;急&#34;"' in answer.text
    assert "再提交一次" in answer.text
    assert "再提交一次" not in visit("lin").get("/nowhere").text


def test_a_password_is_not_kept_when_we_failed(visit, monkeypatch):
    monkeypatch.setattr("web.account.login.check_login", lambda *_: 1 / 0)
    answer = visit(None).post("/login", {"account": "lin", "password": "hunter2-hunter2"})
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert "再提交一次" not in answer.text


def test_a_lost_database_still_gets_a_page(visit, monkeypatch):
    lin = visit("lin")

    def lost(*_):
        raise OperationalError("SELECT secret", {}, Exception("password=hunter2"))

    monkeypatch.setattr(Database, "reading", lost)
    answer = lin.get("/")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "hunter2" not in answer.text


def test_an_error_inside_an_error_page_still_gets_words(visit, monkeypatch):
    monkeypatch.setattr("web.shared.navigation.WAYS", None)
    answer = visit("lin").get("/nowhere")
    assert answer.status_code == 500
    assert "系统出错了" in answer.text
    assert "Traceback" not in answer.text
