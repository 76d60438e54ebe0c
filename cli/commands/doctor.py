"""Check what the product runs on."""

from __future__ import annotations

import argparse
import json

from cli.checkup import checkup
from cli.clock import now
from cli.command import Command, add_json
from cli.product import Product


def run(product: Product, options: argparse.Namespace) -> bool:
    """Check database, schema, workers, calendar, anchors and disk; false when something has to be done."""
    with product.database() as db:
        found = checkup(db, product.settings, now())
    if options.json:
        print(json.dumps([{"check": f.check, "state": f.state, "zh": f.zh, "en": f.en} for f in found]))
    else:
        for finding in found:
            mark = {"ok": "✓", "warning": "!", "broken": "✗"}[finding.state]
            product.say(f"{mark} {finding.zh}", f"{mark} {finding.en}")
    return all(finding.state != "broken" for finding in found)


COMMAND = Command("检查运行环境 · check database, workers, calendar, anchors, disk", run, add_json)
