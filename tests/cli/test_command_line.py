"""The command line as people and programs use it: its own database, exit codes that mean something."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from sqlalchemy import update

from engine.database import Database
from engine.tables import entries

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
BPMN = ROOT / "processes" / "price_approval.bpmn"


def clauseflow(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run one command with its data in `folder`."""
    environment = {"PATH": os.environ["PATH"], "CLAUSEFLOW_VAR": str(folder), "CLAUSEFLOW_LANGUAGE": "en", **settings}
    return subprocess.run(
        [sys.executable, str(ROOT / "clauseflow.py"), *arguments],
        capture_output=True, text=True, env=environment, cwd=folder, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with demo people and a few cases."""
    folder = tmp_path_factory.mktemp("var")
    done = clauseflow(folder, "demo", "--size", "6")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_demo_is_proven_and_anchored(demo: Path) -> None:
    assert clauseflow(demo, "anchor").returncode == 0

    verified = clauseflow(demo, "verify", "--all", "--json")

    reports = json.loads(verified.stdout)["cases"]
    assert verified.returncode == 0
    assert len(reports) >= 6, "cases that others called are cases too"
    assert all(report["anchors"]["ok"] and report["reexecution"]["ok"] for report in reports)


def test_a_second_demo_changes_nothing(demo: Path) -> None:
    again = clauseflow(demo, "demo", "--size", "6")

    assert again.returncode == 0
    assert "in force already" in again.stdout
    assert "demo cases" not in again.stdout


def test_verify_names_instance_and_entry_of_one_changed_byte(tmp_path: Path) -> None:
    assert clauseflow(tmp_path, "demo", "--size", "2").returncode == 0
    db = Database(f"sqlite:///{tmp_path}/clauseflow.db")
    change = update(entries).where(entries.c.instance_id == 2, entries.c.seq == 1)
    db.write(lambda session: session.execute(change.values(effects=entries.c.effects + " ")))
    db.dispose()

    verified = clauseflow(tmp_path, "verify", "--all")

    assert verified.returncode == 1
    assert "entry 1" in verified.stdout
    assert "000002 entry 1" in verified.stdout or "000001 entry 1" in verified.stdout
    proven = re.search(r"(\d+)/(\d+) cases proven", verified.stdout)
    assert proven
    assert int(proven[1]) == int(proven[2]) - 1


def test_rebuild_keeps_everything_proven(demo: Path) -> None:
    assert clauseflow(demo, "rebuild").returncode == 0
    assert clauseflow(demo, "verify", "--all").returncode == 0


def test_verify_wants_one_number_or_all(demo: Path) -> None:
    for arguments in ((), ("PA-2026-000001", "--all")):
        refused = clauseflow(demo, "verify", *arguments)
        assert refused.returncode == 2
        assert "--all" in refused.stderr


def test_verify_of_no_case_says_so(demo: Path) -> None:
    refused = clauseflow(demo, "verify", "PA-1999-000001")

    assert refused.returncode == 2
    assert "PA-1999-000001" in refused.stderr


def test_scenarios_cover_every_node_and_flow(tmp_path: Path) -> None:
    ran = clauseflow(tmp_path, "scenarios", "price_approval", "--json")

    [report] = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert report["missing"] == []
    assert all(scenario["ok"] for scenario in report["scenarios"])


def test_clauses_lists_every_clause_with_its_elements(tmp_path: Path) -> None:
    listed = clauseflow(tmp_path, "clauses", "--json")

    rows = json.loads(listed.stdout)
    assert listed.returncode == 0
    found = {row["clause"]: row["elements"] for row in rows if row["process"] == "price_approval"}
    register = yaml.safe_load((ROOT / "regulations" / "bk.yaml").read_text("utf-8"))["clauses"]
    assert {clause["id"] for clause in register if "price_approval" in clause["process"]} <= found.keys()
    assert "finance_costing" in found["bk-12"]
    assert [clause for clause, elements in found.items() if not elements] == []


@pytest.mark.parametrize(
    ("broken", "named"),
    [
        (b'<!DOCTYPE x [<!ENTITY e "e">]>', "DOCTYPE"),
        (b'<bpmn:userTask id="finance_costing"', "finance_costing"),
    ],
)
def test_lint_and_deploy_refuse_a_broken_diagram_by_file_and_line(tmp_path: Path, broken: bytes, named: str) -> None:
    folder = tmp_path / "processes"
    folder.mkdir()
    text = BPMN.read_bytes()
    if broken.startswith(b"<!"):
        text = text.replace(b"?>\n", b"?>\n" + broken, 1)
    else:
        text = text.replace(b"</bpmn:process>", broken + b' name="x"/></bpmn:process>', 1)
    (folder / "price_approval.bpmn").write_bytes(text)

    for command in ("lint", "deploy"):
        refused = clauseflow(tmp_path, command, str(folder))
        assert refused.returncode == 1, refused.stdout + refused.stderr
        assert "processes/price_approval.bpmn:" in refused.stderr
        assert named in refused.stderr
        assert "Traceback" not in refused.stderr


def test_a_path_without_a_diagram_is_named(tmp_path: Path) -> None:
    refused = clauseflow(tmp_path, "deploy", str(tmp_path))

    assert refused.returncode == 2
    assert str(tmp_path) in refused.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAUSEFLOW_PORT", "eighty"),
        ("CLAUSEFLOW_PORT", "0"),
        ("CLAUSEFLOW_THREADS", "-1"),
        ("CLAUSEFLOW_SECURE_COOKIES", "yes"),
        ("CLAUSEFLOW_TRUSTED_PROXIES", "10.0.0.0/8"),
        ("CLAUSEFLOW_TRUSTED_PROXIES", "-1"),
        ("CLAUSEFLOW_PUBLIC_URL", "clauseflow.example.com"),
        ("CLAUSEFLOW_PUBLIC_URL", "https://example.com/path"),
        ("CLAUSEFLOW_DATABASE_URL", "mysql://x"),
    ],
)
def test_an_invalid_setting_stops_the_start_and_is_named(tmp_path: Path, name: str, value: str) -> None:
    refused = clauseflow(tmp_path, "migrate", **{name: value})

    assert refused.returncode == 2
    assert value in refused.stderr
    assert name in refused.stderr or name == "CLAUSEFLOW_DATABASE_URL"
    assert "Traceback" not in refused.stderr
