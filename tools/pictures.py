"""Takes the README's pictures from the demo: `.venv/bin/python -m tools.pictures`, after `make test`.

A product of its own is started in a temporary folder; the pictures go to docs/pictures/.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize

from demo.people import PASSWORD
from tests.browser import launched

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "pictures"
PROGRAM = (sys.executable, str(ROOT / "clauseflow.py"))
CASES = "150"
PORT = "8765"
SCREEN = ViewportSize(width=1280, height=800)
COLOURS = 128
LARGEST = 200_000
"""Bytes of a picture."""


def inbox(page: Page) -> None:
    """Staff: what the group may take."""
    page.goto("/?view=groups")


def task(page: Page) -> None:
    """Staff: a form with what matters beside it."""
    page.goto("/?view=mine&process=price_approval")
    page.locator(".task-name").first.click()
    page.locator(".desk").wait_for()


def replay(page: Page) -> None:
    """Auditors: a finished case, half-way through."""
    page.goto("/cases?status=completed&process=price_approval")
    number = page.locator(".case-line .number").first.inner_text()
    page.goto(f"/audit/{number}?frame=3")
    page.locator(".djs-container svg").first.wait_for()


def clauses(page: Page) -> None:
    """Everybody: a clause, where it is carried out, and how its deadlines were kept."""
    page.goto("/clauses/bk/bk-33")
    page.locator(".djs-container svg").first.wait_for()


def design(page: Page) -> None:
    """Designers: a form in the editor."""
    page.goto("/design/forms/price_approval/draft_price")
    page.locator(".fjs-editor-container, .fjs-form-editor").first.wait_for()


PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "inbox": ("lin", inbox),
    "task": ("qian", task),
    "replay": ("ji", replay),
    "clauses": ("mo", clauses),
    "design": ("mo", design),
}
"""Every picture: whose page, and how to come to it."""


def main() -> None:
    """Take every picture."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _product(Path(folder)) as address, launched(Path(folder)) as browser:
        for name, (account, show) in PICTURES.items():
            page = _logged_in(browser, address, account)
            show(page)
            page.wait_for_load_state("networkidle")
            _keep(page.screenshot(animations="disabled"), TARGET / f"{name}.png")
            page.context.close()


@contextmanager
def _product(folder: Path) -> Iterator[str]:
    """The address of a running product with demo data."""
    settings = {"CLAUSEFLOW_VAR": str(folder / "var"), "CLAUSEFLOW_PORT": PORT, "CLAUSEFLOW_LANGUAGE": "en"}
    environment = {**os.environ, **settings}
    subprocess.run([*PROGRAM, "demo", "--size", CASES], cwd=ROOT, env=environment, check=True)
    with subprocess.Popen([*PROGRAM, "serve"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            assert "is up" in server.stdout.readline(), "the product did not start"
            yield f"http://127.0.0.1:{PORT}"
        finally:
            server.terminate()


def _logged_in(browser: Browser, address: str, account: str) -> Page:
    page = browser.new_context(
        base_url=address, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=SCREEN, color_scheme="light"
    ).new_page()
    page.goto("/login")
    page.locator("#account").fill(account)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.locator(".person-name").wait_for()
    return page


def _keep(taken: bytes, path: Path) -> None:
    """Write a picture with few colours, which screens of text do not miss."""
    with Image.open(BytesIO(taken)) as picture:
        picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)
    size = path.stat().st_size
    assert size <= LARGEST, f"{path.name} has {size} bytes"
    print(f"{path.relative_to(ROOT)}  {size // 1000} kB")


if __name__ == "__main__":
    main()
