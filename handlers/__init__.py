"""The side effects a diagram may ask for: `cf:handler` names one of these. One file each.

A handler may run more than once for a job. What it writes itself carries the job's key and is written once; what goes
to other systems names the key, so that the receiver knows a second one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from engine.jobs import Handler
from handlers.calendar_entry import calendar_entry
from handlers.customer_file import customer_file
from handlers.document_number import document_number
from handlers.equipment_life import equipment_life
from handlers.notify import notify
from handlers.open_case import open_case
from handlers.outside.channels import Channels
from handlers.stock_movement import stock_movement


def handlers_with(channels: Channels) -> Mapping[str, Handler]:
    """Every handler there is, by the name diagrams use, with these outside channels."""
    return {
        "notify": Handler(
            partial(notify, channels=channels), attempts=6, backoff=timedelta(seconds=30), limit=timedelta(minutes=3)
        ),
        "document_number": Handler(document_number),
        "customer_file": Handler(customer_file),
        "equipment_life": Handler(equipment_life),
        "stock_movement": Handler(stock_movement),
        "calendar_entry": Handler(calendar_entry),
        "open_case": Handler(open_case),
    }


HANDLERS = handlers_with(Channels())
"""The handlers of scenarios and of the demo, which tell nobody outside."""
