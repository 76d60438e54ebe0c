"""What the regulations ask of returns for repair stands in their diagram, forms and scenarios."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes.drawing import ROOT, Drawing, fields_of, leaving, ours, shown_fields

KEY = "rma"
SHOWN_ONLY = ("group", "table", "text", "expression")
PAPERS = {
    "write_letter": "配件寄回修理确认函",
    "task_notice": "售后任务通知单",
    "register_custody": "受托代管登记单",
    "incoming_inspection": "返修品入厂检测单",
    "outgoing_inspection": "返修品修后检测单",
    "ship_goods": "返修品发货单",
    "hand_over": "返修品交接单",
    "acceptance": "安装调试验收单",
}
GIVEN = {"customer", "contact", "phone", "product", "serial_no", "fault", "in_warranty", "arrival_way", "price_settled",
         "parts"}  # fmt: skip


@pytest.fixture(scope="module")
def rma() -> Drawing:
    return Drawing(ROOT / "processes" / f"{KEY}.bpmn")


def test_the_clauses_cited_are_those_that_name_this_process(
    rma: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    elements = [rma.process, *rma.nodes.values(), *rma.flows.values()]
    assert {clause for element in elements for clause in ours(element, "clauses").split()} == set(own_clauses)


def test_every_reading_hangs_on_its_element_as_the_register_says_it(
    rma: Drawing, own_clauses: dict[str, dict[str, Any]]
) -> None:
    notes = {note.findtext("{*}text"): note for note in rma.all("textAnnotation")}
    linked = {link.get("targetRef"): link.get("sourceRef", "") for link in rma.all("association")}
    readings = [clause for clause in own_clauses.values() if "open" in clause]
    assert {clause["id"] for clause in readings} == {"bk-17", "bk-30", "cb-5"}
    for clause in readings:
        note = notes[f"{clause['id']}\n{clause['open']}"]
        assert ours(note, "textEn") == f"{clause['id']}: {clause['open_en']}"
        assert clause["id"] in ours(rma.nodes[linked[note.get("id")]], "clauses").split()


def test_the_start_form_takes_all_that_a_caller_may_give(rma: Drawing) -> None:
    asked = {field.get("key", field.get("path")) for field in fields_of(rma.forms()["apply"])}
    assert asked >= GIVEN | {"failure_no"}


def test_goods_are_noticed_then_registered_in_trust_then_judged(rma: Drawing) -> None:
    for node, after in [("receive_goods", "task_notice"), ("task_notice", "register_custody"),
                        ("register_custody", "incoming_inspection")]:  # fmt: skip
        assert set(leaving(rma, node)) == {after}


def test_the_customers_goods_never_enter_our_stock(rma: Drawing) -> None:
    booked = {node: ours(e, "input") for node, e in rma.nodes.items() if ours(e, "handler") == "stock_movement"}
    assert set(booked) == {"book_parts_used"}
    assert "for part in replaced_parts" in booked["book_parts_used"]


def test_old_parts_become_a_case_of_their_own_and_nothing_waits_for_it(rma: Drawing) -> None:
    kept = leaving(rma, "are_old_parts_kept")
    assert kept["open_salvage"] == 'count(replaced_parts) > 0 and old_parts = "salvage"'
    assert ours(rma.nodes["open_salvage"], "handler") == "open_case"
    assert set(leaving(rma, "open_salvage")) == {"outgoing_inspection"}


def test_what_no_warranty_covers_and_nobody_priced_is_priced_before_the_repair(rma: Drawing) -> None:
    ways = leaving(rma, "is_price_open")
    assert ways == {
        "price": "(in_warranty != true or warranty_excluded = true) and price_settled != true",
        "repair": "",
    }
    assert rma.nodes["price"].get("calledElement") == "price_approval"
    assert "diagnosis: finding" in ours(rma.nodes["price"], "input")


def test_whoever_declines_the_price_has_the_goods_back_unrepaired(rma: Drawing) -> None:
    ways = leaving(rma, "did_customer_accept")
    assert ways == {"repair": "", "mark_unrepaired": 'priced.negotiation_result = "refused"'}
    assert set(leaving(rma, "mark_unrepaired")) == {"how_do_they_travel"}


def test_a_failed_test_goes_back_to_the_repair_and_nobody_tests_their_own(rma: Drawing) -> None:
    assert leaving(rma, "is_repair_good") == {"repair": "", "mark_repaired": 'retest_result = "pass"'}
    assert ours(rma.nodes["outgoing_inspection"], "notSameAs") == "repair"


def test_nothing_is_scrapped_without_the_customers_consent(rma: Drawing) -> None:
    assert leaving(rma, "what_becomes_of_it")["mark_scrapped"] == 'disposal = "scrap"'
    consent = next(f for f in fields_of(rma.forms()["agree_disposal"]) if f.get("key") == "disposal_consent")
    assert consent["validate"]["required"] is True
    assert consent["conditional"]["hide"] == '=disposal != "scrap"'


def test_the_shipper_calls_before_anything_is_sent(rma: Drawing) -> None:
    assert leaving(rma, "is_quantity_right") == {"check_quantity": "", "ship_goods": 'quantity_confirmed = "yes"'}
    assert set(leaving(rma, "check_quantity")) == {"call_customer"}
    into = [flow.get("sourceRef") for flow in rma.flows.values() if flow.get("targetRef") == "ship_goods"]
    assert into == ["is_quantity_right"]
    told = next(field for field in fields_of(rma.forms()["call_customer"]) if field.get("key") == "told")
    assert told["validate"]["required"] is True


def test_what_was_carried_home_is_handed_over_instead_of_sent(rma: Drawing) -> None:
    assert leaving(rma, "how_do_they_travel") == {"hand_over": 'arrival_way = "carried"', "tell_shipping": ""}
    assert set(leaving(rma, "hand_over")) == {"file_outcome"}


def test_the_installation_waits_for_the_arrival_and_is_watched(rma: Drawing) -> None:
    [arrival] = rma.nodes["goods_arrive"].iterdescendants("{*}timeDate")
    assert "expected_on" in str(arrival.text)
    assert set(leaving(rma, "goods_arrive")) == {"install"}
    assert "working days(2" in ours(rma.nodes["install"], "due")
    for event, days in (("installation_due_soon", 1), ("installation_overdue", 2)):
        watch = rma.nodes[event]
        assert (watch.get("attachedToRef"), watch.get("cancelActivity")) == ("install", "false")
        assert f"working days({days}, " in "".join(watch.itertext())


def test_nobody_leaves_the_site_without_the_acceptance_sheet(rma: Drawing) -> None:
    assert leaving(rma, "is_it_accepted") == {"install": "", "file_outcome": 'acceptance_result = "accepted"'}
    signature = next(f for f in fields_of(rma.forms()["acceptance"]) if f.get("key") == "acceptance_signature")
    assert signature["properties"]["required"] == "=acceptance_sheet = null or count(acceptance_sheet) = 0"


def test_the_letter_is_filed_with_the_customers_signature(rma: Drawing) -> None:
    signed = next(field for field in fields_of(rma.forms()["sign_letter"]) if field.get("key") == "signed_letter")
    assert (signed["type"], signed["validate"]["required"]) == ("filepicker", True)


def test_the_papers_of_the_regulation_bear_their_titles(rma: Drawing) -> None:
    forms = rma.forms()
    titled = {name: form["properties"]["title"] for name, form in forms.items() if "properties" in form}
    assert titled == PAPERS
    assert all(forms[name]["properties"]["title:en"].isascii() for name in PAPERS)


def test_no_form_asks_for_more_than_six_things(rma: Drawing) -> None:
    for name, form in rma.forms().items():
        shown = [part for part in form["components"] if part["type"] not in SHOWN_ONLY and not part.get("readonly")]
        assert 1 <= len([part for part in shown if "conditional" not in part]) <= 6, name


def test_every_form_speaks_both_languages(rma: Drawing) -> None:
    for name, form in rma.forms().items():
        for field in shown_fields(form):
            english, says = field["properties"], "text" if field["type"] == "text" else "label"
            assert field[says] and english[f"{says}:en"].isascii(), (name, field["id"])
            assert ("description" in field) == ("description:en" in english), (name, field["id"])
            texts = [f"option:{option['value']}:en" for option in field.get("values", [])]
            texts += [f"column:{column['key']}:en" for column in field.get("columns", [])]
            assert all(english[text].isascii() for text in texts), (name, field["id"])


def test_what_a_later_round_decides_is_not_prefilled_with_an_earlier_one(rma: Drawing) -> None:
    decided = {"repair_work", "replaced_parts", "old_parts", "retest_finding", "retest_result", "quantity_confirmed",
               "install_work", "acceptance_result"}  # fmt: skip
    asked = [field for form in rma.forms().values() for field in shown_fields(form) if not field.get("readonly")]
    found = {field.get("key", field.get("path")): field["properties"].get("fresh") for field in asked}
    assert {key: found[key] for key in decided} == dict.fromkeys(decided, "true")


def test_scenarios_do_every_task_of_people(rma: Drawing, scenarios: dict[str, Any]) -> None:
    steps = [step for scenario in scenarios["scenarios"] for step in scenario["steps"]]
    tasks = {element.get("id") for element in rma.all("userTask", "manualTask")}
    assert tasks <= {step["do"] for step in steps if "refused" not in step}


def test_scenarios_show_every_kind_of_refusal_and_every_outcome(scenarios: dict[str, Any]) -> None:
    refused = {step.get("refused") for scenario in scenarios["scenarios"] for step in scenario["steps"]}
    assert {"not_same_as", "not_permitted", "invalid_form"} <= refused
    outcomes = {scenario["expect"]["rma_outcome"] for scenario in scenarios["scenarios"]}
    assert outcomes == {"repaired", "returned_unrepaired", "scrapped"}


def test_scenarios_cite_every_clause_of_this_process(
    scenarios: dict[str, Any], own_clauses: dict[str, dict[str, Any]]
) -> None:
    assert {clause for scenario in scenarios["scenarios"] for clause in scenario["clauses"]} == set(own_clauses)
