"""An anchor's root by mail: what lies in somebody else's mailbox no database administrator can change."""

from __future__ import annotations

from engine.history.anchors import Anchor
from handlers.channels import Channels, mail_plain

TEXT = """循章锚点 · Clauseflow anchor {id}

时刻 at     {at}
根 root     {root}
事项 cases  {count}

请原样保存本邮件：日后验证时，它证明此刻之前的历史没有被改动。
Keep this mail as it is: it proves later that no history from before this moment was changed.
"""


def mail_anchor(channels: Channels, to: str, anchor: Anchor) -> None:
    """Mail the root of an anchor to the keeper `to`; nothing without a keeper or a mail server. Raises OSError."""
    if to and channels.smtp_url:
        text = TEXT.format(id=anchor.id, at=anchor.at.isoformat(), root=anchor.root.hex(), count=len(anchor.heads))
        mail_plain(channels, to, f"循章锚点 {anchor.id} · Clauseflow anchor {anchor.id}", text, anchor.at)
