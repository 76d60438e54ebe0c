"""What tests of the processes may ask for: every diagram in turn (`drawing`), and of the module's process (`KEY`) the
clauses that name it (`own_clauses`) and its scenario file (`scenarios`)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.processes.drawing import ROOT, Drawing

FILES = sorted((ROOT / "processes").glob("*.bpmn"))


@pytest.fixture(scope="session", params=FILES, ids=[path.stem for path in FILES])
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param)


@pytest.fixture(scope="module")
def own_clauses(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """Clause id -> clause, for the clauses that name the module's process."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "regulations").glob("*.yaml")]
    clauses = [clause for regulation in files for clause in regulation["clauses"]]
    return {clause["id"]: clause for clause in clauses if request.module.KEY in clause["process"]}


@pytest.fixture(scope="module")
def scenarios(request: pytest.FixtureRequest) -> dict[str, Any]:
    path = ROOT / "processes" / f"{request.module.KEY}.scenarios.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found
