"""The three verdicts of a proof in plain words: what holds, what does not, and what nobody can know yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from engine.proving.reexecute import Report, Stamped, Verdict
from web.shared.formats import exact
from web.shared.language import language
from web.shared.services import services


@dataclass(frozen=True, slots=True)
class Finding:
    """One verdict: `state` is "ok", "broken" or "open"; `seq` is the broken entry, None when nothing is broken."""

    title: str
    question: str
    state: str
    sentences: list[str]
    seq: int | None


def findings(report: Report) -> list[Finding]:
    """The verdicts in the order they are to be read."""
    return [
        _finding(_("记录链"), _("记录有没有被改动、插入或删除？"), report.chain, _chain(report)),
        _finding(_("锚点"), _("整段历史会不会被人连同校验值一起重写？"), report.anchors, _anchors(report)),
        _finding(
            _("重新执行"), _("记录的结果是不是流程图真的会得出的结果？"), report.reexecution, _reexecution(report)
        ),
    ]


def _finding(title: str, question: str, verdict: Verdict, sentences: Iterator[str]) -> Finding:
    if verdict.problem:
        return Finding(title, question, "broken", [verdict.problem.text(language())], verdict.upto)
    return Finding(title, question, "open" if verdict.ok is None else "ok", list(sentences), None)


def _chain(report: Report) -> Iterator[str]:
    yield _(
        "共 %(count)d 条记录，从 #0 到 #%(last)d 环环相扣，没有改动、插入或缺失。",
        count=report.entries,
        last=report.entries - 1,
    )


def _anchors(report: Report) -> Iterator[str]:
    covered, last = report.anchors.upto, report.entries - 1
    if covered >= 0:
        yield _("锚点覆盖到 #%(seq)d，与记录一致：到这里为止，历史不可能被悄悄改写。", seq=covered)
        if services().anchor_file is None:
            yield _("没有设置库外留存的锚点文件，这次只与库内的锚点核对。")
        yield from _stamps(report.stamped)
    if covered < 0:
        yield _("还没有锚点覆盖这个事项。")
    if covered < last:
        yield _(
            "#%(first)d 到 #%(last)d 还没有锚点：只能发现前后不一致的改动，发现不了整段重写；下一次取锚点后才受保护。",
            first=covered + 1,
            last=last,
        )


def _stamps(found: Stamped | None) -> Iterator[str]:
    if found is None:
        return
    yield _(
        "锚点 %(anchor)d 的时间戳与它的根相符：到 #%(seq)d 为止的历史不晚于 %(at)s 已经存在，由“%(by)s”签发。",
        anchor=found.anchor,
        seq=found.upto,
        at=exact(found.stamp.at),
        by=found.stamp.by,
    )
    if not found.stamp.traced:
        yield _("没有设时间戳服务的根证书，所以只核对了时间戳的内容，没有核对签名。")


def _reexecution(*args: Report) -> Iterator[str]:
    yield _("把记录的输入在当时的流程图上重新执行了一遍，每一步的结果和状态都与记录相同。")
    yield _("事项当前的状态和待办也正是历史所导出的。")
