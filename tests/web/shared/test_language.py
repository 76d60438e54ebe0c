"""Two languages: every text has both, and an English page shows no Chinese but data."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from engine.commands import start_instance
from tests.product import FAULT, ROOT
from web.shared.language import CATALOGUES

CHINESE = re.compile(r"[\u3400-\u9fff]+")
KEYWORDS = {"_": None, "words": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


@pytest.fixture(scope="module")
def english():
    """The English catalogue."""
    return read_po(StringIO((CATALOGUES / "en" / "LC_MESSAGES" / "messages.po").read_text("utf-8")))


@pytest.fixture(scope="module")
def texts():
    """Every text of the pages, with where it stands."""
    found = extract_from_dir(ROOT / "web", METHODS, keywords=KEYWORDS)
    return {message if isinstance(message, str) else message[0]: f"{file}:{line}" for file, line, message, *_ in found}


def test_the_pages_have_many_texts(texts):
    assert len(texts) > 100


def test_every_text_has_its_english(texts, english):
    missing = {text: place for text, place in texts.items() if text not in english or not english[text].string}
    assert not missing


def test_every_english_text_is_still_used(texts, english):
    assert not [message.id for message in english if message.id and _key(message) not in texts]


def test_both_languages_take_the_same_facts(english):
    place = re.compile(r"%\((\w+)\)")
    for message in english:
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert set(place.findall(text)) == set(place.findall(_key(message))), message.id


def test_no_english_text_holds_chinese(english):
    assert not [message.id for message in english if message.id and CHINESE.search("".join(message.string))]


def test_no_template_says_chinese_without_gettext():
    loose = []
    for path in sorted((ROOT / "web").glob("*/templates/**/*.html")):
        if path.name in ("bare.html", "host.html"):  # speak both languages at once
            continue
        text = re.sub(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", "", path.read_text("utf-8"), flags=re.DOTALL)
        loose += [f"{path.name}: {found}" for found in CHINESE.findall(text) if found not in ALLOWED]
    assert not loose


ALLOWED = {"循", "中文"}
"""The seal's sign, and the switch to Chinese, which is always in Chinese."""


@pytest.fixture
def english_case(staffed, act, clock):
    """A case whose data are English, waiting for supply."""
    data = {
        "customer": "Northridge Rail",
        "product": "Wheel press",
        "fault": "Pressure drops",
        "diagnosis": "Seal worn",
    }
    moved = start_instance(staffed.db, act("lin"), clock.now, "price_approval", FAULT | data)
    staffed.instance_id = moved.instance_id
    return staffed


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/?view=groups",
        "/?view=done",
        "/?view=overdue",
        "/start",
        "/start/price_approval",
        "/nowhere",
        "task",
        "delegate",
    ],
)
def test_an_english_page_shows_no_chinese(visit, english_case, address):
    task = f"/tasks/{english_case.task('supply_material_prices')}"
    address = {"task": task, "delegate": f"{task}/delegate"}.get(address, address)
    page = visit("wu").speaks("en").get(address)
    text = re.sub(r"<[^>]*>", " ", page.text)
    found = [run for run in CHINESE.findall(text) if run not in {*ALLOWED, "采购员"}]
    assert not found, "采购员 is data: somebody's title"


def test_the_choice_is_remembered_in_the_browser(visit):
    lin = visit("lin")
    answer = lin.post("/preferences", {"language": "en", "next": "/start?q=x"})
    assert (answer.status_code, answer.location) == (303, "/start?q=x")
    assert "<h1>Start</h1>" in lin.get("/start").text


def test_without_a_choice_the_browsers_language_counts(visit):
    stranger = visit(None)
    for accepted, chosen in (("en-GB,en;q=0.8", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("fr", "zh-Hans")):
        assert f'<html lang="{chosen}"' in stranger.get("/login", headers={"Accept-Language": accepted}).text


@pytest.mark.parametrize("wrong", [{"language": "tlh"}, {"theme": "sepia"}])
def test_a_choice_there_is_not_is_refused(visit, wrong):
    assert visit("lin").post("/preferences", wrong).status_code == 400


def test_light_or_dark_is_remembered(visit):
    lin = visit("lin")
    assert 'data-theme="auto"' in lin.get("/").text
    lin.post("/preferences", {"theme": "dark"})
    assert 'data-theme="dark"' in lin.get("/").text


def _key(message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]
