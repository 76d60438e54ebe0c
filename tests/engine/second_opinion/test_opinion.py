"""The second opinion: agreement, a difference by a known trap, and a difference that nothing explains."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import Mock

import pytest

from engine.bpmn import WaitId
from engine.bpmn.run.gateways import InclusiveSpec, ParallelSpec
from engine.history.steps import Opened
from engine.second_opinion import Difference, NotPlayable, Repair, compare, second_opinion
from tests.engine.second_opinion.taping import TapedCase

PREPARES = Opened(WaitId(9, 0), "task", "prepare", "", None, None, None, 0, {})
LOOP = "a_parallel_join_in_a_loop_counts_its_own_round"


INCLUSIVE = "an_inclusive_join_in_a_loop_waits_for_every_token_of_its_round"


def two_rounds() -> TapedCase:
    """An inclusive join is passed twice: stock fires it early the second time."""
    case = TapedCase(INCLUSIVE).start(again=True, a=True, b=True, c=True)
    for _ in range(2):
        case.do("prepare")
        for task in ("sign_a", "sign_b", "sign_c"):
            case.do(task)
    return case


def altered(case: TapedCase, at: int, **did: object) -> tuple:
    """The tape of a case of which one step did something else, as if our engine had."""
    tape = list(case.tape)
    tape[at] = replace(tape[at], step=replace(tape[at].step, **did))
    return tuple(tape)


def test_it_agrees_where_both_do_the_same() -> None:
    case = TapedCase(LOOP).start(again=False).do("prepare").do("sign_a").do("sign_b").do("sign_c")

    opinion = second_opinion(case.definitions, case.tape)

    assert (opinion.agrees, opinion.ok, opinion.traps) == (True, True, ())


def test_a_difference_is_a_known_trap_when_its_repair_ends_it() -> None:
    case = two_rounds()

    opinion = second_opinion(case.definitions, case.tape)

    assert opinion.difference == Difference(
        f"complete sign_a ({INCLUSIVE} #6)", waits_besides=("prepare",), passed_besides=("good", "join")
    )
    assert (opinion.ok, opinion.traps) == (True, (1,))


def test_the_repair_of_another_trap_explains_nothing() -> None:
    case = two_rounds()
    others = [repair for repair in Repair if repair is not Repair.JOINS]

    assert compare(case.definitions, case.tape, others) is not None


@pytest.mark.parametrize(
    ("did", "found"),
    [
        ({"path": ("sign_c", "join", "good")}, {"passed_besides": ("end",), "ended": None}),
        ({"path": ("sign_c", "join", "good", "end", "end")}, {"passed_not": ("end",)}),
        ({"status": "active"}, {"ended": True}),
        ({"opened": (PREPARES,)}, {"waits_not": ("prepare",)}),
        ({"closed": ()}, {"waits_not": ("sign_c",)}),
    ],
)
def test_whatever_our_engine_did_otherwise_is_found(did: dict[str, object], found: dict[str, object]) -> None:
    case = TapedCase(LOOP).start(again=False).do("prepare").do("sign_a").do("sign_b").do("sign_c")

    opinion = second_opinion(case.definitions, altered(case, -1, **did))

    assert opinion.unexplained == Difference(f"complete sign_c ({LOOP} #4)", **found)  # type: ignore[arg-type]
    assert not opinion.ok


@pytest.mark.parametrize(
    ("join", "name", "answers"),
    [
        (InclusiveSpec, INCLUSIVE, {"a": True, "b": True, "c": True}),
        (ParallelSpec, LOOP, {}),
    ],
)  # fmt: skip
def test_a_join_of_ours_that_is_broken_is_found_at_its_first_wrong_step(monkeypatch, join, name, answers) -> None:
    """The join lets the first token through; no repair of stock makes it do the same."""
    broken = {
        InclusiveSpec: ("_awaits_more", Mock(return_value=False)),
        ParallelSpec: ("_update_hook", Mock(return_value=True)),
    }
    monkeypatch.setattr(join, *broken[join])
    case = TapedCase(name).start(again=False, **answers).do("prepare").do("sign_a")

    opinion = second_opinion(case.definitions, case.tape)

    assert opinion.unexplained is not None
    assert opinion.unexplained.step == f"complete sign_a ({name} #2)"
    assert "join" in opinion.unexplained.passed_not


def test_what_moves_no_token_is_passed_over() -> None:
    case = TapedCase(LOOP).start(again=False)
    case.take("suspend").take("resume").do("prepare")

    assert second_opinion(case.definitions, case.tape).agrees


def test_an_act_of_an_administrator_has_no_second_opinion() -> None:
    case = TapedCase(LOOP).start(again=False).take("cancel")

    with pytest.raises(NotPlayable, match="cancel"):
        second_opinion(case.definitions, case.tape)


def test_nothing_that_one_opinion_did_is_left_for_the_next() -> None:
    case = two_rounds()
    assert [second_opinion(case.definitions, case.tape) for _ in range(2)] == [
        second_opinion(case.definitions, case.tape)
    ] * 2
