"""History told in sentences, in the reader's language: entries are data, and only here do they become words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import lazy_gettext as words

from engine.bpmn import Definition
from engine.history.steps import Step
from web.shared import formats
from web.shared.forms.sheet import Sheet
from web.shared.language import in_language
from web.shared.words.wording import Wording

SKIPPABLE = ("job_done", "child_ended")
"""What is told otherwise when a person did it and gave a reason."""

Names = Mapping[str, str]
"""Person id -> the name to show."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry in words; `rows` are the labels and texts of what was entered, `reason` what the actor gave for it.

    `after` says what followed by itself: a decision taken by a table, the end of the case.
    """

    seq: int
    at: datetime
    text: str
    rows: list[tuple[str, str]]
    reason: str
    after: list[str]
    node_id: str | None


def days(sentences: Iterable[Sentence]) -> list[tuple[date, list[Sentence]]]:
    """The sentences grouped by the company's day, in the order given."""
    grouped = groupby(sentences, key=lambda sentence: formats.local(sentence.at).date())
    return [(day, list(members)) for day, members in grouped]


def people_in(entries: Iterable[Step]) -> set[str]:
    """Everybody the sentences of these entries will name."""
    involved = ((entry.actor, entry.on_behalf_of, _assignee(entry), _former(entry)) for entry in entries)
    found = {person for people in involved for person in people if person}
    return found - {"system"}


def tell(entries: Sequence[Step], definition: Definition, names: Names) -> list[Sentence]:
    """The story of an instance, oldest first."""
    return [_sentence(entry, definition, names) for entry in entries]


def node_name(definition: Definition, node_id: str | None) -> str:
    """A flow node's name for the reader; its id where the diagram (in another version) has none."""
    node = definition.diagram.nodes.get(node_id or "")
    return in_language(node.name, node.name_en) or node.id if node else node_id or ""


def _sentence(entry: Step, definition: Definition, names: Names) -> Sentence:
    facts = {"who": actor_name(entry, names), "node": node_name(definition, entry.node)}
    return Sentence(
        seq=entry.seq,
        at=entry.at,
        text=_told(entry, facts, definition, names),
        rows=_entered(entry, definition),
        reason=str(entry.facts.get("reason", "")),
        after=_consequences(entry, definition),
        node_id=entry.node,
    )


def actor_name(entry: Step, names: Names) -> str:
    """Who acted, and for whom."""
    if entry.actor in (None, "system"):
        return _("系统")
    name = names.get(entry.actor or "", entry.actor)
    if entry.on_behalf_of:
        return _("%(who)s（代 %(whom)s）", who=name, whom=names.get(entry.on_behalf_of, entry.on_behalf_of))
    return str(name)


def _entered(entry: Step, definition: Definition) -> list[tuple[str, str]]:
    if entry.kind == "correct":
        return Wording(definition).rows(entry.values)
    node_id = entry.node if entry.kind not in ("move", "assign") else None
    if not entry.values or node_id is None or node_id not in definition.diagram.nodes:
        return []
    return Sheet(definition.form(node_id)).said(entry.values)


def _consequences(entry: Step, definition: Definition) -> list[str]:
    found = [_("“%(node)s”由决策表判定。", node=node_name(definition, decision.node)) for decision in entry.decisions]
    if entry.status == "completed":
        ends = [i for i in entry.path if _is_end(definition, i)]
        found.append(_("事项办结：%(end)s。", end=node_name(definition, ends[-1]) if ends else _("全部步骤完成")))
    return found


def _is_end(definition: Definition, element_id: str) -> bool:
    node = definition.diagram.nodes.get(element_id)
    return node is not None and node.type == "endEvent"


def _assignee(entry: Step) -> str | None:
    to = entry.values.get("to") if entry.kind == "assign" else None
    return to if isinstance(to, str) else None


def _former(entry: Step) -> str | None:
    """Who held the task that went back to its group because they can no longer do it."""
    person = entry.facts.get("held_by")
    return person if isinstance(person, str) else None


def _told(entry: Step, facts: Mapping[str, str], definition: Definition, names: Names) -> str:
    pattern = ENTRY_SENTENCES.get(entry.kind, _OTHER)
    if entry.kind == "assign":
        to = _assignee(entry)
        pattern = _RELEASED if to is None else _CLAIMED if to == entry.actor else _DELEGATED
        pattern = _LOST.get(str(entry.facts.get("why")), pattern)
        whom = _former(entry) or ""
        facts = {**facts, "to": names.get(to, to) if to else "", "whom": names.get(whom, whom)}
    elif entry.kind == "move":
        facts = {**facts, "to": node_name(definition, str(entry.values.get("to")))}
    elif entry.kind in SKIPPABLE and "reason" in entry.facts:
        pattern = _SKIPPED
    return str(pattern) % {**facts, "kind": entry.kind}


_CLAIMED = words("%(who)s 领取了“%(node)s”。")
_RELEASED = words("%(who)s 把“%(node)s”放回组里。")
_DELEGATED = words("%(who)s 把“%(node)s”转交给 %(to)s。")
_LOST = {
    "deactivated": words("%(who)s 停用了 %(whom)s 的账号，“%(node)s”回到组里。"),
    "roles": words("%(who)s 调整了权限，%(whom)s 不再办理“%(node)s”，任务回到组里。"),
}
"""Why a task left who held it, by the fact `why` of its entry."""
_SKIPPED = words("%(who)s 跳过了“%(node)s”。")
_OTHER = words("%(who)s：%(kind)s “%(node)s”。")

ENTRY_SENTENCES = {
    "start": words("%(who)s 发起了事项。"),
    "complete": words("%(who)s 办理了“%(node)s”。"),
    "cancel": words("%(who)s 取消了事项。"),
    "suspend": words("%(who)s 暂停了事项。"),
    "resume": words("%(who)s 恢复了事项。"),
    "correct": words("%(who)s 更正了数据。"),
    "move": words("%(who)s 把流程从“%(node)s”移到“%(to)s”。"),
    "retry": words("%(who)s 让“%(node)s”重试。"),
    "job_done": words("“%(node)s”自动完成。"),
    "job_failed": words("“%(node)s”自动执行失败。"),
    "timer": words("“%(node)s”到时间了。"),
    "message": words("“%(node)s”收到了消息。"),
    "signal": words("“%(node)s”收到了信号。"),
    "child_ended": words("“%(node)s”调用的事项结束了。"),
}
"""How each kind of input is told; a kind without a sentence still shows. Assignments have three of their own."""
