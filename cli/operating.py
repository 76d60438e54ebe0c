"""What an operator runs beside the product: backup, restore, doctor."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from cli.archive_reading import read_backup
from cli.archive_writing import Written, write_backup
from cli.checkup import checkup
from cli.clock import now
from cli.content import prepare
from cli.verifying import prove_all
from company.file_store import FileStore
from company.first_administrator import add_first_administrator

if TYPE_CHECKING:
    from clauseflow import Product


def backup(product: Product, options: argparse.Namespace) -> bool:
    """Write everything the database holds into one file, uploaded files too if asked; false when some are missing."""
    path, store = Path(options.file), product.settings.files_url
    with product.database() as db:
        done = write_backup(
            db, path, product.settings.anchor_file, now(), FileStore.at(store) if options.files else None
        )
    product.say(f"已备份 {done.rows['instances']} 个事项、{done.rows['entries']} 条记录：{path}",
                f"backed up {done.rows['instances']} cases, {done.rows['entries']} entries: {path}")  # fmt: skip
    if options.files:
        return _say_which_files(product, done)
    if done.rows["attachments"]:
        count = done.rows["attachments"]
        product.say(f"其中没有 {count} 个上传的文件，它们在 {store}：请另行复制，或用 --files 一并备份",
                    f"it leaves out {count} uploaded files, which lie in {store}: "
                    "copy them as well, or have them go along by --files")  # fmt: skip
    return True


def _say_which_files(product: Product, done: Written) -> bool:
    product.say(f"连同 {done.files} 个上传的文件", f"with {done.files} uploaded files")
    for name in done.missing:
        product.say(f"文件库里没有 {name}，备份里也没有", f"the file store lacks {name}, and so does the backup")
    return not done.missing


def restore(product: Product, options: argparse.Namespace) -> bool:
    """Load a backup into an empty database and prove every case; false when anything is not proven.

    A file of anchors that is there already stays and is what the cases are proven by: it then tells, too, how much
    newer it is than the backup.
    """
    settings = product.settings
    with product.database() as db:
        prepare(db)
        done = read_backup(db, Path(options.file), FileStore.at(settings.files_url), settings.anchor_file)
        if done.with_files:
            product.say(f"上传的文件：已恢复 {done.files} 个", f"uploaded files: {done.files} restored")
        elif done.rows["attachments"]:
            product.say(f"备份里没有 {done.rows['attachments']} 个上传的文件，请把它们复制到 {settings.files_url}",
                        f"the backup leaves out {done.rows['attachments']} uploaded files: "
                        f"copy them to {settings.files_url}")  # fmt: skip
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
