"""Reading decision files: versions, refusals, caching."""

import pytest

from engine import decisions
from engine.decisions.read.source import NAMESPACES
from engine.errors import Refused


def refusal(data, imports=None):
    with pytest.raises(Refused) as caught:
        decisions.read(data, "a.dmn", imports)
    problem = caught.value.problems[0]
    assert problem.file == "a.dmn"
    assert problem.line
    assert problem.zh and problem.en and problem.zh != problem.en
    return problem


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_every_version_is_read_alike(dmn, namespace):
    data = dmn.file(dmn.input("x"), dmn.decision("d", dmn.literal("x + 1"), needs="x"), dmn=namespace)
    assert decisions.evaluate(data, "d", {"x": 1}) == 2


def test_elements_of_other_namespaces_are_left_alone(dmn):
    foreign = '<extensionElements><v:x xmlns:v="urn:v"/></extensionElements><v:decision xmlns:v="urn:v" id="d"/>'
    data = dmn.file(foreign, dmn.decision("d", dmn.literal("1")))
    assert decisions.evaluate(data, "d", {}) == 1


def test_prefixed_files_are_read():
    data = (
        b'<s:definitions xmlns:s="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="u" name="n">'
        b'<s:decision id="d" name="d"><s:literalExpression><s:text><![CDATA[1 < 2]]></s:text></s:literalExpression>'
        b"</s:decision></s:definitions>"
    )
    assert decisions.evaluate(data, "d", {}) is True


def test_elements_may_stand_in_a_namespace_beside_the_declared_one(dmn):
    data = dmn.file(
        dmn.decision("d", dmn.literal("1")), dmn="urn:tool", extra=f'xmlns:semantic="{list(NAMESPACES)[1]}"'
    )
    assert decisions.evaluate(data, "d", {}) == 1


def test_the_same_bytes_are_read_once(dmn):
    data = dmn.file(dmn.decision("d", dmn.literal("1")))
    assert decisions.read(data, "a.dmn") is decisions.read(bytes(bytearray(data)), "a.dmn")


def test_what_is_no_decision_file_is_refused():
    assert refusal(b"<definitions/>").rule == "dmn-version"
    assert refusal(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>').rule == "dmn-version"
    assert refusal(b"<definitions").rule == "xml-syntax"
    assert refusal(b"<!DOCTYPE a><a/>").rule == "xml-doctype"


def test_an_id_used_twice_is_refused(dmn):
    problem = refusal(dmn.file(dmn.input("x"), dmn.decision("x", dmn.literal("1"))))
    assert problem.rule == "dmn-duplicate-id"
    assert problem.line == 3


def test_a_reference_to_nothing_is_refused(dmn):
    problem = refusal(dmn.file(dmn.decision("d", dmn.literal("1"), needs="missing")))
    assert problem.rule == "dmn-reference"
    assert "missing" in problem.en


def test_an_import_that_is_not_at_hand_is_refused(dmn):
    for kind in ("https://www.omg.org/spec/DMN/20191111/MODEL/", "http://www.w3.org/2001/XMLSchema"):
        data = dmn.file(f'<import namespace="urn:lib" name="lib" importType="{kind}"/>')
        problem = refusal(data)
        assert problem.rule == "dmn-import"
        assert problem.line == 2


@pytest.mark.parametrize(
    ("logic", "line"),
    [
        ("<decisionTable/>", 2),
        ('<decisionTable hitPolicy="BEST"><output/></decisionTable>', 2),
        ('<decisionTable hitPolicy="COLLECT" aggregation="AVG"><output/></decisionTable>', 2),
        ("<decisionTable><input/><output/></decisionTable>", 2),
        ("<decisionTable><output/>\n<rule/></decisionTable>", 3),
        ('<relation><column name="a"/>\n<row/></relation>', 3),
        ("<invocation>\n<binding/></invocation>", 3),
    ],
)
def test_logic_that_does_not_fit_together_is_refused(dmn, logic, line):
    problem = refusal(dmn.file(dmn.decision("d", logic)))
    assert problem.rule == "dmn-structure"
    assert problem.line == line


def test_a_service_without_output_is_refused(dmn):
    assert refusal(dmn.file('<decisionService id="s" name="s"/>')).rule == "dmn-structure"
