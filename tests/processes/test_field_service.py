"""What the regulations ask of the field service stands in its diagram, forms and scenarios."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes.drawing import ROOT, Drawing, fields_of, leaving, ours, shown_fields

KEY = "field_service"
SHOWN_ONLY = ("group", "table", "text", "expression")
SIGNATURES = ("after_sales", "general_affairs", "finance", "chief_engineer", "parts_center")
PAPERS = {
    "task_notice": "售后任务通知单",
    "plan_trip": "出差安排计划单",
    "loan_slip": "出差借料单",
    "part_receipt": "配件收条",
    "acceptance": "售后服务验收单",
    "satisfaction_letter": "售后服务联系函",
    "trip_summary": "出差总结单",
}


@pytest.fixture(scope="module")
def service() -> Drawing:
    return Drawing(ROOT / "processes" / f"{KEY}.bpmn")


def test_the_clauses_cited_are_those_that_name_this_process(
    service: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    elements = [service.process, *service.nodes.values(), *service.flows.values()]
    assert {clause for element in elements for clause in ours(element, "clauses").split()} == set(own_clauses)


def test_every_reading_hangs_on_its_element_as_the_register_says_it(
    service: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    notes = {note.findtext("{*}text"): note for note in service.all("textAnnotation")}
    linked = {link.get("targetRef"): link.get("sourceRef", "") for link in service.all("association")}
    readings = [clause for clause in own_clauses.values() if "open" in clause]
    assert len(readings) == len(notes) > 0
    for clause in readings:
        note = notes[f"{clause['id']}\n{clause['open']}"]
        assert ours(note, "textEn") == f"{clause['id']}: {clause['open_en']}"
        assert clause["id"] in ours(service.nodes[linked[note.get("id")]], "clauses").split()


def test_three_departments_always_sign_and_keepers_only_what_is_theirs(service: Drawing) -> None:
    asked = leaving(service, "who_signs")
    assert set(asked) == {f"sign_{who}" for who in SIGNATURES}
    assert {asked[f"sign_{who}"] for who in SIGNATURES[:3]} == {"true"}
    assert asked["sign_chief_engineer"] == 'list contains(borrows, "documents")'
    assert asked["sign_parts_center"] == 'list contains(borrows, "tools")'


def test_any_refusal_sends_the_plan_back(service: Drawing) -> None:
    ways = leaving(service, "is_plan_agreed")
    assert ways["plan_trip"] == ""
    assert [f'{who}_signature.opinion = "agree"' in ways["what_is_issued"] for who in SIGNATURES] == [True] * 5


@pytest.mark.parametrize(
    "checked, checker",
    [
        *(("plan_trip", f"sign_{who}") for who in SIGNATURES),
        ("loan_slip", "approve_loan"),
        ("work_on_site", "decide_change"),
        ("trip_summary", "comment_summary"),
        ("trip_summary", "finance_audit"),
        ("trip_summary", "rate_trip"),
    ],
)
def test_nobody_checks_their_own_paper(service: Drawing, checked: str, checker: str) -> None:
    assert checked in ours(service.nodes[checker], "notSameAs").split()


def test_a_change_is_decided_before_work_goes_on(service: Drawing) -> None:
    assert leaving(service, "how_did_it_go")["decide_change"] == 'site_outcome = "change"'
    assert set(leaving(service, "decide_change")) == {"on_site"}


@pytest.mark.parametrize(
    "task, reminder, escalation",
    [
        ("daily_report", "report_due_soon", "report_overdue"),
        ("trip_summary", "summary_due_soon", "summary_overdue"),
    ],
)
def test_a_late_paper_is_reminded_of_and_then_escalated(
    service: Drawing, task: str, reminder: str, escalation: str
) -> None:
    assert ours(service.nodes[task], "due").startswith("=")
    for event in (service.nodes[reminder], service.nodes[escalation]):
        assert (event.get("attachedToRef"), event.get("cancelActivity")) == (task, "false")
        assert event.find("{*}timerEventDefinition") is not None


def test_the_summary_is_due_two_calendar_days_after_the_day_of_return(service: Drawing) -> None:
    due = ours(service.nodes["trip_summary"], "due")
    assert 'date and time(returned_on + duration("P2D"), time("23:59:59"))' in due


def test_whatever_is_to_be_settled_is_settled_before_the_trip_is(service: Drawing) -> None:
    opened = set(leaving(service, "after_return"))
    assert opened == {"hear_report", "archive_changes", "take_back_documents", "take_back_tools", "file_receipts",
                      "rma"}  # fmt: skip
    assert all(_always_reaches(service, task, "trip_closed") for task in opened)


def _always_reaches(service: Drawing, node: str, goal: str) -> bool:
    """Whether every way on from a node comes to the goal or turns back to where it has been."""
    ahead, seen = [node], set()
    while ahead:
        at = ahead.pop()
        if at == goal or at in seen:
            continue
        seen.add(at)
        onward = list(leaving(service, at))
        if not onward:
            return False
        ahead += onward
    return True


def test_what_is_not_solved_or_not_confirmed_goes_out_again(service: Drawing) -> None:
    for gateway in ("is_fault_solved", "did_customer_confirm"):
        assert leaving(service, gateway)["nominate_travellers"] == ""


def test_the_papers_of_the_regulation_bear_their_titles(service: Drawing) -> None:
    forms = service.forms()
    assert {name: forms[name]["properties"]["title"] for name in PAPERS} == PAPERS
    assert all(forms[name]["properties"]["title:en"].isascii() for name in PAPERS)


def test_parts_carried_home_are_repaired_as_returned_goods(service: Drawing) -> None:
    assert service.nodes["rma"].get("calledElement") == "rma"
    assert 'arrival_way: "carried"' in ours(service.nodes["rma"], "input")


@pytest.mark.parametrize(
    "form, asked, kind, instead",
    [
        ("part_receipt", "receipt_photo", "cf-photo", "receipt_seal"),
        ("acceptance", "acceptance_signature", "cf-signature", "acceptance_sheet"),
        ("satisfaction_letter", "satisfaction_signature", "cf-signature", "satisfaction_sheet"),
    ],
)
def test_papers_of_the_customer_need_a_seal_a_signature_or_their_picture(
    service: Drawing, form: str, asked: str, kind: str, instead: str
) -> None:
    fields = {field.get("key"): field for field in fields_of(service.forms()[form])}
    assert fields[asked]["type"] == kind
    assert fields[asked]["properties"]["required"] == f"={instead} = null or count({instead}) = 0"
    assert instead in fields


def test_the_summary_holds_what_the_regulation_lists(service: Drawing) -> None:
    keys = {field.get("key") for field in fields_of(service.forms()["trip_summary"])}
    assert {"summary_itinerary", "summary_handled", "summary_open", "summary_told"} <= keys


def test_every_refusal_needs_a_reason(service: Drawing) -> None:
    reasons = {
        ("assign_travellers", "assignment_note"): 'assignment != "again"',
        ("approve_loan", "loan_reason"): 'loan_decision != "refuse"',
        ("sign_plan", "refusal_reason"): 'opinion != "refuse"',
        ("finance_audit", "audit_reason"): 'audit_result != "return"',
    }
    for (form, key), hidden in reasons.items():
        field = next(field for field in fields_of(service.forms()[form]) if field.get("key") == key)
        assert field["validate"]["required"] is True
        assert field["conditional"]["hide"] == f"={hidden}"


def test_no_form_asks_for_more_than_six_things(service: Drawing) -> None:
    for name, form in service.forms().items():
        shown = [part for part in form["components"] if part["type"] not in SHOWN_ONLY and not part.get("readonly")]
        assert 1 <= len([part for part in shown if "conditional" not in part]) <= 6, name


def test_every_form_speaks_both_languages(service: Drawing) -> None:
    for name, form in service.forms().items():
        for field in shown_fields(form):
            english = field["properties"]
            assert field["label"] and english["label:en"].isascii(), (name, field["id"])
            assert ("description" in field) == ("description:en" in english), (name, field["id"])
            texts = [f"option:{option['value']}:en" for option in field.get("values", [])]
            texts += [f"column:{column['key']}:en" for column in field.get("columns", [])]
            assert all(english[text].isascii() for text in texts), (name, field["id"])


def test_no_decision_is_prefilled_with_an_earlier_one(service: Drawing) -> None:
    decisions = {"assignment", "loan_decision", "opinion", "site_outcome", "change_decision", "next_step",
                 "tools_settlement", "audit_result", "confirmed"}  # fmt: skip
    chosen = [field for form in service.forms().values() for field in fields_of(form) if field.get("key") in decisions]
    assert {field["key"] for field in chosen} == decisions
    assert [field["id"] for field in chosen if field["properties"].get("fresh") != "true"] == []


def test_what_a_customer_signs_is_signed_anew_on_every_trip(service: Drawing) -> None:
    forms = service.forms()
    signed = [field for name in ("acceptance", "satisfaction_letter") for field in fields_of(forms[name])
              if "key" in field and not field.get("readonly")]  # fmt: skip
    assert signed
    assert {field["key"] for field in signed if field["properties"].get("fresh") != "true"} == set()


def test_the_summary_of_another_trip_begins_empty_but_one_returned_by_finance_does_not(service: Drawing) -> None:
    forms = service.forms()
    own = {field["key"] for field in fields_of(forms["trip_summary"]) if "key" in field and not field.get("readonly")}
    emptied = {field["key"] for field in fields_of(forms["return_home"]) if field.get("expression") == "=null"}
    assert own == emptied


def test_scenarios_do_every_task_of_people_and_speak_of_nodes_that_exist(
    service: Drawing, scenarios: dict[str, Any]
) -> None:
    steps = [step for scenario in scenarios["scenarios"] for step in scenario["steps"]]
    tasks = {element.get("id") for element in service.all("userTask", "manualTask")}
    called = Drawing(ROOT / "processes" / "rma.bpmn")
    done = {step["do"] for step in steps if "refused" not in step}
    assert tasks <= done <= tasks | set(called.nodes)
    assert {node for scenario in scenarios["scenarios"] for node in scenario["path"]} <= set(service.nodes)


def test_scenarios_show_every_kind_of_refusal(scenarios: dict[str, Any]) -> None:
    refused = {step.get("refused") for scenario in scenarios["scenarios"] for step in scenario["steps"]}
    assert {"not_same_as", "not_permitted", "invalid_form"} <= refused


def test_scenarios_are_named_once_and_cite_clauses_of_this_process(
    scenarios: dict[str, Any], own_clauses: dict[str, dict[str, Any]]
) -> None:
    for field in ("name", "name_en"):
        names = [scenario[field] for scenario in scenarios["scenarios"]]
        assert len(set(names)) == len(names)
    assert {clause for scenario in scenarios["scenarios"] for clause in scenario["clauses"]} <= set(own_clauses)
