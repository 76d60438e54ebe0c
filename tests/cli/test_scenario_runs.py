"""Scenarios hand in real files: history refers to what lies in the store, and a run without samples says so."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from cli.content import bundle
from cli.scenario_runs import samples_folder
from company.files.attachments import references, usable
from company.files.samples import SampleFiles
from company.files.store import FileStore
from demo import people as demo
from demo.cast import played
from engine.actor import SYSTEM, Actor
from engine.clauses import Register
from engine.commands import deploy_definition
from engine.database import Database
from engine.history.entries import entries_of
from engine.lint import LintContext
from engine.scenarios import ScenarioFile, ScenarioOutcome, run_scenario
from handlers import HANDLERS
from tests.product import START

KEY = "appraisal"


@pytest.fixture
def file(db: Database, register: Register) -> ScenarioFile:
    """The appraisal's first scenario, whose finding comes with the report; the process is deployed."""
    demo.load_people(db, START)
    deploy_definition(db, SYSTEM, START, KEY, bundle(KEY).files, LintContext(register, frozenset(HANDLERS)))
    return played(KEY)


def run(db: Database, file: ScenarioFile, store: FileStore) -> ScenarioOutcome:
    samples = SampleFiles(db, store, samples_folder())
    return run_scenario(db, file, file.scenarios[0], HANDLERS, samples=samples)


def test_history_refers_to_the_bytes_in_the_store(db: Database, file: ScenarioFile) -> None:
    store = FileStore()

    outcome = run(db, file, store)

    assert outcome.problems == ()
    with db.reading() as session:
        history = list(entries_of(session, 1))
        [(actor, reference)] = [(e.actor, r) for e in history for r in references(e.payload().get("values"))]
        assert reference["name"] == "检测报告.pdf"
        assert reference["type"] == "application/pdf"
        assert usable(session, Actor(actor), reference["sha256"]) is not None
    assert hashlib.sha256(b"".join(store.read(reference["sha256"]))).hexdigest() == reference["sha256"]


def test_a_run_without_samples_stops_at_the_line_that_names_one(db: Database, file: ScenarioFile) -> None:
    scenario = file.scenarios[0]
    [problem] = run_scenario(db, file, scenario, HANDLERS).problems

    [step] = [step for step in scenario.steps if step.do == "record_result"]
    assert problem.line == step.line
    assert "检测报告.pdf" in problem.text("en")


def test_a_file_nobody_drew_is_named(db: Database, file: ScenarioFile) -> None:
    scenario = file.scenarios[0]
    steps = [replace(s, values={**s.values, "report_files": {"file": "报告.pdf"}}) if s.do == "record_result" else s
             for s in scenario.steps]  # fmt: skip
    changed = replace(file, scenarios=(replace(scenario, steps=tuple(steps)),))

    [problem] = run(db, changed, FileStore()).problems

    assert "报告.pdf" in problem.text("zh")
    assert "检测报告.pdf" in problem.text("zh")
