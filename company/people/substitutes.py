"""Who stands in for whom: a period in which one person may act in another's place, and history names both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update

from company.people import audit_log
from company.people.directory import NotActive, person
from company.people.tables import substitutes
from engine.actor import Actor
from engine.database import command
from engine.errors import ClauseflowError
from engine.session import Session

LONGEST = timedelta(days=366)


class BadPeriod(ClauseflowError):
    """A period that ends before it begins, is over already, or lasts too long."""

    zh = "代理的起止日期不对：应从今天或以后开始，结束不早于开始，最长一年。"
    en = "The period is not right: it begins today or later, does not end before it begins, and lasts a year at most."


class OwnSubstitute(ClauseflowError):
    """Nobody stands in for themselves."""

    zh = "代理人不能是本人。"
    en = "You cannot stand in for yourself."


class AlreadySubstituted(ClauseflowError):
    """The same person stands in already within that period."""

    zh = "这段时间里已由此人代理。"
    en = "This person stands in for that time already."


class NoSuchSubstitute(ClauseflowError):
    """No substitution of that number is in force or to come."""

    zh = "没有这项代理，或它已经结束。"
    en = "There is no such substitution, or it has ended."


@dataclass(frozen=True, slots=True)
class Substitution:
    """`substitute` acts for `principal` from `starts_at` until just before `ends_at` (UTC)."""

    id: int
    principal: str
    substitute: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_by: str


def substitutions(session: Session, account: str, now: datetime) -> list[Substitution]:
    """Those in force or to come in which the person is on either side, soonest first."""
    either = or_(substitutes.c.principal == account, substitutes.c.substitute == account)
    columns = [substitutes.c[name] for name in Substitution.__dataclass_fields__]
    chosen = select(*columns).where(either, substitutes.c.ends_at > now)
    return [Substitution(*row) for row in session.execute(chosen.order_by(substitutes.c.starts_at, substitutes.c.id))]


@command
def add_substitute(
    session: Session,
    actor: Actor,
    now: datetime,
    principal: str,
    substitute: str,
    starts_at: datetime,
    ends_at: datetime,
    reason: str = "",
) -> None:
    """Let somebody act for `principal` for a period: for oneself, or as an administrator for anybody.

    Raises NotPermitted, NoSuchPerson, NotActive, OwnSubstitute, BadPeriod, AlreadySubstituted.
    """
    if principal != actor.id:
        actor.require("administer")
    if substitute == principal:
        raise OwnSubstitute
    if not (now < ends_at and starts_at < ends_at <= starts_at + LONGEST) or starts_at < now - timedelta(days=1):
        raise BadPeriod
    for account in (principal, substitute):
        if not person(session, account).active:
            raise NotActive(account=account)
    pair = substitutes.c.principal == principal, substitutes.c.substitute == substitute
    overlap = select(substitutes.c.id).where(
        *pair, substitutes.c.starts_at < ends_at, substitutes.c.ends_at > starts_at
    )
    if session.execute(overlap).first():
        raise AlreadySubstituted
    period = {"starts_at": starts_at, "ends_at": ends_at, "reason": reason.replace("\0", "").strip()[:200]}
    row = {"principal": principal, "substitute": substitute, "created_at": now, "created_by": actor.id}
    session.execute(insert(substitutes).values(**row, **period))
    audit_log.record(session, actor, now, "add_substitute", principal, {"substitute": substitute, **period})


@command
def end_substitute(session: Session, actor: Actor, now: datetime, number: int) -> None:
    """End a substitution now; what was done in it stays. The principal or an administrator may.

    Raises NoSuchSubstitute, to others as well: they do not learn which numbers there are.
    """
    chosen = select(substitutes).where(substitutes.c.id == number, substitutes.c.ends_at > now)
    row = session.execute(chosen).one_or_none()
    if row is None or not (row.principal == actor.id or actor.may("administer")):
        raise NoSuchSubstitute
    session.execute(update(substitutes).where(substitutes.c.id == number).values(ends_at=now))
    audit_log.record(session, actor, now, "end_substitute", row.principal, {"substitute": row.substitute})
