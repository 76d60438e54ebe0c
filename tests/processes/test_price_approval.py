"""What the regulations ask of the price approval stands in its diagram, forms and scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.processes.drawing import ROOT, Drawing, ours, shown_fields

KEY = "price_approval"
DECISIONS = ("manager_decision", "vp_decision", "gm_decision")
LAYOUT_ONLY = ("group", "table", "text", "separator", "spacer", "image")


@pytest.fixture(scope="module")
def approval() -> Drawing:
    return Drawing(ROOT / "processes" / f"{KEY}.bpmn")


def components(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for component in form["components"]:
        yield component
        yield from components(component) if "components" in component else ()


def test_the_clauses_cited_are_those_that_name_this_process(
    approval: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    elements = [approval.process, *approval.nodes.values(), *approval.flows.values()]
    assert {clause for element in elements for clause in ours(element, "clauses").split()} == set(own_clauses)


def test_every_reading_stands_on_the_diagram_as_the_register_says_it(
    approval: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    notes = {note.findtext("{*}text"): ours(note, "textEn") for note in approval.all("textAnnotation")}
    open_clauses = [clause for clause in own_clauses.values() if "open" in clause]
    assert open_clauses
    for clause in open_clauses:
        assert notes[f"{clause['id']}\n{clause['open']}"] == f"{clause['id']}: {clause['open_en']}"


def test_every_note_hangs_on_the_element_it_is_about(approval: Drawing) -> None:
    linked = {link.get("targetRef"): link.get("sourceRef") for link in approval.all("association")}
    assert set(linked) == {note.get("id") for note in approval.all("textAnnotation")}
    assert set(linked.values()) <= set(approval.nodes)


@pytest.mark.parametrize("decision", DECISIONS)
def test_nobody_decides_what_they_drafted_or_negotiated(approval: Drawing, decision: str) -> None:
    assert {"draft_price", "negotiate"} <= set(ours(approval.nodes[decision], "notSameAs").split())


def test_finance_never_checks_its_own_request_or_draft(approval: Drawing) -> None:
    assert ours(approval.nodes["finance_confirm_warranty"], "notSameAs") == "apply"
    assert ours(approval.nodes["finance_costing"], "notSameAs") == "draft_price"


def test_the_necessity_and_the_decision_on_it_come_from_two_people(approval: Drawing) -> None:
    assert "vp_necessity" in ours(approval.nodes["gm_decision"], "notSameAs").split()


def test_a_waiver_and_a_rejection_need_a_reason(approval: Drawing) -> None:
    fields = {field.get("key"): field for field in components(approval.forms()["decision"])}
    for reason, outcome in (("waiver_reason", "waive"), ("return_reason", "reject")):
        assert fields[reason]["validate"]["required"] is True
        assert fields[reason]["conditional"]["hide"] == f'=decision != "{outcome}"'


def test_the_contract_record_holds_what_the_regulation_lists(approval: Drawing) -> None:
    fields = {field.get("key") for field in components(approval.forms()["contract_record"])}
    assert {"service_contract_no", "product", "signed_on", "our_handler", "customer_handler", "fault",
            "contract_content"} <= fields  # fmt: skip


def test_no_form_asks_for_more_than_six_things(approval: Drawing) -> None:
    for name, form in approval.forms().items():
        asked = [
            field["id"]
            for field in form["components"]
            if field["type"] not in (*LAYOUT_ONLY, "expression")
            and not field.get("readonly")
            and "conditional" not in field
        ]
        assert 1 <= len(asked) <= 6, name


def test_every_form_speaks_both_languages(approval: Drawing) -> None:
    for name, form in approval.forms().items():
        for field in shown_fields(form):
            english = field["properties"]
            assert field["label"], (name, field["id"])
            assert english["label:en"].isascii(), (name, field["id"])
            assert ("description" in field) == ("description:en" in english), (name, field["id"])
            for option in field.get("values", []):
                assert english[f"option:{option['value']}:en"].isascii(), (name, field["id"])
            for column in field.get("columns", []):
                assert english[f"column:{column['key']}:en"].isascii(), (name, field["id"])


def test_no_decision_is_prefilled_with_an_earlier_one(approval: Drawing) -> None:
    choices = ("decision", "costing_result", "negotiation_result")
    chosen = [field for form in approval.forms().values() for field in components(form) if field.get("key") in choices]
    assert {field["key"] for field in chosen} == set(choices)
    assert [field["id"] for field in chosen if field["properties"].get("fresh") != "true"] == []


def test_scenarios_speak_of_nodes_that_exist(approval: Drawing, scenarios: dict[str, Any]) -> None:
    tasks = {element.get("id") for element in approval.all("userTask", "manualTask")}
    ends = {element.get("id") for element in approval.all("endEvent")}
    for scenario in scenarios["scenarios"]:
        assert {step["do"] for step in scenario["steps"]} <= tasks, scenario["name"]
        assert set(scenario.get("path", [])) <= set(approval.nodes), scenario["name"]
        assert scenario["ends"] in ends, scenario["name"]


def test_scenarios_visit_every_task_and_every_end(approval: Drawing, scenarios: dict[str, Any]) -> None:
    done = {step["do"] for scenario in scenarios["scenarios"] for step in scenario["steps"] if "refused" not in step}
    assert done == {element.get("id") for element in approval.all("userTask", "manualTask")}
    ended = {scenario["ends"] for scenario in scenarios["scenarios"]}
    assert ended == {element.get("id") for element in approval.all("endEvent")}


def test_people_of_the_scenarios_do_what_their_role_may(approval: Drawing, scenarios: dict[str, Any]) -> None:
    lane_of = {ref.text: lane.get("id") for lane in approval.all("lane") for ref in lane.iter("{*}flowNodeRef")}
    people = scenarios["people"]
    for scenario in scenarios["scenarios"]:
        assert lane_of["apply"] in people[scenario["start"]["by"]]
        for step in scenario["steps"]:
            allowed = lane_of[step["do"]] in people[step["by"]]
            assert allowed == (step.get("refused") != "not_permitted"), (scenario["name"], step)


def test_scenarios_stand_on_both_sides_of_every_threshold(scenarios: dict[str, Any]) -> None:
    seen = {
        (values["request_kind"], Decimal(str(values["price"])))
        for scenario in scenarios["scenarios"]
        for step in scenario["steps"]
        if "price_basis" in (values := step.get("values") or {}) and "refused" not in step
    }
    limits = [Decimal(text) for text in ("999.99", "1000", "5000", "5000.01")]
    assert {(kind, price) for kind in ("charge", "waiver") for price in limits} <= seen
    costs = {scenario["expect"]["cost"] for scenario in scenarios["scenarios"] if "cost" in scenario["expect"]}
    assert {5000, 5000.01} <= costs


def test_scenarios_show_every_kind_of_refusal(scenarios: dict[str, Any]) -> None:
    refused = {step.get("refused") for scenario in scenarios["scenarios"] for step in scenario["steps"]}
    assert {"not_same_as", "not_permitted", "invalid_form"} <= refused


def test_scenarios_are_named_once_in_both_languages(scenarios: dict[str, Any]) -> None:
    for field in ("name", "name_en"):
        names = [scenario[field] for scenario in scenarios["scenarios"]]
        assert len(set(names)) == len(names)


def test_scenarios_cite_clauses_of_this_process(
    scenarios: dict[str, Any], own_clauses: dict[str, dict[str, Any]]
) -> None:
    assert {clause for scenario in scenarios["scenarios"] for clause in scenario["clauses"]} <= set(own_clauses)
