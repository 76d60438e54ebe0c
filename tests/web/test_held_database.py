"""Another program holds SQLite: pages that read open as ever, who submits reads what to do and keeps their words."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.commands import start_instance
from engine.database import Database
from tests.databases import held
from tests.product import FAULT

NINE = 9
PATIENCE = 1.0


@pytest.fixture
def database_url(sqlite_url):
    """PostgreSQL has no lock of the whole database."""
    return sqlite_url


@pytest.fixture
def db(database_url):
    """The database of a web server, though less patient."""
    database = Database(database_url, patience=PATIENCE)
    yield database
    database.dispose()


@pytest.fixture
def case(staffed, act, clock):
    """A case that waits for somebody."""
    return start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT)


def pages(app, number):
    """Every page there is without a part to fill in, and those of a case."""
    plain = [rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    return [*plain, f"/cases/{number}", f"/audit/{number}", f"/audit/{number}/verify", f"/documents/{number}/code.svg"]


def test_every_page_that_reads_opens_while_another_program_holds_the_database(app, visit, clock, case, database_url):
    admin, auditor = visit("admin"), visit("ji")
    clock.forward(minutes=2)  # the visit would be remembered now
    with held(database_url):
        begun = time.monotonic()
        answers = {(one.account, page): one.get(page) for one in (admin, auditor) for page in pages(app, case.number)}
        took = time.monotonic() - begun
    refused = {asked: answer.status_code for asked, answer in answers.items() if answer.status_code >= 500}
    for answer in answers.values():
        answer.close()

    assert not refused
    assert took < 60, "none of them waits for the lock"


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "数据库正被另一个程序占用"), ("en", "Another program holds the database")]
)
def test_who_submits_meanwhile_reads_what_to_do_and_loses_nothing(visit, case, database_url, language, said):
    lin = visit("lin").speaks(language)
    lin.post("/nowhere")  # has the protection of forms at hand
    with held(database_url):
        answer = lin.post(f"/cases/{case.number}/comments", {"text": "电话已回访，客户周四到货"})
        assert answer.status_code == 503
        assert said in answer.text
        assert "电话已回访，客户周四到货" in answer.text, "to be sent once more"
    assert lin.post(f"/cases/{case.number}/comments", {"text": "电话已回访，客户周四到货"}).status_code == 303
    assert len(re.findall("电话已回访，客户周四到货", lin.get(f"/cases/{case.number}").text)) == 1


def test_nine_who_submit_at_once_are_answered_soon_and_the_log_in_page_is_there(visit, case, database_url):
    visitors = [visit("lin") for _ in range(NINE)]
    for each in visitors:
        each.post("/nowhere")
    with held(database_url):
        begun = time.monotonic()
        with ThreadPoolExecutor(NINE) as browsers:
            said = browsers.map(lambda one: one.post(f"/cases/{case.number}/comments", {"text": "x"}), visitors)
            statuses = [answer.status_code for answer in said]
        took = time.monotonic() - begun
        assert visit(None).get("/login").status_code == 200
        assert visit(None).post("/login", {"account": "lin", "password": "wrong"}).status_code == 503

    assert statuses == [503] * NINE
    assert took < 10 * PATIENCE
