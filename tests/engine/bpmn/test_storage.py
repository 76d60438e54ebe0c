"""State as bytes: small, flat over any number of rounds, the same on every machine."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import SpiffWorkflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import Input, State, advance, load_state, store_state
from tests.engine.bpmn.walking import Case, definition

ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_stored_state_is_loaded_as_it_was(walk):
    case = walk("items_of_a_sub_process_have_variables_of_their_own")
    case.start(people=["林", "钱"], paid=Decimal("0.10"), on=NOW, nothing=None)
    assert load_state(store_state(case.state)) == case.state


@pytest.mark.parametrize("data", [b"", b"{}", b"x\x9cnonsense", b"{}\n{}", b'{"seq":0}\n{}'])
def test_other_bytes_are_no_state(data):
    with pytest.raises(ValueError, match=r".*"):
        load_state(data)


def test_a_large_state_is_compressed(walk):
    case = walk("a_manual_task_waits_to_be_confirmed").start(note="长" * 10_000)
    assert len(store_state(case.state)) < 500


def test_two_thousand_reports_beside_an_open_branch_leave_the_state_as_it_was(walk):
    case = walk("a_daily_report_loop_stays_flat").start(again=True)
    data, sizes = store_state(case.state), set()
    for _ in range(2_000):
        state = load_state(data)
        wait = next(wait for wait in state.waits if wait.node_id == "report")
        state, effects = advance(
            case.definition, state, Input("complete", NOW, actor="lin", wait=wait.id, values={"again": True})
        )
        assert len(effects["path"]) == 4
        data = store_state(state)
        sizes.add((len(state.tree["tokens"]), len(state.tree["scopes"]), len(state.waits)))
    assert sizes == {(3, 1, 2)}
    assert len(data) < 1_024


def test_a_step_never_changes_the_state_it_was_given(walk):
    case = walk("parallel_items_are_collected_in_their_order").start(people=["lin", "qian"])
    before = store_state(case.state)
    given = Input("complete", NOW, wait=case.wait("sign").id, values={"answer": "yes"})
    first = advance(case.definition, case.state, given)
    assert store_state(case.state) == before
    assert advance(case.definition, case.state, given) == first


def test_equal_states_have_equal_bytes_whatever_their_variables_were_called_first(walk):
    case = walk("a_manual_task_waits_to_be_confirmed")
    one = walk("a_manual_task_waits_to_be_confirmed").start(a=Decimal(1), b=Decimal(2)).state
    other = case.start(b=Decimal("2.0"), a=Decimal("1.00")).state
    assert isinstance(one, State)
    assert store_state(one) == store_state(other)


RECORDED = """
from tests.engine.bpmn.test_random_processes import Made, Walk, STEPS
from engine.bpmn import store_state
import hashlib
found = hashlib.sha256()
for seed in range(12):
    walk = Walk(Made(seed), 0)
    for _ in range(STEPS):
        if walk.world.ended:
            break
        walk.step()
        found.update(store_state(walk.state))
print(found.hexdigest())
"""


def test_other_processes_with_other_hash_seeds_arrive_at_the_same_bytes():
    digests = set()
    for seed in ("0", "1", "77"):
        found = subprocess.run(
            [sys.executable, "-c", RECORDED], cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed},
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        digests.add(found.stdout)
    assert len(digests) == 1
    assert len(digests.pop().strip()) == hashlib.sha256().digest_size * 2


LOOP = "a_parallel_join_in_a_loop_counts_its_own_round"


def in_the_loop() -> Case:
    """A case with a token that waits at a join and two whose tasks have begun."""
    return Case(definition(LOOP)).start(again=True).do("prepare").do("sign_a")


def test_what_a_token_does_is_stored_in_words():
    assert [row[1:3] for row in in_the_loop().state.tree["tokens"]] == [
        ["sign_b", "begun"],
        ["sign_c", "begun"],
        ["join", "waiting"],
    ]


def test_a_state_of_a_later_revision_is_refused_by_its_number():
    later = store_state(in_the_loop().state).replace(b'"revision":1', b'"revision":2')
    with pytest.raises(ValueError, match="revision 2"):
        load_state(later)


GO_ON = """
import sys
from unittest.mock import Mock
from engine.bpmn import load_state, store_state
from tests.engine.bpmn.walking import Case, definition
from SpiffWorkflow.util.task import TaskState
case = Case(definition(sys.argv[1]))
case.state = load_state(sys.stdin.buffer.read())
case.folding = Mock()  # the history behind the state is not here to be folded
sys.stdout.buffer.write(str(TaskState.WAITING).encode() + store_state(case.do("sign_b").state))
"""


def renumbered(folder: Path) -> Path:
    """The library as a release might bring it that numbers its states anew."""
    shutil.copytree(Path(SpiffWorkflow.__file__).parent, folder / "SpiffWorkflow")
    file = folder / "SpiffWorkflow" / "util" / "task.py"
    text = re.sub(
        r"^    ([A-Z]+ = )(\d+)$", lambda m: f"    {m[1]}{int(m[2]) << 4}", file.read_text(), flags=re.MULTILINE
    )
    text = re.sub(
        r"_values = \[(.*)\]", lambda m: f"_values = [{', '.join(f'{n} << 4' for n in m[1].split(','))}]", text
    )
    file.write_text(text)
    return folder


def test_a_library_that_renumbers_its_states_breaks_no_stored_case(tmp_path):
    case = in_the_loop()
    data = store_state(case.state)

    found = subprocess.run(
        [sys.executable, "-c", GO_ON, LOOP], input=data, cwd=ROOT, check=True, capture_output=True,
        env=os.environ | {"PYTHONPATH": str(renumbered(tmp_path))},
    )  # fmt: skip

    number, _, text = found.stdout.partition(b"{")
    assert int(number) == TaskState.WAITING << 4
    assert b"{" + text == store_state(case.do("sign_b").state)
