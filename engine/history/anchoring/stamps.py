"""Time-stamps of anchors: asked for when an anchor is taken, kept beside it and in the file outside.

The authority may be away: an anchor stands without its stamp, and the worker asks again later.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Row

from engine.database import Database, command
from engine.history.anchoring.anchors import STAMP_LINE, append_line
from engine.history.anchoring.stamp_tokens import FalseStamp, Stamp, new_token, read_token
from engine.session import Session
from engine.tables import anchors

AT_ONCE = 10
"""Anchors stamped one after the other in one round: an authority that was just set is not asked for years at once."""


def unstamped(session: Session) -> Sequence[Row[Any, Any, Any]]:
    """Id, moment and root of the anchors without a stamp, newest first: it covers those before it, too."""
    query = select(anchors.c.id, anchors.c.at, anchors.c.root).where(anchors.c.stamp.is_(None))
    return session.execute(query.order_by(anchors.c.id.desc())).all()


def stamp_anchors(db: Database, outside: Path | None, trusted: bytes, ask: Callable[[bytes], bytes]) -> int:
    """Have anchors stamped that have no stamp yet, the newest AT_ONCE of them; returns how many were.

    `ask` sends a request to the authority and returns its answer, outside any transaction; `trusted` holds root
    certificates (PEM). Raises what `ask` raises, and FalseStamp for an answer that is none; earlier ones stay stamped.
    """
    with db.reading() as session:
        wanted = unstamped(session)[:AT_ONCE]
    for anchor in wanted:
        stamp_anchor(db, anchor.id, outside, trusted, ask)
    return len(wanted)


def stamp_anchor(
    db: Database, anchor_id: int, outside: Path | None, trusted: bytes, ask: Callable[[bytes], bytes]
) -> None:
    """Have one anchor stamped, unless it is; as `stamp_anchors`, and raises what that raises."""
    with db.reading() as session:
        anchor = next((each for each in unstamped(session) if each.id == anchor_id), None)
    if anchor is not None:
        _keep(db, anchor, new_token(anchor.root, trusted, ask), outside)


@command
def _keep(session: Session, anchor: Row[Any, Any, Any], token: bytes, outside: Path | None) -> None:
    """As an anchor itself, the line outside is written before the commit. Who stamped first is kept."""
    mine = (anchors.c.id == anchor.id) & (anchors.c.root == anchor.root) & anchors.c.stamp.is_(None)
    kept: Any = session.execute(update(anchors).where(mine).values(stamp=token))
    if kept.rowcount and outside is not None:
        append_line(outside, {"stamp": anchor.id, "root": anchor.root.hex(),
                              "token": base64.b64encode(token).decode()})  # fmt: skip


def read_outside_stamps(path: Path, ids: Collection[int] | None = None) -> Iterator[tuple[int, bytes, bytes]]:
    """The anchor's id, root and token of the lines that keep a stamp: all, or those of some anchors.

    Raises ValueError, KeyError or TypeError for a line that is none of ours.
    """
    if not path.exists():
        return
    with path.open(encoding="utf-8") as file:
        for text in file:
            if text.startswith(STAMP_LINE) and (ids is None or _id_of(text) in ids):
                line = json.loads(text)
                yield int(line["stamp"]), bytes.fromhex(line["root"]), base64.b64decode(line["token"], validate=True)


def _id_of(text: str) -> int:
    return int(text[len(STAMP_LINE) : text.index(",")])


def read_stamps(
    tokens: Iterable[tuple[int, bytes, bytes]], trusted: bytes
) -> dict[bytes, tuple[int, Stamp | FalseStamp]]:
    """What tokens say, each with its anchor's id and root: by root the earliest stamp, or what is wrong with any."""
    found: dict[bytes, tuple[int, Stamp | FalseStamp]] = {}
    for anchor, root, token in {(root, token): (anchor, root, token) for anchor, root, token in tokens}.values():
        found[root] = anchor, _worse(found.get(root, (anchor, None))[1], _read(token, root, trusted))
    return found


def _read(token: bytes, root: bytes, trusted: bytes) -> Stamp | FalseStamp:
    try:
        return read_token(token, root, trusted)
    except FalseStamp as false:
        return false


def _worse(one: Stamp | FalseStamp | None, other: Stamp | FalseStamp) -> Stamp | FalseStamp:
    """A false one before a sound one, else the earlier."""
    if one is None or isinstance(other, FalseStamp):
        return other
    return one if isinstance(one, FalseStamp) or one.at <= other.at else other
