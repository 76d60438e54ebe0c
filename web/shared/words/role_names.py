"""What roles are called, for the addresses of diagrams and decisions that name them (`role:finance`)."""

from __future__ import annotations

from flask import g
from flask_babel import gettext as _

from company.people.roles import all_roles
from web.shared.language import in_language
from web.shared.services import services


def name_of_address(text: str) -> str:
    """The role's name when the text is the address of one, which this company may lack; any other text as it is."""
    kind, _colon, key = text.partition(":")
    return _names().get(key) or _("未设立的角色") if kind == "role" else text


def _names() -> dict[str, str]:
    """Every role's name in the reader's language, looked up once per request."""
    if "role_names" not in g:
        with services().db.reading() as session:
            g.role_names = {role.key: in_language(role.name, role.name_en) for role in all_roles(session)}
    found: dict[str, str] = g.role_names
    return found
