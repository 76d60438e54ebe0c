"""No page of the demo shows a reader what only the machine reads: keys of forms, variables, codes of choices."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import etree, html

from cli.content import bundle, process_keys
from company.files.store import FileStore
from company.people import sessions
from engine.database import Database
from engine.lint.variables import set_somewhere
from tests.product import ROOT
from web import Services, create_app
from web.shared.signed_in import COOKIE

pytestmark = pytest.mark.long

CASES = "36"
ALIKE = 2
"""Pages of one address and process that are opened."""

READERS = ("lin", "ji", "admin")
"""Staff, an auditor, and whoever is shown everything else."""

NEVER = re.compile(r"(?<![\w.-])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w.-])")
"""Words that nobody writes: whatever it is the key of."""

APART = re.compile(r"[·、，；：,;:（）()“”→\n]|(?<=\s)-(?=\s)")
SAMPLES = {"{number: 3}"}
SHOWN = ("title", "alt", "aria-label", "placeholder")


@pytest.fixture(scope="module")
def demo(tmp_path_factory, register):
    """The pages over a small demo."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {"CLAUSEFLOW_VAR": str(folder), "PATH": ""}
    command = [sys.executable, str(ROOT / "clauseflow.py"), "demo", "--size", CASES]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    db = Database(f"sqlite:///{folder}/clauseflow.db")
    now = datetime.now(UTC)
    yield create_app(
        Services(
            db=db,
            register=register,
            now=lambda: now,
            secret="for tests only",
            secure_cookies=False,
            content=ROOT,
            files=FileStore.at(str(folder / "files")),
        )
    )
    db.dispose()


@pytest.fixture(scope="module")
def codes():
    """Keys of fields, variables, and values of choices and decisions that no word of either language equals."""
    found, said = set(), set()
    for path in (ROOT / "forms").rglob("*.form"):
        said |= set(re.findall(r"· ([a-z]+)", path.read_text("utf-8")))  # a formula's own `中文 · English`
        for field in fields(json.loads(path.read_bytes())):
            found |= {field.get("key", ""), field.get("path", "")}
            values = field.get("values", ())
            found |= {str(one["value"]) for one in values}
            said |= {one.get("label", "").lower() for one in values}
            said |= {text.lower() for name, text in field.get("properties", {}).items() if name.endswith(":en")}
    for path in (ROOT / "processes").glob("*.dmn"):
        for element in etree.parse(path).iter("{*}output"):
            found.add(element.get("name", ""))
            for word in element.get("{urn:clauseflow:bpmn:1}words", "").split(";"):
                code, _, both = word.partition("=")
                found.add(code.strip())
                said |= {text.strip().lower() for text in both.split("|")}
    for key in process_keys():
        found |= set_somewhere(bundle(key))
    said |= {path.stem for path in (ROOT / "regulations").glob("*.yaml")}  # `bk` of `bk-12` is printed as it stands
    return {code for code in found if re.fullmatch(r"[A-Za-z_]\w*", code)} - said


def fields(part):
    for one in part.get("components", ()):
        yield one
        yield from fields(one)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_shows_a_key_or_a_code(demo, codes, language):
    services, alike, met = demo.extensions["clauseflow"], Counter(), []
    for account in READERS:
        client = demo.test_client()
        client.set_cookie(COOKIE, sessions.open_session(services.db, services.now(), account))
        client.set_cookie("cf_language", language)
        for address, page in walk(client, alike):
            met += [f"{address}: {word} in “{text}”" for text in texts(page) for word in raw(text, codes, language)]
    assert {
        "/audit/RP-9frame",
        "/cases/RP-9",
        "/documents/SR-9/9",
        "/tasks/9",
        "/records/customers/KH-9",
    } <= alike.keys()
    assert not met, "\n".join(met[:40])


def walk(client, alike):
    """Pages reached by links from the inbox, a few of every kind; `alike` counts those opened."""
    seen, todo = {"/"}, ["/"]
    while todo:
        address = todo.pop(0)
        kind = kind_of(address)
        if alike[kind] == ALIKE:
            continue
        alike[kind] += 1
        with client.get(address) as answer:
            assert answer.status_code < 400, address
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = html.fromstring(answer.text)
        yield address, page
        for link in page.iter("a"):
            to = urlsplit(urljoin(address, link.get("href", "")))
            address_to = f"{to.path}?{to.query}" if to.query else to.path
            if not to.netloc and to.path != "/logout" and address_to not in seen:
                seen.add(address_to)
                todo.append(address_to)


def kind_of(address):
    """An address without what tells one case, task or record from another of its process."""
    path, _, query = address.partition("?")
    names = ",".join(sorted(part.partition("=")[0] for part in query.split("&")))
    return re.sub(r"\d[\d-]*|[0-9a-f]{64}|(?<=/correct/)\w+|(?<=/clauses/)[\w/-]+", "9", path) + names


def texts(page):
    """What people read: texts and the words of attributes; `code` is meant to be typed as it stands."""
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag not in ("script", "style", "code"):
            yield element.text or ""
        yield element.tail or ""
        yield from (element.get(name, "") for name in SHOWN)


def raw(text, codes, language):
    """The codes in a text: such as nobody writes anywhere, others where they stand alone between marks."""
    text = text.strip()
    if not text or text in SAMPLES:
        return set()
    alone = {part.strip() for part in APART.split(text)} if language == "zh" else {text}
    return set(NEVER.findall(text)) | (alone & codes)


def test_a_code_is_found_wherever_it_stands():
    codes = {"attitude", "received_at"}
    assert raw("技术员蒋某 · attitude", codes, "zh") == {"attitude"}
    assert raw("received_at", codes, "en") == {"received_at"}
    assert raw("Attitude of the engineer", codes, "en") == set()
