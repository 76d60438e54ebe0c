"""Take an anchor now."""

from __future__ import annotations

import argparse

from cli.anchors.stamps import authority
from cli.clock import now
from cli.command import Command
from cli.product import Product
from engine.database import Database
from engine.history.anchoring.anchors import take_anchor
from engine.history.anchoring.stamp_tokens import FalseStamp
from engine.history.anchoring.stamps import stamp_anchors
from engine.jobs import TryLater
from handlers.outside.answers import Declined


def run(product: Product, _options: argparse.Namespace) -> bool:
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


COMMAND = Command("立即取锚点 · take an anchor now", run)
