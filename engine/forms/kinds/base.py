"""What the form engine asks of a component type; every module beside this one answers for a few types.

A *raw* value is what somebody sent: text from a browser (a list of texts where a field takes several),
or a typed value from the API or from a variable. `read` turns it into the field's value or raises Wrong;
`control` is the way back, the text a browser control shows, so that reading it again gives the same value.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Literal, Protocol

from engine.forms.formats import plain
from engine.forms.read.attributes import ComponentAttributes
from engine.forms.scope import FormScope
from engine.forms.words import Words, Wrong
from engine.values import Value

UNSURE: Final = object()
"""A quick function's answer to what it cannot plainly take: `read` and `judge` decide."""

Quick = Callable[[Value], Value]


class Field(Protocol):
    """A component as its kind sees it: the variable's name, and what `Kind.settings` gave when it was read."""

    @property
    def key(self) -> str: ...

    @property
    def settings(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class LineInput:
    """How a browser offers a line of typing: the attributes of its `<input>`, and what stands around it."""

    type: str = "text"
    inputmode: str = ""
    step: str = ""
    autocomplete: str = "off"
    prefix: Words = Words()  # noqa: RUF009  # immutable
    suffix: Words = Words()  # noqa: RUF009  # immutable


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Texts of a registered list: `first` are those before anything is typed, each with what else is said of it."""

    source: str
    by: str
    first: list[tuple[str, str]]


class ComponentKind:
    """One component type. Stateless; what a component sets for itself is in `component.settings`."""

    template: ClassVar[str]
    """The file in `templates/` that draws it."""
    template_when_read: ClassVar[str] = "value"
    """The file that draws it where it can only be read."""
    field: ClassVar[bool] = True
    """Whether it carries a variable."""
    computed: ClassVar[bool] = False
    """Whether its value is ours, never the person's."""
    holds_components: ClassVar[bool] = False
    """Whether other components stand inside it."""
    missing: ClassVar[str] = "required"
    """The sentence when it is required and empty."""
    printed: ClassVar[str] = "field"
    """The part of `paper.html` that prints it; "" where paper does not show it."""
    printed_wide: ClassVar[bool] = False
    """Whether it takes the whole width of the paper."""
    boxes: ClassVar[Literal["", "options", "yes"]] = ""
    """The boxes to tick on a blank copy: one for each of its options, one for yes, or none."""
    ordered: ClassVar[bool] = False
    """Whether its values have an order, so that one may ask for those above or below."""
    holds_files: ClassVar[bool] = False
    """Whether its value is a list of stored files."""
    for_staff: ClassVar[bool] = False
    """Whether it needs somebody the product knows: files and the company's own lists."""
    levels: ClassVar[bool] = False
    """Whether its options are steps of a scale, which need no words."""

    def settings(self, attributes: ComponentAttributes, properties: ComponentAttributes) -> Any:
        """What the component sets for itself, read once from its file."""
        return None

    def take(self, texts: list[str]) -> Value:
        """The raw value of what a browser posted under the field's name; a hidden marker comes first."""
        return texts[-1]

    def written(self, component: Field, text: str) -> Value:
        """The raw value of what somebody wrote in a cell of a workbook."""
        return text.strip()

    def read(self, component: Field, raw: Value, scope: FormScope) -> Value:
        """The value of what was sent. Raises Wrong."""
        raise NotImplementedError

    def judge(self, component: Field, value: Value, scope: FormScope) -> None:
        """Hold a value that is not empty against the component's limits. Raises Wrong."""

    def quick(self, settings: Any) -> Quick:
        """Reads and judges in one go what people usually post: the value, or UNSURE.

        It returns what `read` and `judge` return and knows nothing but the settings; whether the field may be
        empty is asked elsewhere.
        """
        return lambda *args: UNSURE

    def empty(self, value: Value) -> bool:
        """Whether nothing was filled in."""
        return value is None or value == []

    def control(self, component: Field, raw: Value, scope: FormScope) -> Any:
        """What the browser's control shows for a raw value, readable or not."""
        return plain(raw, "en")

    def offers(self, component: Field, scope: FormScope) -> Suggestions | None:
        """What is offered while a line is typed, which may be something else all the same; None without a list."""
        return None

    def input(self, component: Field, control: str) -> LineInput:
        """The `<input>` of a field typed in a line; `control` is what it shows."""
        return LineInput()

    def text(self, component: Field, value: Value, scope: FormScope, language: str) -> str:
        """The value as people read it."""
        return plain(value, language, scope.environment.zone)

    def paragraphs(self, component: Field, scope: FormScope, language: str) -> list[str] | None:
        """What a formula says in its place; None where nothing is said or it is always the same. Raises Wrong."""
        return None

    def schema(self, component: Field) -> dict[str, Value]:
        """The JSON Schema of the value as the API writes it."""
        return {}


def wrong_character(text: str, allowed: str = "") -> Wrong | None:
    """The refusal of a text that holds control characters or halves of a surrogate pair."""
    for character in text:
        if (character < " " and character not in allowed) or character == "\x7f" or "\ud800" <= character <= "\udfff":
            return Wrong("bad_character", code=f"U+{ord(character):04X}")
    return None
