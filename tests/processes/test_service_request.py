"""What the regulations ask of the service request stands in its diagram, decisions, forms and scenarios."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from tests.processes.drawing import ROOT, Drawing, fields_of, leaving, ours

KEY = "service_request"
SHOWN_ONLY = ("group", "table", "text", "expression")
CALLED = {
    "price_approval": "apply",
    "field_service": "apply",
    "rma": "apply",
    "exchange_return": "apply",
    "complaint": "receive",
}


@pytest.fixture(scope="module")
def request_() -> Drawing:
    return Drawing(ROOT / "processes" / f"{KEY}.bpmn")


@pytest.fixture(scope="module")
def reception(request_: Drawing) -> dict[str, dict[str, Any]]:
    """The fields of the reception form by key."""
    return {field.get("key", field["id"]): field for field in fields_of(request_.forms()["receive"])}


def test_the_clauses_cited_are_those_that_name_this_process(
    request_: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    elements = [request_.process, *request_.nodes.values(), *request_.flows.values()]
    assert {clause for element in elements for clause in ours(element, "clauses").split()} == set(own_clauses)


def test_every_reading_hangs_on_its_element_as_the_register_says_it(
    request_: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    notes = {note.findtext("{*}text"): note for note in request_.all("textAnnotation")}
    linked = {link.get("targetRef"): link.get("sourceRef", "") for link in request_.all("association")}
    readings = [clause for clause in own_clauses.values() if "open" in clause]
    assert {clause["id"] for clause in readings} == {"bk-8", "bk-9", "lc-3", "xt-8"}
    for clause in readings:
        note = notes[f"{clause['id']}\n{clause['open']}"]
        assert ours(note, "textEn") == f"{clause['id']}: {clause['open_en']}"
        assert clause["id"] in ours(request_.nodes[linked[note.get("id")]], "clauses").split()


def test_on_receipt_all_is_recorded_that_the_rules_ask_for(reception: dict[str, dict[str, Any]]) -> None:
    assert {"channel", "customer", "contact", "phone", "product", "serial_no", "fault", "in_warranty"} <= set(reception)
    assert {option["value"] for option in reception["channel"]["values"]} == {
        "visit", "letter", "phone", "round", "web",
    }  # fmt: skip
    assert {option["value"] for option in reception["enquiry_kind"]["values"]} == {
        "booking", "consultation", "suggestion", "feedback",
    }  # fmt: skip


def test_the_general_manager_hears_of_a_major_fault_before_anything_else(request_: Drawing) -> None:
    assert set(leaving(request_, "receive")) == {"judge_fault"}
    assert set(leaving(request_, "judge_fault")) == {"is_fault_major"}
    assert leaving(request_, "is_fault_major") == {"tell_general_manager": "severity.major", "find_rules": ""}
    told = request_.nodes["tell_general_manager"]
    assert ours(told, "handler") == "notify"
    assert 'to: "role:general_manager"' in ours(told, "input")


def test_judging_a_dangerous_fault_ordinary_needs_a_reason(reception: dict[str, dict[str, Any]]) -> None:
    reason = reception["judged_because"]
    assert reason["validate"]["required"] is True
    assert reason["conditional"]["hide"] == (
        '=judged != "ordinary" or (touches_safety != true and stops_operation != true)'
    )


def test_whatever_is_received_is_recorded_before_it_is_turned_away(request_: Drawing) -> None:
    assert set(leaving(request_, "record_receipt")) == {"is_it_handed_over"}
    assert leaving(request_, "is_it_handed_over") == {"pass_on": "", "interpret_scope": "handed_over = false"}
    assert leaving(request_, "is_it_in_scope") == {"explain_out_of_scope": "", "pass_on": 'scope_ruling = "inside"'}


def test_what_is_disputed_about_the_scope_is_interpreted_by_after_sales(request_: Drawing) -> None:
    lanes = {ref.text: lane.get("id") for lane in request_.all("lane") for ref in lane.iterchildren("{*}flowNodeRef")}
    assert lanes["interpret_scope"] == "after_sales_manager"
    told = next(f for f in fields_of(request_.forms()["explain_out_of_scope"]) if f.get("key") == "customer_told")
    assert (told["type"], told["validate"]["required"]) == ("checkbox", True)


def test_nobody_travels_and_nothing_comes_back_before_a_remote_diagnosis(request_: Drawing) -> None:
    for goal in ("price_approval", "field_service", "rma", "service_application"):
        assert not _reaches(request_, "receive", goal, without="remote_diagnosis"), goal


def test_no_work_begins_before_its_price_is_settled(request_: Drawing) -> None:
    for goal in ("field_service", "rma"):
        assert not _reaches(request_, "receive", goal, without="price_approval"), goal
    declined = 'priced.negotiation_result = "refused"'
    assert leaving(request_, "what_was_priced")["file_decline"] == declined
    assert _reaches(request_, "file_decline", "ended_declined", without="field_service")


def test_the_application_is_signed_in_turn_and_any_refusal_sends_it_back(request_: Drawing) -> None:
    turn = ("service_application", "sales_head_signs", "assisting_head_signs", "vp_signs", "price_approval")
    gateways = {"sales_head_signs": "does_sales_head_agree", "assisting_head_signs": "do_heads_agree",
                "vp_signs": "does_vp_agree"}  # fmt: skip
    for signs, following in pairwise(turn[1:]):
        assert set(leaving(request_, signs)) == {gateways[signs]}
        ways = leaving(request_, gateways[signs])
        assert set(ways) == {following, "service_application"}
        assert ways["service_application"] == ""
    loop = request_.nodes["assisting_head_signs"].find("{*}multiInstanceLoopCharacteristics")
    assert loop is not None
    assert (loop.get("isSequential"), ours(loop, "collection")) == ("true", "=assistants")


@pytest.mark.parametrize("signer", ["sales_head_signs", "assisting_head_signs", "vp_signs"])
def test_nobody_signs_their_own_application(request_: Drawing, signer: str) -> None:
    assert "service_application" in ours(request_.nodes[signer], "notSameAs").split()


@pytest.mark.parametrize(
    "task, reminder, escalation",
    [
        ("remote_diagnosis", "diagnosis_due_soon", "diagnosis_overdue"),
        ("follow_up", "follow_up_due_soon", "follow_up_overdue"),
    ],
)
def test_what_asks_for_speed_is_reminded_of_and_then_escalated_in_working_time(
    request_: Drawing, task: str, reminder: str, escalation: str
) -> None:
    due = ours(request_.nodes[task], "due")
    assert due.startswith("=working ")
    timers = [
        request_.nodes[event].findtext("{*}timerEventDefinition/{*}timeDate") or "" for event in (reminder, escalation)
    ]
    assert timers[0] != timers[1] == due
    for event in (request_.nodes[reminder], request_.nodes[escalation]):
        assert (event.get("attachedToRef"), event.get("cancelActivity")) == (task, "false")


def test_every_task_of_people_takes_the_priority_of_its_request(request_: Drawing) -> None:
    tasks = list(request_.all("userTask"))
    assert {ours(task, "priority") for task in tasks} == {"=priority.level"}


@pytest.mark.parametrize(("called", "start"), CALLED.items(), ids=CALLED)
def test_a_called_case_is_given_all_that_its_start_form_requires(request_: Drawing, called: str, start: str) -> None:
    form = Drawing(ROOT / "processes" / f"{called}.bpmn").forms()[start]
    fields = [field for field in fields_of(form) if "key" in field or "path" in field]
    required = {
        field.get("key", field.get("path"))
        for field in fields
        if field.get("validate", {}).get("required") and "defaultValue" not in field
    } - {"part_no", "name", "quantity"}
    given = ours(request_.nodes[called], "input")
    assert request_.nodes[called].get("calledElement") == called
    assert {key for key in required if f"{key}:" not in given} == set()


def test_who_is_not_satisfied_is_served_again_or_heard_as_a_complaint(request_: Drawing) -> None:
    assert leaving(request_, "did_customer_confirm") == {
        "what_kind": "",
        "file_request": 'confirmed = "yes"',
        "complaint": 'confirmed = "no" and next_step = "complaint"',
    }


def test_a_customer_is_called_once(request_: Drawing) -> None:
    """Field service and complaint hold their own follow-up call; after all else it is made here."""
    into = {flow.get("sourceRef") for flow in request_.flows.values() if flow.get("targetRef") == "follow_up"}
    assert into == {"record_remote_repair", "rma", "exchange_return", "is_it_an_appointment", "book_appointment"}
    for called in ("field_service", "complaint"):
        assert set(leaving(request_, called)) == {"file_request"}
        assert "follow_up" in Drawing(ROOT / "processes" / f"{called}.bpmn").nodes


def test_titles_of_papers_are_those_of_the_regulation(request_: Drawing) -> None:
    titles = {name: form["properties"]["title"] for name, form in request_.forms().items() if "properties" in form}
    assert titles == {"receive": "售后服务受理单", "service_application": "售服申请单"}


def test_every_refusal_needs_a_reason(request_: Drawing) -> None:
    for name in ("sign_application", "assisting_head_signs"):
        reason = next(f for f in fields_of(request_.forms()[name]) if f.get("key") == "refusal_reason")
        assert reason["validate"]["required"] is True
        assert reason["conditional"]["hide"] == '=opinion != "refuse"'


def test_only_the_reception_asks_for_more_than_six_things(request_: Drawing) -> None:
    for name, form in request_.forms().items():
        shown = [part for part in form["components"] if part["type"] not in SHOWN_ONLY and not part.get("readonly")]
        assert name == "receive" or 1 <= len([part for part in shown if "conditional" not in part]) <= 6, name


def test_every_form_speaks_both_languages(request_: Drawing) -> None:
    for name, form in request_.forms().items():
        for field in fields_of(form):
            english = field["properties"]
            assert field["label"] and english["label:en"].isascii(), (name, field["id"])
            assert ("description" in field) == ("description:en" in english), (name, field["id"])
            texts = [f"option:{option['value']}:en" for option in field.get("values", [])]
            texts += [f"column:{column['key']}:en" for column in field.get("columns", [])]
            assert all(english[text].isascii() for text in texts), (name, field["id"])


def test_no_decision_is_prefilled_with_an_earlier_one(request_: Drawing) -> None:
    decisions = {"scope_ruling", "remote_outcome", "opinion", "confirmed", "next_step"}
    chosen = [f for form in request_.forms().values() for f in fields_of(form) if f.get("key") in decisions]
    assert {field["key"] for field in chosen} == decisions
    assert [field["id"] for field in chosen if field["properties"].get("fresh") != "true"] == []


def test_scenarios_do_every_task_of_people_and_speak_of_elements_that_exist(
    request_: Drawing, scenarios: dict[str, Any]
) -> None:
    steps = [step for scenario in scenarios["scenarios"] for step in scenario["steps"]]
    tasks = {element.get("id") for element in request_.all("userTask", "manualTask")}
    assert tasks <= {step["do"] for step in steps if "refused" not in step}
    named = {element for scenario in scenarios["scenarios"] for element in scenario["path"]}
    assert named <= set(request_.nodes) | set(request_.flows)


def test_scenarios_come_in_by_every_channel_and_for_every_kind(
    scenarios: dict[str, Any], reception: dict[str, dict[str, Any]]
) -> None:
    for key in ("channel", "request_kind"):
        seen = {scenario["start"]["values"][key] for scenario in scenarios["scenarios"]}
        assert seen == {option["value"] for option in reception[key]["values"]}


def test_scenarios_show_every_kind_of_refusal(scenarios: dict[str, Any]) -> None:
    refused = {step.get("refused") for scenario in scenarios["scenarios"] for step in scenario["steps"]}
    assert {"not_same_as", "not_permitted", "invalid_form"} <= refused


def test_one_scenario_is_the_whole_story(scenarios: dict[str, Any]) -> None:
    story = [step["do"] for step in scenarios["scenarios"][-1]["steps"]]
    told = iter(story)
    chapters = ["remote_diagnosis", "tell_waiver", "task_notice", "sign_finance", "plan_trip", "sign_finance",
                "report_arrival", "decide_change", "agree_with_customer", "return_home", "incoming_inspection",
                "hand_over", "nominate_travellers", "report_arrival", "acceptance", "satisfaction_letter",
                "chase_summary", "trip_summary", "follow_up"]  # fmt: skip
    assert [chapter for chapter in chapters if chapter not in told] == []


def test_scenarios_are_named_once_and_cite_clauses_of_this_process(
    scenarios: dict[str, Any], own_clauses: dict[str, dict[str, Any]]
) -> None:
    for field in ("name", "name_en"):
        names = [scenario[field] for scenario in scenarios["scenarios"]]
        assert len(set(names)) == len(names)
    assert {clause for scenario in scenarios["scenarios"] for clause in scenario["clauses"]} == set(own_clauses)


def _reaches(drawing: Drawing, node: str, goal: str, without: str) -> bool:
    """Whether there is a way from a node to the goal that avoids another node."""
    ahead, seen = [node], {without}
    while ahead:
        at = ahead.pop()
        if at == goal:
            return True
        if at not in seen:
            seen.add(at)
            ahead += leaving(drawing, at)
    return False
