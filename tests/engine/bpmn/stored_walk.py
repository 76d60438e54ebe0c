"""A walk through a database: every step a transaction of its own that loads the case cold, and a proof at the end."""

from __future__ import annotations

from itertools import count

from engine.bpmn import Definition, Effects, Input, State, advance
from engine.commands.deploy_definition import _version_of
from engine.database import Database
from engine.history.append import append, begin, load
from engine.history.definitions import Deployed
from engine.proving.reexecute import verify
from engine.session import Session

_numbers = count(1)


class StoredWalk:
    """One case of a process in one database."""

    def __init__(self, db: Database, definition: Definition) -> None:
        self.db = db
        self.definition = definition
        self.number = f"RANDOM-{next(_numbers)}"
        self.instance_id = 0

    def take(self, given: Input) -> tuple[State, Effects]:
        """Carry out one input on what is stored, and commit it."""

        def work(session: Session) -> tuple[State, Effects]:
            if not self.instance_id:
                return self._begin(session, given)
            instance = load(session, self.instance_id)
            state, effects = advance(instance.deployed.definition, instance.state, given)
            append(session, instance, given, effects, state)
            return state, effects

        return self.db.write(work)

    def _begin(self, session: Session, given: Input) -> tuple[State, Effects]:
        state, effects = advance(self.definition, None, given)
        deployed = Deployed(*_version_of(session, self.definition), self.definition)
        self.instance_id = begin(session, deployed, self.number, given, effects, state).id
        return state, effects

    def prove(self) -> None:
        """Chain and re-execution hold, and state and waits are those of the history."""
        with self.db.reading() as session:
            report = verify(session, self.number)
        assert report.ok, report
