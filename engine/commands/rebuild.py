"""Make the cache again from the record: every state and every wait, by carrying out the entries once more."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from engine.bpmn import store_state
from engine.database import command
from engine.history.append import NoSuchInstance, state_hash
from engine.history.definitions import by_id
from engine.history.entries import entries_of
from engine.history.entry_texts import keep_text
from engine.history.titles import titles
from engine.history.wait_rows import keep_waits
from engine.proving.reexecute import replay
from engine.session import Session
from engine.tables import entry_texts, instances, waits


@command
def rebuild(session: Session, number: str) -> None:
    """Rebuild state and waits of one instance from its entries; leases of jobs under way are dropped.

    Raises NoSuchInstance and, with nothing changed, what `advance` raises when an entry cannot be carried out again.
    """
    wanted = select(instances.c.id, instances.c.key, instances.c.definition_id).where(instances.c.number == number)
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NoSuchInstance(instance=number)
    instance_id, key, definition_id = found
    definition = by_id(session, definition_id).definition
    for table in (waits, entry_texts):
        session.execute(delete(table).where(table.c.instance_id == instance_id))
    state = None
    for step in replay(session, list(entries_of(session, instance_id))):
        state = step.state
        before, given = step.before.waits if step.before else [], step.entry.recorded_input(None)
        keep_waits(session, instance_id, key, before, step.effects, state, given)
        found_by = [] if step.before else [number]
        found_by += titles(definition, state).values() if "title" in step.effects else ()
        keep_text(session, instance_id, state.seq, given, found_by)
    assert state is not None
    row = {"state": store_state(state), "state_hash": state_hash(state), "seq": state.seq, "status": state.status}
    row |= titles(definition, state)
    session.execute(update(instances).where(instances.c.id == instance_id).values(row))
