"""What an auditor runs beside verify: anchor, rebuild."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from cli.anchor_stamps import authority
from cli.clock import now
from company.record_sources import record_sources
from company.records import index_again
from engine import forms
from engine.commands import rebuild
from engine.database import Database
from engine.history.anchors import take_anchor
from engine.history.stamp_tokens import FalseStamp
from engine.history.stamps import stamp_anchors
from engine.jobs import TryLater
from engine.queries import instance_numbers
from handlers.outside.answers import Declined

if TYPE_CHECKING:
    from clauseflow import Product


def rebuild_all(product: Product, _options: argparse.Namespace) -> bool:
    """Make every state and wait again from the entries, and what lists ask of the fields of records."""
    with product.database() as db:
        with db.reading() as session:
            numbers = instance_numbers(session)
        for number in numbers:
            rebuild(db, number)
        records = index_again(db, forms.Surroundings(now=now(), sources=record_sources(db)))
    product.say(f"已由历史重建 {len(numbers)} 个事项，{records} 份档案的筛选索引",
                f"rebuilt {len(numbers)} cases from history, and the fields of {records} records")  # fmt: skip
    return True


def anchor(product: Product, _options: argparse.Namespace) -> bool:
    """Take an anchor now."""
    with product.database() as db:
        taken = take_anchor(db, now(), product.settings.anchor_file)
        _have_stamped(product, db)
    if taken:
        product.say(f"锚点 {taken.id}：{taken.root.hex()}（{len(taken.heads)} 个事项）",
                    f"anchor {taken.id}: {taken.root.hex()} ({len(taken.heads)} cases)")  # fmt: skip
    else:
        product.say("自上个锚点以来没有变化", "nothing changed since the last anchor")
    return True


def _have_stamped(product: Product, db: Database) -> None:
    """An authority that does not answer is no failure of the anchor: the worker asks again."""
    if not product.settings.tsa_url:
        return
    try:
        settings = product.settings
        count = stamp_anchors(db, settings.anchor_file, settings.tsa_roots, authority(settings))
        product.say(f"时间戳：盖了 {count} 个锚点", f"time-stamped {count} anchors")
    except (Declined, TryLater, FalseStamp) as error:
        product.say(f"时间戳服务没有办成，后台会再请求：{_reason(error, 'zh')}",
                    f"not time-stamped, the worker asks again: {_reason(error, 'en')}")  # fmt: skip


def _reason(error: Exception, language: str) -> str:
    return error.text(language) if isinstance(error, FalseStamp) else str(error)
