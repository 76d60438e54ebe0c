"""Complaints and the processes they call carry out what the regulations ask, with one diagram for six companies."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from engine import decisions
from tests.processes.drawing import ROOT, Drawing, ours

KEYS = ("complaint", "appraisal", "exchange_return", "reward_penalty")
RULE_SETS = ("sb", "lx", "ls", "sc", "hf", "yh")
REMEDIES = ("explain", "repair", "maker_repair", "exchange", "compensate", "concession")


def register(key: str) -> dict[str, dict[str, Any]]:
    """Clause id -> clause, for the clauses that name a process."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "regulations").glob("*.yaml")]
    return {clause["id"]: clause for found in files for clause in found["clauses"] if key in clause["process"]}


def drawing_of(key: str) -> Drawing:
    return Drawing(ROOT / "processes" / f"{key}.bpmn")


def decide(key: str, decision: str, **inputs: Any) -> Any:
    return decisions.evaluate((ROOT / "processes" / f"{key}.dmn").read_bytes(), decision, inputs)


@pytest.mark.parametrize("key", KEYS)
def test_the_clauses_cited_are_those_that_name_the_process(key: str) -> None:
    found = drawing_of(key)
    elements = [*found.nodes.values(), *found.flows.values()]
    assert {clause for element in elements for clause in ours(element, "clauses").split()} >= set(register(key))
    assert set(ours(found.process, "clauses").split()) <= set(register(key))


@pytest.mark.parametrize("key", KEYS)
def test_every_reading_stands_on_the_diagram_as_the_register_says_it(key: str) -> None:
    if key == "appraisal":
        assert not any("open" in clause for clause in register(key).values())
        return
    notes = {note.findtext("{*}text"): ours(note, "textEn") for note in drawing_of(key).all("textAnnotation")}
    wanted = {
        f"{clause['id']}\n{clause['open']}": f"{clause['id']}: {clause['open_en']}"
        for clause in register(key).values()
        if "open" in clause
    }
    assert wanted
    assert {text: notes.get(text) for text in wanted} == wanted


@pytest.mark.parametrize("key", KEYS)
def test_decision_tables_have_neither_gaps_nor_overlaps(key: str) -> None:
    path = ROOT / "processes" / f"{key}.dmn"
    assert decisions.check(decisions.read(path.read_bytes(), path.name)) == []


def test_every_set_of_rules_answers_within_48_hours() -> None:
    assert {decide("complaint", "rules", rule_set=each)["answer_hours"] for each in RULE_SETS} == {48}


def test_without_a_set_of_rules_the_manufacturers_hold() -> None:
    assert decide("complaint", "rules", rule_set=None) == decide("complaint", "rules", rule_set="yh")


def test_a_store_tells_its_manager_and_purchasing_with_copies_upward() -> None:
    assert decide("complaint", "rules", rule_set="sb")["informed"] == [
        "role:store_manager", "role:procurement", "role:labor_director", "role:general_manager"]  # fmt: skip


@pytest.mark.parametrize(
    "rule_set, in_charge", [("sc", "service_desk"), ("hf", "quality"), ("yh", "after_sales"), ("ls", "after_sales")]
)
def test_the_department_in_charge_depends_on_the_set_of_rules(rule_set: str, in_charge: str) -> None:
    assert decide("complaint", "rules", rule_set=rule_set)["in_charge"] == in_charge


@pytest.mark.parametrize("remedy", REMEDIES)
@pytest.mark.parametrize("urgent", [True, False])
def test_a_severe_complaint_is_signed_by_all_and_approved_by_the_general_manager(remedy: str, urgent: bool) -> None:
    found = decide("complaint", "approval", severity="severe", remedy=remedy, urgent=urgent)
    assert (found["route"], found["needs_gm"]) == ("all", True)


@pytest.mark.parametrize("remedy", REMEDIES)
def test_nothing_is_paid_first_without_consent(remedy: str) -> None:
    assert decide("complaint", "approval", severity="minor", remedy=remedy, urgent=True)["route"] == "vp"


@pytest.mark.parametrize("remedy", REMEDIES)
def test_a_concession_or_compensation_needs_consent_and_the_rest_is_closed_at_its_level(remedy: str) -> None:
    wanted = "vp" if remedy in ("compensate", "concession") else "none"
    assert decide("complaint", "approval", severity="minor", remedy=remedy, urgent=False)["route"] == wanted


def test_no_approver_decides_on_their_own_proposal() -> None:
    nodes = drawing_of("complaint").nodes
    assert ours(nodes["vp_consent"], "notSameAs") == "propose"
    assert ours(nodes["gm_approval"], "notSameAs").split() == ["propose", "vp_consent"]


def test_consent_is_given_in_writing() -> None:
    form = drawing_of("complaint").forms()["vp_consent"]
    statement = next(field for field in form["components"] if field.get("key") == "vp_statement")
    assert statement["validate"]["required"] is True


@pytest.mark.parametrize(
    "finding, payer",
    [("own_quality", "us"), ("maker_quality", "maker"), ("misuse", "customer"), ("undetermined", "us")],
)
def test_the_responsible_side_bears_the_cost_of_the_appraisal(finding: str, payer: str) -> None:
    assert decide("appraisal", "cost_bearer", finding=finding)["payer"] == payer


@pytest.mark.parametrize("resalable, remedy", [("yes", "exchange"), ("no", "weigh"), ("unknown", "weigh")])
def test_goods_that_displease_are_exchanged_when_fit_for_resale(resalable: str, remedy: str) -> None:
    assert decide("exchange_return", "remedy", reason="dislike", resalable=resalable, wish="either") == remedy


@pytest.mark.parametrize("rule_set, clause", [("ls", "ls-6"), ("yh", "yh-9"), ("wx", "yh-9"), ("sc", "sc-2")])
def test_attitude_is_penalised_under_one_regulation_only(rule_set: str, clause: str) -> None:
    found = decide("reward_penalty", "measure", matter="attitude", rule_set=rule_set, severity="minor")
    assert found["clause"] == clause
