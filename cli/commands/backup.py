"""Write a backup into one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from cli.archive.writing import Written, write_backup
from cli.clock import now
from cli.command import Command
from cli.product import Product
from company.files.store import FileStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE")
    parser.add_argument("--files", action="store_true", help="连同上传的文件 · with the uploaded files")


def run(product: Product, options: argparse.Namespace) -> bool:
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


COMMAND = Command("备份到一个文件 · write a backup into one file", run, add_arguments)
