"""Anchors: roots over the heads of histories that leave the database, so that what they cover cannot change unseen.

An anchor's root is the RFC 6962 tree hash over the previous root and the heads `[number, seq, hash]` that changed
since, in number order. The database keeps it; a line of JSON in a file outside keeps it again (design D5).
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from engine.database import Database
from engine.history.chain import GENESIS, digest
from engine.tables import anchor_heads, anchors, entries, instances
from engine.values import encode


@dataclass(frozen=True, slots=True)
class Anchor:
    """A taken anchor: `heads` counts the histories it covers, `root` is 32 bytes."""

    id: int
    at: datetime
    root: bytes
    heads: int


def tree_hash(leaves: Sequence[bytes]) -> bytes:
    """The RFC 6962 Merkle tree hash of the leaves, 32 bytes."""
    if not leaves:
        return digest(b"")
    if len(leaves) == 1:
        return digest(b"\x00" + leaves[0])
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return digest(b"\x01" + tree_hash(leaves[:split]) + tree_hash(leaves[split:]))


def take_anchor(db: Database, now: datetime, outside: Path | None) -> Anchor | None:
    """Anchor every head that changed since the last anchor; None when nothing did.

    `outside` is the file that gets a line `{"id", "at", "root", "heads"}`; it is written before the commit, so a
    root the database knows is never missing there.
    """

    def work(session: Session) -> Anchor | None:
        changed = select(instances.c.id, instances.c.number, instances.c.seq, entries.c.hash).join(
            entries, (entries.c.instance_id == instances.c.id) & (entries.c.seq == instances.c.seq)
        )
        heads = session.execute(
            changed.where(instances.c.seq > instances.c.anchored_seq).order_by(instances.c.number)
        ).all()
        if not heads:
            return None
        root = root_of(last_root(session), [(head.number, head.seq, head.hash) for head in heads])
        row_id: int = session.execute(insert(anchors).values(at=now, root=root).returning(anchors.c.id)).scalar_one()
        session.execute(
            insert(anchor_heads),
            [{"anchor_id": row_id, "instance_id": h.id, "seq": h.seq, "hash": h.hash} for h in heads],
        )
        for head in heads:
            session.execute(update(instances).where(instances.c.id == head.id).values(anchored_seq=head.seq))
        anchor = Anchor(row_id, now, root, len(heads))
        if outside is not None:
            _write_outside(outside, anchor)
        return anchor

    return db.write(work)


def root_of(previous: bytes, heads: Sequence[tuple[str, int, bytes]]) -> bytes:
    """The root over the previous one and heads `(number, seq, hash)` in number order."""
    return tree_hash([previous, *(encode([number, seq, head.hex()]) for number, seq, head in sorted(heads))])


def last_root(session: Session, before: int | None = None) -> bytes:
    """The newest root, or the newest before anchor `before`; 32 zero bytes when there is none."""
    query = select(anchors.c.root).order_by(anchors.c.id.desc()).limit(1)
    if before is not None:
        query = query.where(anchors.c.id < before)
    return session.execute(query).scalar() or GENESIS


def _write_outside(path: Path, anchor: Anchor) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    line = {"id": anchor.id, "at": anchor.at.isoformat(), "root": anchor.root.hex(), "heads": anchor.heads}
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_outside(path: Path) -> dict[int, bytes]:
    """The roots kept outside by anchor id, the last line of an id counting; empty when there is no file."""
    if not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return {int(line["id"]): bytes.fromhex(line["root"]) for line in lines}
