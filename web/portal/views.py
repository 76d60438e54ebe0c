"""For customers, without a log-in: file a complaint or a request, and see how it stands (lx-2, lx-7).

What they are asked and told stands in the forms: `engine.forms.public`. Whoever files something gets its number and a
code; the code follows from the number and the web's secret, so nothing is stored for it.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from flask import Blueprint, abort, g, jsonify, redirect, render_template, request, url_for
from flask import session as browser_session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from company.people.staffing import waits_for_nobody
from company.people.throttle import Throttle, Throttled, count, subject
from engine import forms
from engine.actor import CUSTOMER, Actor
from engine.bpmn import Definition
from engine.commands import InvalidForm, start_instance
from engine.commands.step import at_the_time
from engine.errors import ClauseflowError
from engine.forms.public import PublicForm, public_form
from engine.history import calendars
from engine.history.append import NoSuchInstance
from engine.history.definitions import in_force
from engine.queries import CaseView, case
from engine.queries.startable import Startable, startable, startable_process
from engine.session import Session
from web.shared.forms.outside import allowance
from web.shared.forms.sheet import Sheet
from web.shared.language import language
from web.shared.network import network_address
from web.shared.services import services
from web.shared.words.story import node_name

pages = Blueprint("portal", __name__, url_prefix="/portal")

Answer = str | tuple[str, int] | Response

FILING = Throttle(free=10, longest=timedelta(minutes=15))
"""How many cases one address may file within an hour before it has to wait."""
ASKING_OF_ONE = Throttle(free=10, longest=timedelta(minutes=1))
"""How many wrong codes from one address for one number; the right one is never slowed."""
ASKING = Throttle(free=200, longest=timedelta(seconds=30))
"""How many for all numbers: an office behind one address is many people."""

REMEMBERED = 20
"""Cases a browser may look at without their codes."""


class TooMany(Throttled):
    """Too much came from one address of late; what was typed is kept."""

    zh = "提交得太频繁，请 {seconds} 秒后再试；您填写的内容还在。"
    en = "Too much was sent from here of late. Please try again in {seconds} seconds; what you typed is kept."


@dataclass(frozen=True, slots=True)
class Told:
    """A step that told the customer something."""

    name: str
    at: datetime
    rows: list[tuple[str, str]]


@pages.before_request
def use_no_lists() -> None:
    """Forms of customers know the time and the calendar, but no lists and no files of the company."""
    with services().db.reading() as session:
        nothing = replace(forms.NOTHING, allowance=allowance())
        g.environment = at_the_time(session, nothing, services().now(), calendars.hash_in_force(session))


@pages.get("")
def home() -> str:
    """What a customer can do here."""
    return _home()


@pages.get("/<key>")
def form(key: str) -> str:
    """The customer's form of a process."""
    public = _process(key)
    return _page(key, public, Sheet(public.form, public.given).draw())


@pages.post("/<key>")
def submit(key: str) -> Answer:
    """File it and go to the receipt; a refusal keeps what was typed."""
    public = _process(key)
    sheet = Sheet(public.form, public.given)
    raw = sheet.posted()
    redrawn = sheet.with_row_button(raw)
    if redrawn is not None:
        return _page(key, public, redrawn)
    _, problems = forms.validate(public.form, raw, public.given, g.environment)
    if problems:
        return _page(key, public, sheet.draw(raw, problems)), 422
    try:
        _slow_down({("portal.file",): FILING})
        moved = start_instance(services().db, _filing(key), services().now(), key, {**public.given, **raw})
    except InvalidForm as refused:
        return _page(key, public, sheet.draw(raw, refused.problems)), 422
    except TooMany as refused:
        return _page(key, public, sheet.draw(raw), refused), refused.status
    _remember(moved.number)
    return redirect(url_for("portal.receipt", number=moved.number), 303)


@pages.post("/<key>/evaluate")
def evaluate(key: str) -> Response:
    """How the form stands with what is typed so far (for the page's script)."""
    public = _process(key)
    return jsonify(Sheet(public.form, public.given).evaluate())


@pages.get("/receipt/<number>")
def receipt(number: str) -> str:
    """The number and the code of what this browser filed."""
    if number not in _remembered():
        abort(404)
    return render_template("portal/receipt.html", number=number, code=code_of(number))


@pages.post("/progress")
def ask() -> Answer:
    """Check number and code, and go to how the case stands."""
    number, code = request.form.get("number", "").strip().upper()[:100], request.form.get("code", "")
    try:
        if not _fits(number, code):
            _slow_down({("portal.ask",): ASKING, ("portal.ask", number): ASKING_OF_ONE})
            return _home(_("没有这个编号与查询码。请核对回执上的两项。")), 404
    except TooMany as refused:
        return _home(refused.text(language())), refused.status
    _remember(number)
    return redirect(url_for("portal.progress", number=number), 303)


@pages.get("/progress/<number>")
def progress(number: str) -> str:
    """How a case stands, in what its forms tell customers; only after its code was given."""
    if number not in _remembered():
        abort(404)
    with services().db.reading() as session:
        view = _filed(session, number)
        if view is None:
            abort(404)
    return render_template("portal/progress.html", view=view, told=_told(view))


def code_of(number: str) -> str:
    """The code that goes with a number: ten letters and digits in two groups, 50 bits."""
    digest = hmac.digest(services().secret.encode(), f"progress:{number}".encode(), "sha256")
    text = base64.b32encode(digest).decode()
    return f"{text[:5]}-{text[5:10]}"


def _fits(number: str, code: str) -> bool:
    typed = "".join(code.upper().replace("-", "").split())
    if not hmac.compare_digest(typed.encode(), code_of(number).replace("-", "").encode()):
        return False
    with services().db.reading() as session:
        return _filed(session, number) is not None


def _filed(session: Session, number: str) -> CaseView | None:
    """The case if a customer filed it."""
    try:
        return case(session, CUSTOMER, number)
    except NoSuchInstance:
        return None


def _told(view: CaseView) -> list[Told]:
    """What the steps of a case told the customer, oldest first."""
    found = []
    for entry in view.history.steps:
        submitted = entry.node if entry.kind in ("start", "complete") else None
        public = submitted and _public(view.deployed.definition, submitted)
        if not public:
            continue
        values = {**view.variables, **entry.values}
        rows = forms.display(public.form, values, language=language(), environment=g.environment)
        found.append(Told(node_name(view.deployed.definition, entry.node), entry.at, rows))
    return found


def _offered(session: Session) -> list[tuple[Startable, PublicForm]]:
    """The processes that customers may start: those whose start form asks them something."""
    found = ((process, _public_start(process)) for process in startable(session, _filing("*")))
    return [(process, public) for process, public in found if public]


def _process(key: str) -> PublicForm:
    """The customer's form of a process. Raises NoSuchProcess."""
    with services().db.reading() as session:
        process = startable_process(session, _filing(key), key)
    public = _public_start(process)
    if public is None:
        abort(404)
    return public


def _public_start(process: Startable) -> PublicForm | None:
    return _public(process.definition, process.definition.diagram.start_event().id)


def _public(definition: Definition, node_id: str) -> PublicForm | None:
    path = definition.form_path(node_id) if node_id in definition.diagram.nodes else None
    return _read(definition.files[path], path) if path else None


_read = lru_cache(maxsize=500)(public_form)


def _filing(key: str) -> Actor:
    """A customer who may start a process."""
    return replace(CUSTOMER, permissions=frozenset({f"start:{key}"}))


def _slow_down(throttles: Mapping[tuple[str, ...], Throttle]) -> None:
    """Count what an address does, by each of its names. Raises TooMany."""
    counted = {subject(*what, network_address()): throttle for what, throttle in throttles.items()}
    seconds = count(services().db, counted, services().now())
    if seconds:
        raise TooMany(seconds=seconds)


def _remembered() -> list[str]:
    found: list[str] = browser_session.get("filed", [])
    return found


def _remember(number: str) -> None:
    browser_session["filed"] = [number, *(each for each in _remembered() if each != number)][:REMEMBERED]


def _home(refused: str = "") -> str:
    with services().db.reading() as session:
        offered = _offered(session)
    asked = {name: request.form.get(name, "")[:100] for name in ("number", "code")}
    return render_template("portal/home.html", offered=offered, filed=_remembered(), asked=asked, refused=refused)


def _page(key: str, public: PublicForm, controls: str, refused: ClauseflowError | None = None) -> str:
    why_not = refused.text(language()) if refused else None
    with services().db.reading() as session:
        unstaffed = waits_for_nobody(session, in_force(session, key).definition.diagram.lanes)
    told = {"public": public, "controls": controls, "why_not": why_not, "unstaffed": unstaffed}
    return render_template("portal/form.html", key=key, **told)
