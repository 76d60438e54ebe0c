"""`clauseflow scenarios` of a company's own process: its folder, its people, who are none of the demo's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import clauseflow

DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cf="urn:clauseflow:bpmn:1"
  id="definitions" targetNamespace="urn:example">
  <bpmn:process id="errand" name="差事" cf:nameEn="Errand" cf:prefix="ER" cf:title="=goods">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="dispatch" name="调度" cf:nameEn="Dispatch"><bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>choose</bpmn:flowNodeRef></bpmn:lane>
      <bpmn:lane id="driver" name="司机" cf:nameEn="Drivers"><bpmn:flowNodeRef>drive</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" name="有差事" cf:nameEn="An errand"/>
    <bpmn:userTask id="choose" name="派车" cf:nameEn="Choose a driver" cf:clauses="xt-8"/>
    <bpmn:userTask id="drive" name="出车" cf:nameEn="Drive" cf:assignee="=who" cf:clauses="xt-8"/>
    <bpmn:endEvent id="delivered" name="送到" cf:nameEn="Delivered"/>
    <bpmn:sequenceFlow id="begin_to_choose" sourceRef="begin" targetRef="choose"/>
    <bpmn:sequenceFlow id="choose_to_drive" sourceRef="choose" targetRef="drive"/>
    <bpmn:sequenceFlow id="drive_to_delivered" sourceRef="drive" targetRef="delivered"/>
  </bpmn:process>
</bpmn:definitions>
"""
SCENARIOS = """
process: errand
people:
  调度员子虚: [dispatch]
  司机乌有: [driver]
  司机亡是: [driver]
scenarios:
  - name: 指定的司机出车
    name_en: The driver who was chosen drives
    start: {by: 调度员子虚, at: 2026-03-02T09:00:00+08:00, values: {goods: 一箱轴承}}
    steps:
      - {by: 调度员子虚, do: choose, refused: invalid_form, values: {who: 调度员子虚}}
      - {by: 调度员子虚, do: choose, values: {who: 司机亡是}}
      - {by: 司机乌有, do: drive, refused: taken}
      - {by: 司机亡是, do: drive, values: {receipt: {file: 回执.txt}}}
    ends: delivered
    expect: {who: driver-2}
"""


def form(**field: object) -> str:
    return json.dumps({"type": "default", "schemaVersion": 18, "id": "f", "components": [{"id": "one", **field}]})


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder of processes that is not the product's."""
    forms, processes = tmp_path / "forms" / "errand", tmp_path / "processes"
    (processes / "scenario_files").mkdir(parents=True)
    forms.mkdir(parents=True)
    (processes / "errand.bpmn").write_text(DIAGRAM, "utf-8")
    (processes / "errand.scenarios.yaml").write_text(SCENARIOS, "utf-8")
    (processes / "scenario_files" / "回执.txt").write_text("已收到", "utf-8")
    (forms / "begin.form").write_text(form(type="textfield", key="goods", label="货"), "utf-8")
    (forms / "choose.form").write_text(
        form(type="cf-person", key="who", label="司机", properties={"source": "people/driver"}), "utf-8"
    )
    (forms / "drive.form").write_text(form(type="filepicker", key="receipt", label="回执"), "utf-8")
    return processes


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = clauseflow.main(["scenarios", *arguments])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_process_of_another_folder_runs_on_people_of_its_own(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (own, own / "errand.bpmn"):
        code, said = run(capsys, str(path), "--json", "--second-opinion")

        [report] = json.loads(said)
        assert report["scenarios"] == [{"name": "指定的司机出车", "ok": True, "problems": []}]
        assert report["missing"] == []
        assert report["second_opinion"]["ok"]
        assert code == 0


def test_a_process_without_scenarios_is_named(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (own / "errand.scenarios.yaml").unlink()

    code, said = run(capsys, str(own))

    assert code == 2
    assert "流程“errand”没有场景" in said
    assert "errand.scenarios.yaml" in said


def test_what_is_neither_key_nor_path_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "no_such_process")

    assert code == 2
    assert "no_such_process" in said
