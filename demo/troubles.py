"""What goes wrong in the demo: a mail server that is away, and a handler that refuses. Both can be tried again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from engine.jobs import Handler, Job, JobError
from engine.values import Value
from handlers import HANDLERS

MAIL_AWAY = timedelta(hours=30)
"""For how long before now the mail server has been away for the cases that meet it."""

REFUSED = timedelta(days=9)
EACH = 2


@dataclass(slots=True)
class Troubles:
    """The handlers of the demo: those of scenarios, of which a few jobs fail near `now`."""

    now: datetime
    _failing: dict[str, set[str]] = field(default_factory=dict)

    def handlers(self) -> Mapping[str, Handler]:
        """Every handler by name."""
        return {
            **HANDLERS,
            "notify": self._failing_at("notify", MAIL_AWAY, _no_mail),
            "equipment_life": self._failing_at("equipment_life", REFUSED, _refuse),
            "customer_file": self._failing_at("customer_file", REFUSED, _refuse),
        }

    def _failing_at(self, name: str, ago: timedelta, fail: Callable[[], None]) -> Handler:
        handler, chosen = HANDLERS[name], self._failing.setdefault(name, set())

        def run(job: Job) -> Mapping[str, Value]:
            if job.key in chosen or (job.now > self.now - ago and len(chosen) < EACH):
                chosen.add(job.key)
                fail()
            return handler.run(job)

        return replace(handler, run=run)


def _no_mail() -> None:
    raise JobError(
        reason="邮件服务器拒绝连接（smtp.example.com:25 Connection refused）",
        reason_en="The mail server refused the connection (smtp.example.com:25 Connection refused)",
    )


def _refuse() -> None:
    raise JobError(reason="这份档案正被锁定编辑", reason_en="the record is locked for editing")
