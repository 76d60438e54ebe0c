"""What a form may use besides the values typed into it: time and calendar, lists of records, stored files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from engine.feel.budget import Allowance
from engine.forms.words import Words
from engine.values import Value, format_number

if TYPE_CHECKING:
    from engine.calendar import Calendar

FileRef = dict[str, Value]
"""One stored file: `{"sha256": hex, "name": text, "type": media type, "size": bytes}`."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value a variable takes, and the words people read; `more` is said beside a suggestion."""

    value: Value
    label: Words
    more: Words | None = None

    @property
    def text(self) -> str:
        """What a browser posts for it."""
        if isinstance(self.value, bool):
            return "true" if self.value else "false"
        return self.value if isinstance(self.value, str) else format_number(self.value)


RecordSource = Callable[[str], Sequence[Option]]
"""A searchable list of records. Asked with a record's own value it must give (also) that record;
asked with "" it gives the first ones."""


@dataclass(frozen=True, slots=True)
class FormEnvironment:
    """What a form may use besides values: the command's time and calendar, record lists, stored files.

    `files` gives the reference of a file this person has uploaded, by `SHA-256` or `SHA-256/name`, or None; `address`
    is where a stored file is served, `thumbnail` where a small picture of it is, "" when there is none. `allowance` is
    what all expressions may take together; None leaves each its own budget.
    """

    now: datetime | None = None
    zone: tzinfo | None = None
    calendar: Calendar | None = None
    sources: Mapping[str, RecordSource] = field(default_factory=dict)
    files: Callable[[str], FileRef | None] | None = None
    address: Callable[[FileRef], str] | None = None
    thumbnail: Callable[[FileRef], str] | None = None
    allowance: Allowance | None = None

    def places(self, file: FileRef) -> tuple[str, str]:
        """Where a stored file is served, and where a small picture of it is; "" where it is not."""
        return self.address(file) if self.address else "", self.thumbnail(file) if self.thumbnail else ""


NOTHING = FormEnvironment()
"""No records, no files, no time."""
