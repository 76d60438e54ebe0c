"""What an operator runs beside the product: backup, restore, doctor."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from cli.archive import read_backup, write_backup
from cli.checkup import checkup
from cli.clock import now
from cli.content import prepare
from cli.verifying import prove_all
from company.first_administrator import add_first_administrator
from engine.errors import ClauseflowError

if TYPE_CHECKING:
    from clauseflow import Product


class FileExists(ClauseflowError):
    """A backup does not overwrite another."""

    zh = "“{path}”已存在，没有覆盖。"
    en = "“{path}” exists already and was not overwritten."


def backup(product: Product, options: argparse.Namespace) -> bool:
    """Write everything the database holds into one file."""
    path = Path(options.file)
    if path.exists():
        raise FileExists(path=path)
    with product.database() as db:
        counts = write_backup(db, path, product.settings.anchor_file, now())
    product.say(f"已备份 {counts['instances']} 个事项、{counts['entries']} 条记录：{path}",
                f"backed up {counts['instances']} cases, {counts['entries']} entries: {path}")  # fmt: skip
    return True


def restore(product: Product, options: argparse.Namespace) -> bool:
    """Load a backup into an empty database and prove every case; false when anything is not proven.

    A file of anchors that is there already stays and is what the cases are proven by: it then tells, too, how much
    newer it is than the backup.
    """
    anchor_file = product.settings.anchor_file
    with product.database() as db:
        prepare(db)
        kept = read_backup(db, Path(options.file))
        if kept and not anchor_file.exists():
            anchor_file.parent.mkdir(parents=True, exist_ok=True)
            anchor_file.write_bytes(kept)
        product.say(f"已恢复，开始证明：{options.file}", f"restored, now proving: {options.file}")
        return prove_all(product, db)


def administrator(product: Product, options: argparse.Namespace) -> bool:
    """Add the first administrator to a company without one, and say the password for the first log-in."""
    with product.database() as db:
        prepare(db)
        password = add_first_administrator(db, now(), options.account, options.name)
    product.say(f"已添加管理员 {options.account}，首次登录的密码：{password}（登录后须更换）",
                f"added the administrator {options.account}; password for the first log-in: {password}")  # fmt: skip
    return True


def doctor(product: Product, options: argparse.Namespace) -> bool:
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
