"""What a browser calls itself, in words a person recognises."""

from __future__ import annotations

BROWSERS = (
    ("MicroMessenger", "微信 WeChat"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""Marks in the order that tells them apart: most browsers also name those they descend from."""


def device(user_agent: str) -> str:
    """`Firefox · Windows`; the first words of a browser we do not know, empty for none."""
    known = [next((name for mark, name in marks if mark in user_agent), None) for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(name for name in known if name) or user_agent[:40]
