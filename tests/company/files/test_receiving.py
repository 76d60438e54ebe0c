"""Files that come with a form, from a page or from a program."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest

from company.files.attachments import own_reference
from company.files.receiving import Receiver, SentFile
from company.files.store import FileStore
from demo import people as demo
from engine import forms
from engine.actor import Actor
from engine.database import Database
from tests.product import START

LIN, WU = Actor("lin"), Actor("wu")
FIELDS = [
    {"type": "filepicker", "key": "papers", "label": "资料", "multiple": True, "properties": {"label:en": "Papers"}},
    {"type": "filepicker", "key": "photo", "label": "照片", "properties": {"label:en": "Photo"}},
    {"type": "textfield", "key": "remark", "label": "备注", "properties": {"label:en": "Remark"}},
]


@pytest.fixture
def form() -> forms.Form:
    content = {"type": "default", "schemaVersion": 18, "id": "f", "components": [{"id": f["key"], **f} for f in FIELDS]}
    return forms.read(json.dumps(content).encode(), "f.form")


@pytest.fixture
def receiver(db: Database, tmp_path: Path) -> Receiver:
    demo.load_people(db, START)
    return Receiver(db, FileStore.at(str(tmp_path / "files")), LIN, START)


def sent(control: str, name: str, content: bytes = b"%PDF-1.7 x") -> SentFile:
    return SentFile(control, name, io.BytesIO(content))


def named(content: bytes, name: str) -> str:
    return f"{hashlib.sha256(content).hexdigest()}/{name}"


def test_each_is_stored_and_named_at_its_field(receiver: Receiver, form: forms.Form) -> None:
    post, problems = receiver.receive(
        form, {"remark": ["r"]}, [sent("papers", "a.pdf", b"a"), sent("papers", "b", b"b")]
    )

    assert problems == []
    assert post == {"remark": ["r"], "papers": [named(b"a", "a.pdf"), named(b"b", "b")]}
    assert b"".join(receiver.store.read(hashlib.sha256(b"a").hexdigest())) == b"a"


def test_a_field_for_one_takes_the_new_file_in_place_of_the_old(receiver: Receiver, form: forms.Form) -> None:
    post, _ = receiver.receive(
        form, {"photo": ["old"], "papers": ["old"]}, [sent("photo", "n", b"n"), sent("papers", "n", b"n")]
    )

    assert post == {"photo": [named(b"n", "n")], "papers": ["old", named(b"n", "n")]}


def test_what_is_refused_is_named_by_its_field_and_the_others_are_stored(receiver: Receiver, form: forms.Form) -> None:
    post, [problem] = receiver.receive(form, {}, [sent("photo", "p.txt", b""), sent("papers", "a", b"a")])

    assert (problem.where, problem.text("zh")) == ("photo", "照片：“p.txt”是空文件。")
    assert problem.text("en") == "Photo: “p.txt” is an empty file."
    assert post == {"papers": [named(b"a", "a")]}


def test_a_file_at_no_field_for_files_is_left(receiver: Receiver, form: forms.Form) -> None:
    assert receiver.receive(form, {}, [sent("remark", "a"), sent("nowhere", "a"), sent("papers", "")]) == ({}, [])


def test_only_who_sent_it_may_refer_to_it_by_a_name_of_their_own(receiver: Receiver, form: forms.Form) -> None:
    receiver.receive(form, {}, [sent("papers", "a.pdf", b"%PDF-1.7 a")])
    with receiver.db.reading() as session:
        mine = own_reference(session, LIN, named(b"%PDF-1.7 a", "other.pdf"))
        assert mine
        assert mine["name"] == "other.pdf"
        harmless = own_reference(session, LIN, named(b"%PDF-1.7 a", "run.exe"))
        assert harmless
        assert harmless["name"] == "a.pdf"
        assert own_reference(session, WU, named(b"%PDF-1.7 a", "a.pdf")) is None
