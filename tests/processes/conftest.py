"""What tests of the processes may ask for: every diagram in turn (`drawing`)."""

from __future__ import annotations

import pytest

from tests.processes.drawing import ROOT, Drawing

FILES = sorted((ROOT / "processes").glob("*.bpmn"))


@pytest.fixture(scope="session", params=FILES, ids=[path.stem for path in FILES])
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return Drawing(request.param)
