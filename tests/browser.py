"""A real browser for tests: one Chromium per worker, a fresh context (nobody logged in) per page."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Position, Response, sync_playwright

UNPACKED = Path(__file__).parent.parent / ".cache" / "chromium"
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-quic", "--no-first-run",
)  # fmt: skip
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
PARTS = {"script", "stylesheet", "image", "font"}

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias binding="strong"><family>system-ui</family><prefer><family>Noto Sans CJK SC</family></prefer></alias>
  <alias binding="strong"><family>monospace</family><prefer><family>Noto Sans Mono CJK SC</family></prefer></alias>
</fontconfig>
"""


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A running headless Chromium that can show Chinese."""
    with launched(tmp_path_factory.mktemp("fonts")) as browser:
        yield browser


@contextmanager
def launched(folder: Path) -> Iterator[Browser]:
    """The browser; `folder` takes its font settings."""
    executable = _executable()
    # The unpacked browser brings the libraries a bare system lacks; a system's own must not see them.
    libraries = {"LD_LIBRARY_PATH": str(UNPACKED / "al2023" / "lib")} if executable.startswith(str(UNPACKED)) else {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=SWITCHES,
            env={**os.environ, "FONTCONFIG_FILE": str(_font_settings(folder)), **libraries},
        )
        yield browser
        browser.close()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page as another person: a context of its own, with Playwright's context options.

    At the end the test fails if any of its pages logged or threw an error, or missed a part of itself.
    """
    contexts, complaints = [], []

    def hear(message: ConsoleMessage) -> None:
        # A page that is refused (403, 404) is often what a test wants; `see` looks after its parts.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    def see(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type in PARTS:
            complaints.append(f"{response.status} {response.url}")

    def open_page(**options: Any) -> Page:
        defaults = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESKTOP, "reduced_motion": "reduce"}
        context = chromium.new_context(**{**defaults, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("response", see)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    """One page on a desktop screen, in Chinese."""
    return new_page()


def sign(canvas: Locator) -> None:
    """Sign on a canvas in three strokes; each point is taken where the page has the canvas by then."""
    box, mouse = canvas.bounding_box(), canvas.page.mouse
    assert box is not None
    for stroke in (((0.2, 0.3), (0.45, 0.3), (0.3, 0.8)), ((0.35, 0.5), (0.6, 0.75)), ((0.65, 0.2), (0.85, 0.4))):
        points = [Position(x=x * box["width"], y=y * box["height"]) for x, y in stroke]
        canvas.hover(position=points[0])
        mouse.down()
        for point in points[1:]:
            canvas.hover(position=point)
        mouse.up()


def _executable() -> str:
    """The browser the machine's owner names, else the one `make test` unpacked, else one on PATH."""
    if named := os.environ.get("CHROMIUM"):
        return named
    if (UNPACKED / "chromium").exists():
        return str(UNPACKED / "chromium")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = next(filter(None, map(shutil.which, names)), None)
    assert found, "no Chromium: run `make test` once, or set CHROMIUM to the path of one"
    return found


def _font_settings(folder: Path) -> Path:
    """Fontconfig settings that know our font and no other: a screenshot looks the same on every machine."""
    package = importlib.util.find_spec("manimgx_fonts_cjk")
    assert package is not None, "the font package is missing"
    assert package.origin is not None
    settings = folder / "fonts.conf"
    settings.write_text(FONTS.format(fonts=Path(package.origin).parent, cache=folder / "cache"), encoding="utf-8")
    return settings
