"""The one root of every error the product raises on purpose, and the shape of a problem it reports.

An error is a fact with two sentences. A subclass states them once, as `zh` and `en` templates over
its facts; `text(language)` fills them in the reader's language, `str(error)` is English for logs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

Language = Literal["zh", "en"]


class ClauseflowError(Exception):
    """Something we refuse or cannot do, said in Chinese and English with the facts that explain it.

    Facts are keyword arguments; they stay readable as attributes of `facts`. `status` is what HTTP calls it, for pages
    and programs alike: a conflict with what happened before, unless a subclass says otherwise.
    """

    status: ClassVar[int] = 409
    zh: ClassVar[str] = "操作未能完成。"
    en: ClassVar[str] = "The operation could not be completed."

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.en.format_map(facts))

    def text(self, language: str = "zh") -> str:
        """The sentence in `language` ("zh" or "en"; anything else reads English)."""
        template = self.zh if language.startswith("zh") else self.en
        return template.format_map(self.facts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about a file or a submitted value: where it is, and what is wrong in both languages.

    `where` is the element id, the field key or the rule's cell; `line` and `column` count from 1
    (None where a place has no line). `severity` "error" stops a deploy or a submit, "warning" does not.
    """

    rule: str
    where: str
    zh: str
    en: str
    line: int | None = None
    column: int | None = None
    file: str | None = None
    severity: Literal["error", "warning"] = "error"

    def text(self, language: str = "zh") -> str:
        """The sentence alone, without the place."""
        return self.zh if language.startswith("zh") else self.en

    def located(self, language: str = "zh") -> str:
        """The sentence behind its place, as a compiler prints it: `file:line:column element: sentence`."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return " ".join(part for part in (place, f"[{self.where}]" if self.where else "", self.text(language)) if part)


class Refused(ClauseflowError):
    """An input that holds one or more problems; nothing of it was carried out."""

    status = 422
    zh = "有 {count} 处问题，未执行：{first}"
    en = "{count} problem(s), nothing was done: {first}"

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        first = problems[0]
        Exception.__init__(self, self.en.format(count=len(problems), first=first.located("en")))
        self.facts = {"count": len(problems), "problems": problems}

    def text(self, language: str = "zh") -> str:
        template = self.zh if language.startswith("zh") else self.en
        return template.format(count=len(self.problems), first=self.problems[0].located(language))
