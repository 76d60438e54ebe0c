"""The first administrator of a company: somebody has to be there who lets the others in."""

from __future__ import annotations

from datetime import datetime

from company.people.change_person import Details, add_person
from company.people.directory import holders
from company.people.roles import Role, add_role, matrix
from engine.actor import SYSTEM, Actor
from engine.database import command
from engine.errors import ClauseflowError
from engine.session import Session

ADMINISTRATOR = Role("administrator", "系统管理", "Administrator")
PERMITTED = ("administer", "correct", "see:*", "records:*", "edit:*")
"""What the role permits that such a company begins with."""

_INSTALLING = Actor(SYSTEM.id, SYSTEM.name, frozenset({"administer"}))


class AdministratorThere(ClauseflowError):
    """Whoever administers already adds people on the pages."""

    zh = "已经有管理员（{account}），未执行。请由管理员在“人员”页添加人员、重置密码。"
    en = "There is an administrator already ({account}). Nothing was done; people are added on the page “People”."


@command
def add_first_administrator(session: Session, now: datetime, account: str, name: str) -> str:
    """Add somebody who administers to a company without such a person, and give the password for their first log-in.

    Raises AdministratorThere, InvalidPerson, InvalidRole.
    """
    administering = holders(session, "administer")
    if administering:
        raise AdministratorThere(account=administering[0].id)
    role = _role(session)
    if role is None:
        add_role(session, _INSTALLING, now, ADMINISTRATOR, PERMITTED)
    return add_person(session, _INSTALLING, now, account, Details(name.strip()), [role or ADMINISTRATOR.key])


def _role(session: Session) -> str | None:
    """A role that lets people administer, if there is one already."""
    return next((role for role, permits in matrix(session).items() if "administer" in permits), None)
