"""Files people add: any kind, photos, a signature, a stamped receipt."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from typing_extensions import override

from engine.forms.context import FileRef
from engine.forms.formats import joined
from engine.forms.kinds.base import ComponentKind, Field
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Wrong
from engine.values import Value

MAX_FILES = 50
MAX_MEGABYTES = 50
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FileSettings:
    """`accepted` holds media types (`image/*`, `application/pdf`) and name endings (`.xlsx`); empty takes all."""

    accepted: tuple[str, ...]
    most: int
    megabytes: int
    look: str
    location: bool
    """Whether photos keep where they were taken."""


class Files(ComponentKind):
    """`filepicker`, `cf-photo`, `cf-signature`, `cf-stamp`: a list of references to stored files.

    A post names a file by its SHA-256, with `/` and what it is called here when it is new. A reference counts only when
    the environment knows the file, or the variable held it already.
    """

    printed = "files"
    holds_files = True
    for_staff = True
    template = "files"
    template_when_read = "stored"

    def __init__(self, look: str = "any", accepted: tuple[str, ...] = (), most: int = 1) -> None:
        self.look, self.accepted, self.most = look, accepted, most

    @override
    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> FileSettings:
        written = tuple(part.strip().lower() for part in attributes.text("accept").split(",") if part.strip())
        several = MAX_FILES if attributes.raw.get("multiple") is True else self.most
        most = properties.whole("maxFiles", 1, MAX_FILES) or several
        megabytes = properties.whole("maxMegabytes", 1, MAX_MEGABYTES) or MAX_MEGABYTES
        location = properties.rule("keepLocation") is True
        return FileSettings(written or self.accepted, most, megabytes, self.look, location)

    @override
    def take(self, texts: list[str]) -> Value:
        return [text for text in texts if text]

    @override
    def read(self, component: Field, raw: Value, scope: FormScope) -> list[FileRef]:
        if raw is None or raw == "":
            return []
        if not isinstance(raw, list) or len(raw) > MAX_FILES:
            raise Wrong("not_a_file")
        held = _held(scope.values.get(component.key))
        found = {}
        for item in raw:
            reference = _reference(item, held, scope)
            found[reference["sha256"]] = reference
        return list(found.values())

    @override
    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        settings: FileSettings = component.settings
        if len(value) > settings.most:
            raise Wrong("too_many_files", limit=settings.most)
        for reference in value:
            if not _accepts(settings.accepted, reference):
                raise Wrong("file_type", name=reference["name"], accepted=" ".join(settings.accepted))
            if reference["size"] > settings.megabytes * _MEGABYTE:
                raise Wrong("file_size", name=reference["name"], limit=settings.megabytes)

    @override
    def control(self, component: Field, raw: Value, scope: FormScope) -> list[FileRef]:
        """The references that may be kept; unknown ones are left out."""
        held = _held(scope.values.get(component.key))
        kept = []
        for item in raw if isinstance(raw, list) else []:
            try:
                kept.append(_reference(item, held, scope))
            except Wrong:
                continue
        return kept

    @override
    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        files = value if isinstance(value, list) else []
        return joined([str(item.get("name", "")) for item in files if isinstance(item, dict)], language)

    @override
    def schema(self, component: Field) -> dict[str, Value]:
        reference = {"type": "object", "required": ["sha256"], "properties": {"sha256": {"type": "string"}}}
        return {"type": "array", "maxItems": Decimal(component.settings.most), "items": reference}


def kept(value: Value) -> list[FileRef]:
    """The references to stored files that a variable holds."""
    return [item for item in value if _complete(item)] if isinstance(value, list) else []


def _held(value: Value) -> dict[str, FileRef]:
    """The references a variable holds, by SHA-256."""
    return {item["sha256"]: item for item in kept(value)}


def _complete(item: Value) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("size"), Decimal):
        return False
    return all(isinstance(item.get(name), str) for name in ("sha256", "name", "type"))


def _reference(item: Value, held: dict[str, FileRef], scope: FormScope) -> FileRef:
    sent = item.get("sha256") if isinstance(item, dict) else item
    if not isinstance(sent, str):
        raise Wrong("not_a_file")
    known = held.get(sent.partition("/")[0]) or (scope.environment.files(sent) if scope.environment.files else None)
    if known is None:
        raise Wrong("unknown_file")
    return known


def _accepts(accepted: tuple[str, ...], reference: FileRef) -> bool:
    name, media = reference["name"].lower(), reference["type"].lower()
    return not accepted or any(
        name.endswith(one)
        if one.startswith(".")
        else media == one or (one.endswith("/*") and media.startswith(one[:-1]))
        for one in accepted
    )
