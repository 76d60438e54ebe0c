"""A form that was posted after its session had ended: kept over the log-in, so that nobody types twice.

It travels in the person's own browser only, as a hidden field of the log-in page.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

from flask import request

from engine import forms
from web.shared.addresses import local_path

SECRETS = frozenset({"csrf_token", "password", "present", "new", "again"})
"""Fields that are never kept."""


def holds_secrets() -> bool:
    """Whether this request's form has a field that is never kept: without it the rest is nothing to send again."""
    return bool(request.form.keys() & (SECRETS - {"csrf_token"}))


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where the form went, whose session had ended (None if unknown), and its fields in order.

    `files` names those it brought: nobody was logged in who might add any, so they must be chosen again.
    """

    action: str
    person: str | None
    fields: list[tuple[str, str]]
    files: list[str] = field(default_factory=list)

    @classmethod
    def posted(cls, person: str | None) -> KeptForm:
        """The form of this request."""
        fields = [(name, value) for name, value in request.form.items(multi=True) if name not in SECRETS]
        files = [file.filename for _, file in request.files.items(multi=True) if file.filename]
        return cls(request.full_path.rstrip("?"), person, fields, files)

    @classmethod
    def read(cls, text: str | None) -> KeptForm | None:
        """What a log-in page carried; None for nothing, or something it did not write."""
        try:
            found = json.loads(text or "null")
            fields = [(str(name), str(value)) for name, value in found["fields"]]
            files = [str(name) for name in found.get("files", [])]
            kept = cls(str(found["action"]), found["person"], fields, files)
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return kept if local_path(kept.action, "") else None

    def text(self) -> str:
        """As a log-in page carries it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def post(self) -> dict[str, list[str]]:
        """Every name with its texts in order, as `forms` reads a post."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value)
        return found

    def back(self) -> tuple[str, str] | None:
        """The button that opens the form filled in instead of submitting it, when files must be chosen again."""
        return (forms.ROW_BUTTON, "again:files") if self.files else None
