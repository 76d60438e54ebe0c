"""A changed rule is a new revision: what was recorded under the old one is carried out again by the old rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from engine import decisions, feel, revision
from engine.actor import SYSTEM
from engine.bpmn import Input, advance
from engine.bpmn.errors import UnknownRevision
from engine.commands import deploy_definition
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.signature import Builtin, signature
from engine.lint import LintContext
from engine.proving.reexecute import verify
from engine.tables import entries
from tests.bench import NO_REGISTER, Bench, bench, files_of
from tests.engine.bpmn.walking import MONDAY, definition
from tests.engine.decisions.conftest import Dmn, literal

__all__ = ["bench"]

pytestmark = pytest.mark.usefixtures("changing_rule")


@pytest.fixture
def changing_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets `abs` give the revision it is evaluated by: a rule that every revision changes."""
    by_revision = signature("n: number", lambda run, *args: Decimal(run.revision), with_run=True)
    monkeypatch.setitem(BUILTINS, "abs", Builtin("abs", (by_revision,)))


@pytest.fixture
def upgrade(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Makes revision 2 the current one."""

    def to_the_second() -> None:
        monkeypatch.setattr(revision, "CURRENT", 2)
        monkeypatch.setattr(revision, "KNOWN", frozenset({1, 2}))

    return to_the_second


@pytest.fixture
def computing(bench: Bench) -> Bench:
    """A process whose one script goes by the rule that changes."""
    files = {path: data.replace(b"amount * amount", b"abs(amount)") for path, data in files_of("square").items()}
    deploy_definition(bench.db, SYSTEM, bench.now, "square", files, LintContext(NO_REGISTER))
    return bench


@pytest.mark.parametrize("by", [1, 2])
def test_feel_goes_by_the_revision_it_is_handed(by):
    assert feel.compile("abs(-7)").evaluate({}, revision=by) == by


@pytest.mark.parametrize("by", [1, 2])
def test_decisions_go_by_the_revision_they_are_handed(by):
    model = decisions.read(Dmn().file(Dmn().decision("d", literal("abs(-7)"))), "one.dmn")
    assert model.evaluate("d", {}, revision=by).value == by


def test_an_old_entry_is_carried_out_again_by_its_own_rule(computing: Bench, upgrade: Callable[[], None]):
    old = computing.start("square", amount=7)
    upgrade()
    new = computing.start("square", amount=7)

    assert computing.variables(old.instance_id)["squared"] == 1
    assert computing.variables(new.instance_id)["squared"] == 2
    computing.check()


def test_an_input_of_a_later_revision_is_refused():
    given = Input("start", MONDAY)
    with pytest.raises(UnknownRevision):
        advance(definition("a_script_task_computes_a_variable"), None, replace(given, revision=2))


def test_proof_names_the_entry_of_a_later_revision(computing: Bench):
    moved = computing.start("square", amount=7)
    computing.db.write(lambda session: session.execute(update(entries).values(revision=2)))
    with computing.db.reading() as session:
        problem = verify(session, moved.number).reexecution.problem
    assert problem is not None
    assert problem.where == f"{moved.number}#0"
    assert "revision 2" in problem.text("en").lower()
