"""Facts about the bench: what a newcomer may rely on before reading any code."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import create_engine, text

from cli.settings import SETTINGS

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LOCKS = ("requirements.lock", "requirements-dev.lock")


def _pins(lock: str) -> dict[str, str]:
    """Package to version, as a lock file names them."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_make_alone_lists_every_target() -> None:
    listed = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = set(re.findall(r"^([a-z-]+):.*", MAKEFILE, re.MULTILINE)) - {"python"}
    assert {"run", "test", "test-fast", "test-all", "check", "fix", "bench", "torture", "help"} <= targets
    assert targets == set(re.findall(r"^  make ([\w-]+)", listed, re.MULTILINE))


def test_a_python_that_is_too_old_or_missing_is_refused_in_one_sentence() -> None:
    refused = subprocess.run(
        ["make", "run", "PYTHON=no-such-python"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert "需要带 venv 的 Python 3.11" in refused.stderr
    assert "Python 3.11 or newer with venv is needed" in refused.stderr


@pytest.mark.parametrize("lock", LOCKS)
def test_a_python_lock_names_hashes_and_no_registry(lock: str) -> None:
    text_of_lock = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text_of_lock
    requirements = re.split(r"\n(?=\S)", text_of_lock.strip())
    assert len(requirements) > 30
    assert all("--hash=sha256:" in requirement for requirement in requirements)


def test_the_npm_lock_names_hashes_and_no_registry() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    installed = [package for path, package in packages.items() if path]
    assert len(installed) > 50
    assert all(package["integrity"].startswith("sha512-") for package in installed)
    assert not any("resolved" in package for package in installed)


def test_the_developers_lock_holds_the_runtimes_lock() -> None:
    runtime, develop = (_pins(lock) for lock in LOCKS)
    assert runtime.items() <= develop.items()


@pytest.mark.parametrize("kind", ["dependencies", "devDependencies"])
def test_browser_packages_are_named_exactly(kind: str) -> None:
    versions = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))[kind].values()
    assert versions
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    names = {re.match(r"[\w.-]+", requirement)[0].lower() for requirement in declared}  # type: ignore[index]
    assert names <= _pins("requirements-dev.lock").keys()


@pytest.mark.parametrize("package", ["engine", "cli"])
def test_every_part_of_a_package_has_a_floor(package: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = project["tool"]["importlinter"]["contracts"][0]["layers"]
    placed = set(re.findall(rf"{package}\.(\w+)", " ".join(floors)))
    parts = {path.stem for path in (ROOT / package).iterdir() if path.stem.isidentifier() and path.stem[0] != "_"}
    assert parts <= placed


def test_the_readme_names_every_setting() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(SETTINGS) == set(re.findall(r"^\| `(CLAUSEFLOW_\w+)` \|", readme, re.MULTILINE))


def test_a_test_gets_a_database_of_its_own(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE only_here (id integer)"))
        connection.execute(text("INSERT INTO only_here VALUES (1)"))
    engine.dispose()


def test_the_next_test_does_not_see_it(database_url: str) -> None:
    test_a_test_gets_a_database_of_its_own(database_url)


def test_the_browser_shows_chinese(page: Page) -> None:
    page.set_content("<p style='font-size: 40px; width: max-content'>审</p><p style='font-size: 40px'>\U000f0000</p>")
    glyph, missing = (paragraph.screenshot() for paragraph in page.locator("p").all())
    assert glyph != missing
    assert page.evaluate("document.querySelector('p').offsetWidth") == 40


def test_a_browser_page_starts_with_nothing_from_another(page: Page) -> None:
    assert page.context.cookies() == []
    assert page.evaluate("navigator.language") == "zh-CN"
