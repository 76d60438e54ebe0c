"""The side effects a diagram may ask for: `cf:handler` names one of these. One file each."""

from __future__ import annotations

from collections.abc import Mapping

from engine.worker import Handler

HANDLERS: Mapping[str, Handler] = {}
"""Every handler there is, by the name diagrams use."""
