"""Who acts: a person with permissions, perhaps in somebody else's place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.errors import ClauseflowError


class NotPermitted(ClauseflowError):
    """The actor lacks the permission."""

    status = 403
    zh = "{actor} 没有权限：{permission}。"
    en = "{actor} may not do this: {permission}."


@dataclass(frozen=True, slots=True)
class Actor:
    """A person and what they may do, as the directory of people has it.

    Permissions are texts: `start:<process>`, `work:<lane>`, `reassign:<lane>`, `see:<process>`, `records:<kind>`,
    `edit:<kind>`, `correct`, `deploy`, `audit`, `administer`; `see:*` and the like cover every process. `substitutes`
    holds the permissions of each person this one acts for at the moment.
    """

    id: str
    name: str = ""
    permissions: frozenset[str] = frozenset()
    substitutes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may(self, permission: str) -> bool:
        """Whether the actor holds the permission in their own right or as a substitute."""
        return _holds(self.permissions, permission) or any(_holds(p, permission) for p in self.substitutes.values())

    def may_any(self, kind: str) -> bool:
        """Whether the actor holds any permission of a kind, such as `see`."""
        held = self.permissions.union(*self.substitutes.values())
        return any(permission.startswith(f"{kind}:") for permission in held)

    def in_place_of(self, permission: str, assignee: str | None = None) -> str | None:
        """For whom the actor uses `permission`: None for themselves, else the person they substitute.

        `assignee`: the task is this person's, so only they or their substitute may act. Whoever is acted for must hold
        the permission now: what a person has lost, nobody does in their place. Raises NotPermitted.
        """
        if assignee in (None, self.id) and _holds(self.permissions, permission):
            return None
        for person in sorted(self.substitutes) if assignee is None else (assignee,):
            if self.stands_in_for(person, permission):
                return person
        raise NotPermitted(actor=self.name or self.id, permission=permission)

    def stands_in_for(self, person: str, permission: str) -> bool:
        """Whether the actor may use the permission of that person, who holds it now, in their place."""
        return _holds(self.substitutes.get(person, frozenset()), permission)

    def require(self, permission: str) -> None:
        """Raise NotPermitted unless the actor may."""
        if not self.may(permission):
            raise NotPermitted(actor=self.name or self.id, permission=permission)

    def lanes(self, kind: str = "work") -> set[str]:
        """The lanes the actor may work in, or reassign, own and substituted; `*` stands for all."""
        return lanes_in(self.permissions.union(*self.substitutes.values()), kind)


def lanes_in(permissions: Iterable[str], kind: str = "work") -> set[str]:
    """The lanes of the permissions of a kind."""
    return {held.removeprefix(f"{kind}:") for held in permissions if held.startswith(f"{kind}:")}


def _holds(permissions: frozenset[str], wanted: str) -> bool:
    kind, _, subject = wanted.partition(":")
    return wanted in permissions or (bool(subject) and f"{kind}:*" in permissions)


SYSTEM = Actor(
    "system",
    "system",
    frozenset(
        {"start:*", "work:*", "reassign:*", "see:*", "records:*", "edit:*", "correct", "deploy", "audit", "administer"}
    ),
)
"""The product itself: demo loading, scenarios and the worker's own acts."""

CUSTOMER = Actor("customer:web", "customer")
"""Whoever files something without a log-in; a name with a colon is nobody's account."""
