"""Addresses that come from outside or are made by us."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app, request

from engine.tables import LARGEST
from web.shared.services import services

NUMBER = re.compile("[0-9]{1,10}")


def local_path(address: str | None, otherwise: str = "/") -> str:
    """The address if it is a path of this application, else `otherwise`: nobody is sent elsewhere."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return otherwise
    if any(character in address for character in "\r\n\t\\"):
        return otherwise
    parts = urlsplit(address)
    return otherwise if parts.scheme or parts.netloc else address


def whole_number(text: str) -> int | None:
    """The number an address or a form gives, from 0 to what a row can have; None for anything else."""
    return int(text) if NUMBER.fullmatch(text) and int(text) <= LARGEST else None


def here() -> str:
    """The page shown, to come back to; of a refused post its own address, which also shows the page."""
    if request.method == "GET" and request.query_string:
        return request.full_path
    return request.path


def public_address(path: str) -> str:
    """A path as it is opened by a code on paper: at the public address, if one is set, else at the host asked for."""
    return (services().public_url or request.host_url.rstrip("/")) + path


def asset(name: str) -> str:
    """The address of a built bundle, with its content's hash so that browsers may keep it for ever."""
    # Not by `url_for`: a page asks seven times, and building an address takes longer than reading one.
    mark = _mark(current_app.static_folder or "", name)
    return f"{request.script_root}{current_app.static_url_path}/build/{name}{mark}"


@lru_cache
def _mark(folder: str, name: str) -> str:
    path = Path(folder, "build", name)
    return f"?v={hashlib.sha256(path.read_bytes()).hexdigest()[:12]}" if path.exists() else ""
