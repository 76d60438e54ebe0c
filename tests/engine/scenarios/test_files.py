"""`{file: name}` in a scenario becomes a list of references, at every depth."""

from decimal import Decimal
from typing import Any

import pytest

from engine.forms import FileRef
from engine.scenarios.files import with_files


def reference(name: str) -> FileRef:
    return {"sha256": f"of {name}", "name": name, "type": "image/png", "size": Decimal(3)}


@pytest.mark.parametrize(
    "written, sent",
    [
        ({"file": "a.png"}, [reference("a.png")]),
        ([{"file": "a.png"}, {"file": "b.png"}], [reference("a.png"), reference("b.png")]),
        ({"photo": {"file": "a.png"}, "n": 1}, {"photo": [reference("a.png")], "n": 1}),
        ([{"name": "x", "photo": {"file": "a.png"}}], [{"name": "x", "photo": [reference("a.png")]}]),
        ({"file": "a.png", "name": "b"}, {"file": "a.png", "name": "b"}),
        ({"file": 3}, {"file": 3}),
    ],
)
def test_a_file_becomes_a_list_of_references_at_every_depth(written: Any, sent: Any) -> None:
    assert with_files(written, reference) == sent
