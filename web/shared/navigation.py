"""The ways through the product that a person sees: one visible table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask_babel import lazy_gettext as _

from engine.actor import Actor


@dataclass(frozen=True, slots=True)
class Way:
    """One entry of the main navigation. `permission` is what a person needs to see it, None for everybody.

    A permission that ends in a colon stands for any of its kind.
    """

    endpoint: str
    name: Any
    permission: str | None = None
    covers: tuple[str, ...] = ()
    """Other blueprints whose pages belong to it."""

    @property
    def address(self) -> str:
        return url_for(self.endpoint)

    @property
    def current(self) -> bool:
        """Whether the page shown belongs to this way."""
        return request.blueprint in (self.endpoint.partition(".")[0], *self.covers)


WAYS = (
    Way("inbox.show", _("待办"), covers=("tasks",)),
    Way("start.choose", _("发起")),
    Way("cases.search", _("事项")),
    Way("records.choose", _("档案"), "records:"),
    Way("notifications.show", _("通知")),
    Way("clauses.search", _("条款")),
    Way("design.choose", _("表单设计"), "deploy"),
    Way("audit.search", _("稽核"), "audit"),
    Way("admin.people", _("管理"), "administer", covers=("admin.roles", "admin.calendar", "admin.running")),
)


def ways() -> list[Way]:
    """The ways open to the person of this request."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        return []
    return [way for way in WAYS if way.permission is None or _may(actor, way.permission)]


def _may(actor: Actor, permission: str) -> bool:
    return actor.may_any(permission[:-1]) if permission.endswith(":") else actor.may(permission)
