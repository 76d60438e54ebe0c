"""Anchors: roots over the heads of histories that leave the database, so that what they cover cannot change unseen.

An anchor's root is the RFC 6962 tree hash over the previous root and the heads `[number, seq, hash]` that changed
since, in number order. The database keeps it; a line of JSON in a file outside keeps it again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, text, update

from engine.database import command
from engine.history.access_log import cover, root_of_accesses, uncovered
from engine.history.anchoring.tree import tree_hash
from engine.history.audit_log import newest_row
from engine.history.chain import GENESIS
from engine.session import Session
from engine.tables import anchor_heads, anchors, entries, instances
from engine.values import encode

STAMP_LINE = '{"stamp": '
"""How the lines begin that keep a time-stamp, see `engine.history.anchoring.stamps`; the others keep an anchor."""

AnchoredHead = tuple[str, int, bytes]
"""An instance's number, its newest entry's seq and that entry's hash (32 bytes)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A taken anchor: `root` (32 bytes) covers all the rest and, by the root before it, all earlier anchors.

    `openings` are how many rows of that table it covers, and their root; None for none. `acts` are the newest row of
    the audit log and its hash; None where it did not grow since the anchor before. `stamp` is the time-stamp
    of the root as the database keeps it.
    """

    id: int
    at: datetime
    root: bytes
    heads: tuple[AnchoredHead, ...]
    openings: tuple[int, bytes] | None = None
    stamp: bytes | None = None
    acts: tuple[int, bytes] | None = None


def root_of(
    previous: bytes,
    heads: Sequence[AnchoredHead],
    openings: tuple[int, bytes] | None = None,
    acts: tuple[int, bytes] | None = None,
) -> bytes:
    """The root over the previous one, the heads in number order, and the openings and acts if there are any."""
    leaves = [previous, *(encode([number, seq, head.hex()]) for number, seq, head in sorted(heads))]
    for kind, covered in (("openings", openings), ("acts", acts)):
        if covered:
            leaves.append(encode([kind, covered[0], covered[1].hex()]))
    return tree_hash(leaves)


@command
def take_anchor(
    session: Session, now: datetime, outside: Path | None, every: timedelta = timedelta(0)
) -> Anchor | None:
    """Anchor every head that changed, every opening, and every act of administrators since the last anchor.

    None when there is nothing new, or the last is younger than `every`. `outside` is the file that gets a line
    `{"id", "at", "root", "heads", "openings", "acts"}`; it is written before the commit, so an anchor that the database
    knows is never missing there. Ids count up without gaps, so that one whose commit failed is taken again.
    """
    if session.dialect == "postgresql":
        session.execute(text("LOCK TABLE anchors IN SHARE ROW EXCLUSIVE MODE"))
    if _is_recent(session, now, every):
        return None
    ids, looks, acts = _changed(session), uncovered(session), _new_acts(session)
    if not ids and not looks and not acts:
        return None
    seen = (len(looks), root_of_accesses(looks)) if looks else None
    last_id, previous = (roots(session) or [(0, GENESIS)])[-1]
    heads = tuple(sorted(head for _, head in ids))
    anchor = Anchor(last_id + 1, now, root_of(previous, heads, seen, acts), heads, seen, acts=acts)
    _store(session, anchor, ids)
    cover(session, looks, anchor.id)
    if outside is not None:
        _write_outside(outside, anchor)
    return anchor


def _is_recent(session: Session, now: datetime, every: timedelta) -> bool:
    last = session.execute(select(anchors.c.at).order_by(anchors.c.id.desc()).limit(1)).scalar()
    return last is not None and now - every < last <= now


def _changed(session: Session) -> list[tuple[int, AnchoredHead]]:
    """The id and the head of every instance that has entries no anchor covers."""
    rows = session.execute(
        select(instances.c.id, instances.c.number, instances.c.seq, entries.c.hash)
        .join(entries, (entries.c.instance_id == instances.c.id) & (entries.c.seq == instances.c.seq))
        .where(instances.c.seq > instances.c.anchored_seq)
    )
    return [(row.id, (row.number, row.seq, row.hash)) for row in rows]


def _new_acts(session: Session) -> tuple[int, bytes] | None:
    """The newest row of the audit log, unless an anchor covers it."""
    newest = newest_row(session)
    covered = session.execute(select(func.max(anchors.c.acts))).scalar() or 0
    return newest if newest and newest[0] > covered else None


def _store(session: Session, anchor: Anchor, ids: Sequence[tuple[int, AnchoredHead]]) -> None:
    session.execute(insert(anchors).values(_row(anchor)))
    rows = [{"anchor_id": anchor.id, "instance_id": i, "seq": seq, "hash": head} for i, (_, seq, head) in ids]
    if rows:
        session.execute(insert(anchor_heads), rows)
    for instance_id, (_, seq, _) in ids:
        session.execute(update(instances).where(instances.c.id == instance_id).values(anchored_seq=seq))


def _row(anchor: Anchor) -> dict[str, Any]:
    row: dict[str, Any] = {"id": anchor.id, "at": anchor.at, "root": anchor.root}
    row["openings"], row["openings_root"] = anchor.openings or (0, None)
    row["acts"], row["acts_hash"] = anchor.acts or (0, None)
    return row


def _write_outside(path: Path, anchor: Anchor) -> None:
    line: dict[str, Any] = {
        "id": anchor.id,
        "at": anchor.at.isoformat(),
        "root": anchor.root.hex(),
        "heads": [[number, seq, head.hex()] for number, seq, head in anchor.heads],
    }
    for kind, covered in (("openings", anchor.openings), ("acts", anchor.acts)):
        if covered:
            line[kind] = [covered[0], covered[1].hex()]
    append_line(path, line)


def append_line(path: Path, line: dict[str, Any]) -> None:
    """Add a line to the file outside; it is on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_outside(path: Path, number: str | None = None) -> list[Anchor]:
    """The anchors kept outside, in the order they were written: all, or those that name one instance.

    Empty when there is no file. Raises ValueError, KeyError or TypeError for a line that is none of ours.
    """
    if not path.exists():
        return []
    named = "" if number is None else json.dumps(number, ensure_ascii=False)
    with path.open(encoding="utf-8") as file:
        return [_of_line(json.loads(text)) for text in file if named in text and not text.startswith(STAMP_LINE)]


def _of_line(line: dict[str, Any]) -> Anchor:
    heads = tuple((number, int(seq), bytes.fromhex(head)) for number, seq, head in line["heads"])
    openings, acts = (
        (int(line[kind][0]), bytes.fromhex(line[kind][1])) if kind in line else None for kind in ("openings", "acts")
    )
    at, root = datetime.fromisoformat(line["at"]), bytes.fromhex(line["root"])
    return Anchor(int(line["id"]), at, root, heads, openings, acts=acts)


def stored_anchors(session: Session, number: str | None = None) -> list[Anchor]:
    """The anchors that the database holds, in order: all, or those that cover one instance."""
    rows = (
        select(anchor_heads.c.anchor_id, instances.c.number, anchor_heads.c.seq, anchor_heads.c.hash)
        .outerjoin(instances, instances.c.id == anchor_heads.c.instance_id)
        .order_by(anchor_heads.c.anchor_id)
    )
    found = select(anchors).order_by(anchors.c.id)
    if number is not None:
        covering = select(anchor_heads.c.anchor_id).join(instances).where(instances.c.number == number)
        rows = rows.where(anchor_heads.c.anchor_id.in_(covering))
        found = found.where(anchors.c.id.in_(covering))
    heads: dict[int, list[AnchoredHead]] = {}
    for row in session.execute(rows):
        heads.setdefault(row.anchor_id, []).append((row.number or "", row.seq, row.hash))
    return [
        Anchor(row.id, row.at, row.root, tuple(sorted(heads.get(row.id, []))),
               (row.openings, row.openings_root or b"") if row.openings else None, row.stamp,
               (row.acts, row.acts_hash or b"") if row.acts else None)
        for row in session.execute(found)
    ]  # fmt: skip


def roots(session: Session) -> list[tuple[int, bytes]]:
    """The id and root of every anchor in the database, in order."""
    return [(row.id, row.root) for row in session.execute(select(anchors.c.id, anchors.c.root).order_by(anchors.c.id))]
