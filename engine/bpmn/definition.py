"""One deployed version of a process: its diagram, decisions and forms, frozen together."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from engine import decisions, feel, forms
from engine.bpmn.diagram_file import read_diagram
from engine.forms.kinds.choice import ChoiceSettings

if TYPE_CHECKING:
    from engine.bpmn.diagram import Diagram


@dataclass(frozen=True)
class Definition:
    """The files of one version by their path in the repository; identity is the hash of their content.

    `files` holds `processes/<key>.bpmn`, at most one `processes/<key>.dmn`, and `forms/<key>/<name>.form`.
    """

    key: str
    files: Mapping[str, bytes]

    @cached_property
    def hash(self) -> bytes:
        """SHA-256 (32 bytes) over the paths and content digests, in path order."""
        lines = (f"{hashlib.sha256(self.files[path]).hexdigest()}  {path}\n" for path in sorted(self.files))
        return hashlib.sha256("".join(lines).encode()).digest()

    @property
    def bpmn_path(self) -> str:
        return f"processes/{self.key}.bpmn"

    @property
    def bpmn(self) -> bytes:
        """The diagram file. Raises KeyError when the bundle has none."""
        return self.files[self.bpmn_path]

    @cached_property
    def diagram(self) -> Diagram:
        """The read diagram. Raises Refused with every problem that keeps it from being carried out."""
        return read_diagram(self.bpmn, self.bpmn_path, self.key)

    @cached_property
    def decisions(self) -> decisions.Model | None:
        """The decision model beside the diagram, if there is one. Raises Refused."""
        path = f"processes/{self.key}.dmn"
        return decisions.read(self.files[path], path) if path in self.files else None

    def form_path(self, node_id: str) -> str | None:
        """The path of the node's form file, when it is in the bundle."""
        path = f"forms/{self.key}/{self.diagram.nodes[node_id].form or node_id}.form"
        return path if path in self.files else None

    def form(self, node_id: str) -> forms.Form | None:
        """The form of a node, read once; None for a node without one. Raises Refused, KeyError."""
        path = self.form_path(node_id)
        if path is None:
            return None
        if path not in self._forms:
            self._forms[path] = forms.read(self.files[path], path)
        return self._forms[path]

    @cached_property
    def title_choices(self) -> Mapping[str, Mapping[str, forms.Option]]:
        """The choices that the formula of a case's title reads: by variable, what the forms offer by code."""
        if not self.diagram.title:
            return {}
        asked = [form for form in map(self.form, self.diagram.nodes) if form]
        read = feel.compile(self.diagram.title, names={key for form in asked for key in form.keys}).names
        found: dict[str, dict[str, forms.Option]] = {}
        for form in asked:
            for key in read & form.level.by_key.keys():
                settings = form.level.by_key[key].settings
                if isinstance(settings, ChoiceSettings):
                    found[key] = {**settings.fixed, **found.get(key, {})}
        return found

    @cached_property
    def _forms(self) -> dict[str, forms.Form]:
        return {}
