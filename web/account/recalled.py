"""What a kept form says, as people read it: the form's own labels and values where the form is one of ours, and theirs.

The person has just logged in. They read what they typed themselves, nothing of the case it belongs to.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import lazy_gettext as words
from werkzeug.exceptions import HTTPException

from company.people.directory import actor_of
from company.records.kinds import kind_of
from company.records.save import require_keeper
from engine import forms
from engine.actor import Actor
from engine.errors import ClauseflowError
from engine.history.definitions import in_force
from engine.queries import find_case, startable_process, task_form
from engine.session import Session
from engine.task_id import TaskId
from web.shared.kept_form import KeptForm
from web.shared.language import language
from web.shared.services import services
from web.shared.zone import company_zone

LABELS = {
    "_reason": words("理由"),
    "reason": words("理由"),
    "text": words("评论"),
    "values": words("带回的数据"),
    "quantity": words("数量"),
    "note": words("说明"),
    "way": words("入库或出库"),
    "account": words("账号"),
    "name": words("名称"),
    "name_en": words("英文名称"),
    "title": words("职务"),
    "department": words("部门"),
    "roles": words("角色"),
    "description": words("描述"),
    "email": words("邮箱"),
    "phone": words("固话"),
    "mobile": words("手机"),
    "gender": words("性别"),
    "language": words("语言"),
    "substitute": words("代理人"),
    "until": words("到（含当天）"),
}
"""What fields are called on pages that no form file draws; others go by their names."""

TEXTS = {
    ("gender", "female"): words("女"),
    ("gender", "male"): words("男"),
    ("way", "in"): words("入库"),
    ("way", "out"): words("出库"),
    ("language", "zh"): "中文",
    ("language", "en"): "English",
}
"""What their choices are called."""


def recalled(session: Session, person: str, kept: KeptForm) -> list[forms.Recalled]:
    """Everything the person filled in, in the order of their form; by names where it cannot be found any more."""
    form = _form(session, person, kept)
    told = forms.recalled(form, kept.post(), language=language(), zone=company_zone()) if form else []
    others = [(name, value) for name, value in kept.fields if value.strip() and not _known(form, name)]
    return told + [forms.Recalled(str(LABELS.get(name, name)), str(TEXTS.get((name, value), value)))
                   for name, value in others if name in LABELS or not _of_the_page(name)]  # fmt: skip


def _known(form: forms.Form | None, name: str) -> bool:
    return form is not None and forms.field_at(form, name) is not None


def _of_the_page(name: str) -> bool:
    return name.startswith("_") or name.endswith(f"-{forms.ROW_BUTTON}") or name == "next"


def _form(session: Session, person: str, kept: KeptForm) -> forms.Form | None:
    """The form that was posted, when the person may meet it."""
    try:
        actor = actor_of(session, person, services().now())
        endpoint, at = current_app.url_map.bind("").match(urlsplit(kept.action).path, "POST")
        return _form_of(session, actor, endpoint, at)
    except (ClauseflowError, HTTPException):
        return None


def _form_of(session: Session, actor: Actor, endpoint: str, at: Mapping[str, str]) -> forms.Form | None:
    match endpoint:
        case "tasks.submit":
            return task_form(session, actor, TaskId.parse(at["task_id"]))
        case "start.submit":
            return startable_process(session, actor, at["key"]).form
        case "records.create" | "records.change":
            kind = kind_of(at["kind"])
            require_keeper(actor, kind)
            return kind.form
        case "interventions.correct":
            definition = in_force(session, find_case(session, actor, at["number"]).key).definition
            asked = (definition.form(node_id) for node_id in definition.diagram.nodes)
            return next(filter(None, (forms.alone(form, at["name"]) for form in asked if form)), None)
    return None
