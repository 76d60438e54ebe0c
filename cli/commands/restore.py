"""Restore a backup into an empty database and prove it."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.archive.reading import read_backup
from cli.command import Command
from cli.content import prepare
from cli.product import Product
from cli.proofs import prove_all
from company.files.store import FileStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")


def run(product: Product, options: argparse.Namespace) -> bool:
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


COMMAND = Command(
    "从备份恢复到空数据库并证明 · restore a backup into an empty database and prove it", run, add_arguments
)
