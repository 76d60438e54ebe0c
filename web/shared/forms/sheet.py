"""A form on a page: drawn with what was typed, read from a post, judged by the command that takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, request
from flask_babel import gettext
from markupsafe import Markup

from engine import forms
from engine.commands.step import at_the_time
from engine.errors import Problem
from engine.history import calendars
from engine.session import Session
from web.shared.forms import uploads
from web.shared.forms.outside import outside
from web.shared.language import language
from web.shared.services import services
from web.shared.zone import company_zone


def draft_key(*place: object) -> str:
    """Under which a browser keeps the draft of a form at `place`: one for each person."""
    return ":".join(map(str, (*place, g.actor.id)))


def form_environment() -> forms.FormEnvironment:
    """What forms may use besides values: records, files, and the same time and calendar that the commands give them."""
    if "environment" not in g:
        with services().db.reading() as session:
            look_around(session, calendars.hash_in_force(session))
    found: forms.FormEnvironment = g.environment
    return found


def look_around(session: Session, calendar: str) -> None:
    """Have `form_environment` stand on the working calendar of that hash, with no session of its own."""
    g.environment = at_the_time(session, outside(), services().now(), calendar)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form (None: nothing to fill in, only to confirm) and the variables it may read."""

    form: forms.Form | None
    context: Mapping[str, Any] = field(default_factory=dict)

    def draw(self, raw: Mapping[str, Any] | None = None, problems: Sequence[Problem] = ()) -> Markup:
        """The controls: as the form opens, or with the `raw` values of a post and what is wrong with them."""
        if self.form is None:
            return Markup("")
        environment = form_environment()
        values = forms.initial(self.form, self.context, environment) if raw is None else raw
        return forms.render(self.form, values, self.context, problems, language=language(), environment=environment)

    def posted(self) -> dict[str, Any]:
        """The raw values of this request's post; its files are left alone."""
        post = request.form.to_dict(flat=False)
        return forms.parse_post(self.form, post) if self.form else {}

    def received(self) -> tuple[dict[str, Any], list[Problem]]:
        """The raw values of this request's post with its files, now stored; and which files were not taken, and why."""
        if self.form is None or not request.files:
            return self.posted(), []
        post, problems = uploads.receive(self.form, request.form.to_dict(flat=False))
        return forms.parse_post(self.form, post), problems

    def all_problems(self, raw: Mapping[str, Any], uploading: Sequence[Problem]) -> list[Problem]:
        """What is wrong with a post some of whose files were not taken: those files, and the other fields."""
        return self.judged(raw, uploading)[1]

    def judged(self, raw: Mapping[str, Any], uploading: Sequence[Problem]) -> tuple[dict[str, Any], list[Problem]]:
        """What may be stored of a post, and every problem, those files first that were not taken."""
        if self.form is None:
            return {}, []
        values, judged = forms.validate(self.form, raw, self.context, form_environment())
        places = {problem.where for problem in uploading}
        return values, [*uploading, *(problem for problem in judged if problem.where not in places)]

    def with_row_button(self, raw: Mapping[str, Any], problems: Sequence[Problem] = ()) -> Markup | None:
        """The controls after a row button was pressed instead of the submit button; None when it was not."""
        button = request.form.get(forms.ROW_BUTTON)
        if button is None or self.form is None:
            return None
        return self.draw(forms.apply_row_button(self.form, raw, button), problems)

    def evaluate(self) -> dict[str, Any]:
        """How the form stands with what is typed so far, for the page's script."""
        if self.form is None:
            return {}
        return forms.evaluate(
            self.form, self.posted(), self.context, language=language(), environment=form_environment()
        )

    def said(self, values: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Labels and texts of values, for reading; stored files are links that open them."""
        if self.form is None:
            return []
        return forms.display(self.form, values, language=language(), environment=form_environment(), links=True)

    def typed(self) -> str:
        """What this request posted, in the form's words as plain text to copy: a line for each field and each row."""
        if self.form is None:
            return ""
        post = request.form.to_dict(flat=False)
        told = forms.recalled(self.form, post, language=language(), zone=company_zone())
        return "\n".join(line for one in told for line in _lines(one))


def _lines(one: forms.Recalled) -> list[str]:
    rows = ["、".join(f"{cell.label} {cell.text}" for cell in row) for row in one.rows]
    first = gettext("%(label)s：%(text)s", label=one.label, text=one.text)
    return [first, *(f"　{row}" for row in rows if row)]
