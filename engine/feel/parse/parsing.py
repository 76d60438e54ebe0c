"""What the files of a recursive descent ask of the parser that calls them; it stands above them all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from engine.feel.parse.powers import OR

if TYPE_CHECKING:
    from engine.feel.names import KnownNames
    from engine.feel.parse.nodes import Node
    from engine.feel.parse.scanner import Scanner
    from engine.feel.types import FeelType


class Parsing(Protocol):
    """A text on its way to a tree; `Parser` says what each of these does."""

    scanner: Scanner
    scope: KnownNames
    types: Mapping[str, FeelType]

    def expression(self, power: int = OR, range_end: bool = False) -> Node: ...

    def node(self, kind: type[Node], at: int, *parts: Any, **more: Any) -> Any: ...

    def name_node(self) -> Node: ...
