"""What a page makes the browser fetch stays small."""

from __future__ import annotations

import re

from tests.product import ROOT

BUILD = ROOT / "web" / "static" / "build"
SCRIPT = re.compile(r'<script src="/static/build/([\w.]+)')
IMPORT = re.compile(r'(?:from|import)\s*"\./([\w./-]+\.js)"')
INBOX = 60_000
"""Bytes of script an inbox page may need, uncompressed."""


def scripts_of(page: str) -> set[str]:
    """The scripts of a page with everything they import."""
    wanted, found = SCRIPT.findall(page), set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            beside = name.rpartition("/")[0]
            imported = IMPORT.findall((BUILD / name).read_text("utf-8"))
            wanted += [f"{beside}/{each}".lstrip("/") for each in imported]
    return found


def test_an_inbox_needs_little_script(visit):
    scripts = scripts_of(visit("lin").get("/").text)
    assert "app.js" in scripts
    assert sum((BUILD / name).stat().st_size for name in scripts) <= INBOX


def test_the_measure_follows_imports():
    scripts = scripts_of('<script src="/static/build/diagram.js?v=1" type="module"></script>')
    assert any(name.startswith("parts/") for name in scripts)
