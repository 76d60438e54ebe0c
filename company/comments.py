"""Comments people leave on a case: talk beside the process, of which history, hashes and replay know nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, bindparam, func, insert, select

from company.people.tables import ACCOUNT, people
from engine.actor import Actor
from engine.database import command
from engine.errors import ClauseflowError
from engine.queries import find_case
from engine.session import Session
from engine.tables import UtcDateTime, metadata

LONGEST = 10_000
"""Characters of a comment."""
SHOWN = 50
"""The newest comments of a case that its pages show unasked."""

comments = Table(
    "comments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String(60), nullable=False),
    Column("person", String(ACCOUNT), ForeignKey("people.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "number", "id"),
)
"""`number` is the case's; rows are only ever added."""


class EmptyComment(ClauseflowError):
    """A comment without words."""

    zh = "评论是空的，请写点什么再发表。"
    en = "The comment is empty. Please write something first."


class CommentTooLong(ClauseflowError):
    """A comment of more than LONGEST characters."""

    zh = "评论有 {length} 个字，最多 {limit} 个，请分几条发表。"
    en = "The comment has {length} characters, at most {limit} fit. Please write several."


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment; `name` and `name_en` are its author's, `at` is UTC."""

    person: str
    name: str
    name_en: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Talk:
    """The newest comments on a case, oldest first; `hidden` counts the older ones."""

    comments: list[Comment]
    hidden: int


def comments_on(session: Session, number: str, *, whole: bool = False) -> Talk:
    """What is said on a case, for somebody who has been let see the case; `whole` reads even the oldest."""
    asked = _of_case if whole else _of_case.limit(SHOWN)
    found = [Comment(*row) for row in reversed(session.execute(asked, {"case": number}).all())]
    full = not whole and len(found) == SHOWN
    return Talk(found, session.execute(_count, {"case": number}).scalar_one() - SHOWN if full else 0)


_of_case = (
    select(comments.c.person, people.c.name, people.c.name_en, comments.c.at, comments.c.text)
    .join(people, people.c.id == comments.c.person)
    .where(comments.c.number == bindparam("case"))
    .order_by(comments.c.id.desc())
)
_count = select(func.count()).select_from(comments).where(comments.c.number == bindparam("case"))


@command
def add_comment(session: Session, actor: Actor, now: datetime, number: str, text: str) -> None:
    """Leave a comment on a case the actor may see.

    Raises NoSuchInstance, NotPermitted, EmptyComment, CommentTooLong.
    """
    words = _clean(text)
    head = find_case(session, actor, number)
    if not words:
        raise EmptyComment
    if len(words) > LONGEST:
        raise CommentTooLong(length=len(words), limit=LONGEST)
    session.execute(insert(comments).values(number=head.number, person=actor.id, at=now, text=words))


def _clean(text: str) -> str:
    """The words with line ends as on every machine; a NUL in a text is an error to one of the databases."""
    return text.replace("\r\n", "\n").replace("\0", "").strip()
