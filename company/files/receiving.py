"""Files that come with a form: stored for the person who sends them, and named in the post by SHA-256 and name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from company.files.attachments import keep
from company.files.store import FileStore
from engine import forms
from engine.actor import Actor
from engine.database import Database
from engine.errors import ClauseflowError, Problem
from engine.forms.judge.posting import Post
from engine.forms.kinds.files import FileSettings


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent: at which control of the form, what its sender calls it, and its open content."""

    control: str
    name: str
    content: IO[bytes]


@dataclass(frozen=True, slots=True)
class Receiver:
    """Stores what one person sends now."""

    db: Database
    store: FileStore
    actor: Actor
    now: datetime

    def receive(self, form: forms.Form, post: Post, files: Iterable[SentFile]) -> tuple[Post, list[Problem]]:
        """The post with SHA-256 and name of each file, now stored, at its field; and what was not taken, and why.

        A field that holds one file takes the new one in place of the old one. A file at no field for files is left.
        """
        filled = {name: list(texts) for name, texts in post.items()}
        problems: list[Problem] = []
        for file in files:
            found = forms.field_at(form, file.control)
            if not file.name or found is None or not isinstance(found[0].settings, FileSettings):
                continue
            field, settings = found[0], found[0].settings
            try:
                taken = self._kept(file, settings)
            except ClauseflowError as refused:
                zh, en = (
                    f"{field.label.text('zh')}：{refused.text('zh')}",
                    f"{field.label.text('en')}: {refused.text('en')}",
                )
                problems.append(Problem("form.upload", found[1], zh, en))
            else:
                filled[file.control] = [*(filled.get(file.control, []) if settings.most > 1 else []), taken]
        return filled, problems

    def _kept(self, file: SentFile, settings: FileSettings) -> str:
        found = keep(
            self.db,
            self.store,
            self.actor,
            self.now,
            file.content,
            file.name,
            megabytes=settings.megabytes,
            location=settings.location,
        )
        return f"{found.sha256}/{found.name}"
