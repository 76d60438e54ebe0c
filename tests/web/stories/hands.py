"""How a person fills in a form of the product in a browser: every kind of field by what the page shows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from playwright.sync_api import Locator, expect

from cli.scenario_runs import samples_folder
from tests.browser import sign

Values = Mapping[str, Any]


def fill(form: Locator, values: Values, within: str = "") -> None:
    """Enter every value into its field, from the top of the page; a field that is hidden yet must appear by itself."""
    waiting = {f"{within}{key}": value for key, value in values.items() if value is not None}
    while waiting:
        shown = [place.get_attribute("data-cf") for place in form.locator("[data-cf]:visible").all()]
        name = next((name for name in shown if name in waiting), None) or next(iter(waiting))
        place = form.locator(f'[data-cf="{name}"]')
        expect(place).to_be_visible()
        _enter(place, name, waiting.pop(name))


def _enter(place: Locator, name: str, value: Any) -> None:
    look = place.get_attribute("class") or ""
    if "cf-list" in look.split():
        _write_rows(place, name, value)
    elif "cf-files" in look.split():
        _bring_files(place, value)
    elif "cf-options" in look.split():
        for choice in value if isinstance(value, list) else [value]:
            place.locator(f'input[value="{choice}"]').check()
    elif place.locator("select").count():
        place.locator("select").select_option(str(value))
    elif "cf-tick" in look.split():
        place.locator("input[type=checkbox]").set_checked(value)
    else:
        place.locator("input, textarea").first.fill(_as_typed(value))


def _as_typed(value: Any) -> str:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _write_rows(place: Locator, name: str, rows: list[Values]) -> None:
    there = place.locator("> .cf-rows > .cf-row")
    while there.count() > len(rows):
        there.last.locator('> .cf-row-buttons [value^="remove:"]').click()
    while there.count() < len(rows):
        place.locator(f'> button[value="add:{name}"]').click()
    for index, row in enumerate(rows):
        fill(there.nth(index), row, f"{name}-{index}-")


def _bring_files(place: Locator, value: Any) -> None:
    """Choose files, or sign with a finger where a signature is asked for."""
    if place.get_attribute("data-cf-look") == "signature":
        sign(place.locator(".cf-canvas"))
        expect(place.locator("input[type=file]")).to_have_value(re.compile("signature.png"))
    else:
        files = [value] if isinstance(value, Mapping) else value
        place.locator("input[type=file]").set_input_files([samples_folder() / file["file"] for file in files])
