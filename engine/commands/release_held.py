"""Tasks whose holder can no longer do them go back to their groups: an entry of kind `assign` each, saying why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from engine.actor import Actor
from engine.bpmn import Input, WaitId
from engine.commands.case import record
from engine.database import command
from engine.history.append import load_to_write
from engine.session import Session
from engine.tables import waits


@command
def release_held(
    session: Session, actor: Actor, now: datetime, holder: str, why: str, still: Collection[str] = ()
) -> int:
    """Release what `holder` holds outside the lanes they may `still` work in (`*`: all); how many tasks.

    The caller has authorised it. `why` is `deactivated` or `roles`: history keeps it with
    the holder as the facts `why` and `held_by`. Cases that rest are no exception.
    """
    if "*" in still:
        return 0
    held = waits.c.closed_at.is_(None), waits.c.kind == "task", waits.c.assignee == holder
    place = waits.c.instance_id, waits.c.seq, waits.c.k
    lost = [row for row in session.execute(select(*place, waits.c.lane).where(*held).order_by(*place))
            if row.lane not in still]  # fmt: skip
    for row in lost:
        given = Input("assign", now, actor.id, None, WaitId(row.seq, row.k), {"to": None},
                      facts={"why": why, "held_by": holder})  # fmt: skip
        record(session, load_to_write(session, row.instance_id), given)
    return len(lost)
