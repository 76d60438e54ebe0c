"""Files are taken in once, upright, without their place, and only by whoever added them."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from decimal import Decimal

import pytest
from PIL import Image

from company.files import attachments
from company.files.attachments import EmptyFile, FileTooLarge, ProgramRefused, TooMuchToday, clean_name, keep, usable
from company.files.pictures import BadPicture, PictureKind, PictureTooLarge
from company.files.store import FileMissing, FileStore
from company.files.types import sniff
from company.people import directory
from demo import people as demo
from tests.product import START

ORIENTATION, LOCATION, CAMERA = 0x0112, 0x8825, 0x010F


def photo(kind="JPEG", size=(80, 40), orientation=1, location=False):
    """A photo: its left half red, its right half blue."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[CAMERA] = "Maker"
    exif[ORIENTATION] = orientation
    if location:
        exif[LOCATION] = {1: "N", 2: (31.0, 12.0, 0.0), 3: "E", 4: (121.0, 30.0, 0.0)}
    written = io.BytesIO()
    picture.save(written, kind, exif=exif.tobytes())
    return written


@pytest.fixture
def store(tmp_path):
    return FileStore.at(str(tmp_path / "files"))


@pytest.fixture
def take(db, store):
    """`take(content, "name.ext", by="lin")` takes a file in."""
    demo.load_people(db, START)

    def kept(content, name, by="lin", now=START, **limits):
        with db.reading() as session:
            actor = directory.actor_of(session, by, now)
        opened = io.BytesIO(content) if isinstance(content, bytes) else content
        return keep(db, store, actor, now, opened, name, **({"megabytes": 5} | limits))

    return kept


def test_the_reference_holds_hash_name_type_and_size_of_what_is_kept(take, store):
    content = b"%PDF-1.7 report"
    found = take(content, "报告.pdf")
    digest = hashlib.sha256(content).hexdigest()
    assert found.reference == {"sha256": digest, "name": "报告.pdf", "type": "application/pdf", "size": Decimal(15)}
    assert b"".join(store.read(digest)) == content


def test_the_same_content_is_stored_once_and_belongs_to_each_who_added_it(take, db, act_of):
    assert take(b"same", "a.txt", by="lin").sha256 == take(b"same", "b.txt", by="wu").sha256
    digest = take(b"same", "c.txt", by="lin").sha256
    with db.reading() as session:
        assert usable(session, act_of("lin"), digest).name == "c.txt"
        assert usable(session, act_of("wu"), digest).name == "b.txt"
        assert usable(session, act_of("zhou"), digest) is None
        assert usable(session, act_of("lin"), "0" * 64) is None


@pytest.fixture
def act_of(db):
    def actor(account):
        with db.reading() as session:
            return directory.actor_of(session, account, START)

    return actor


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright_and_does_not_say_where_it_was_taken(take, store, kind):
    found = take(photo(kind, orientation=6, location=True), "a.jpg")
    kept = Image.open(io.BytesIO(b"".join(store.read(found.sha256))))
    assert kept.size == (40, 80)
    red, _, blue = kept.convert("RGB").getpixel((20, 10))
    assert red > 200 > 50 > blue
    assert LOCATION not in kept.getexif()
    assert kept.getexif().get(ORIENTATION, 1) == 1
    assert kept.getexif()[CAMERA] == "Maker"


def test_a_form_may_ask_for_the_location(take, store):
    found = take(photo(location=True), "a.jpg", location=True)
    kept = Image.open(io.BytesIO(b"".join(store.read(found.sha256))))
    assert kept.getexif().get_ifd(LOCATION)[1] == "N"


def test_a_photo_that_is_fit_keeps_its_very_bytes(take):
    original = photo()
    assert take(original, "a.jpg").sha256 == hashlib.sha256(original.getvalue()).hexdigest()


def test_a_thumbnail_is_small_upright_and_tells_nothing(take, store):
    found = take(photo(size=(2000, 1000), orientation=6, location=True), "a.jpg")
    small = Image.open(io.BytesIO(b"".join(store.read(found.sha256, "thumbnails"))))
    assert (small.format, small.size) == ("WEBP", (320, 640))
    assert not small.getexif()


@pytest.mark.parametrize(
    "content, name, refusal",
    [
        (b"", "a.txt", EmptyFile),
        (b"x" * 5_000_001, "a.txt", FileTooLarge),
        (b"MZ\x90\x00", "a.pdf", ProgramRefused),
        (b"\x7fELF\x02", "photo.jpg", ProgramRefused),
        (b"\xff\xd8\xff\xe0 no photo", "a.jpg", BadPicture),
        (b"\x89PNG\r\n\x1a\n", "a.png", BadPicture),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "a.heic", PictureKind),
    ],
)
def test_it_refuses_in_a_sentence_that_names_the_file(take, db, content, name, refusal):
    with pytest.raises(refusal) as refused:
        take(content, name)
    assert name in refused.value.text("zh")
    assert name in refused.value.text("en")
    with db.reading() as session:
        assert session.execute(attachments.uploads.select()).all() == []


@pytest.mark.parametrize(
    "mode, size, kind",
    [
        ("1", (10_000, 6_000), "PNG"),
        ("1", (1, 50_000_000), "PNG"),
        ("RGBA", (6_000, 5_000), "PNG"),
        ("L", (9_000, 6_000), "JPEG"),
    ],
    ids=["pixels", "one side", "bytes when opened", "photo"],
)  # fmt: skip
def test_a_picture_too_large_to_open_is_refused(take, mode, size, kind):
    written = io.BytesIO()
    Image.new(mode, size).save(written, kind)
    with pytest.raises(PictureTooLarge):
        take(written, f"bomb.{kind.lower()}")


@pytest.mark.parametrize("orientation", [1, 6])
def test_a_large_photo_of_a_telephone_is_kept_upright(take, store, orientation):
    found = take(photo(size=(8_160, 6_120), orientation=orientation), "a.jpg")
    small = Image.open(io.BytesIO(b"".join(store.read(found.sha256, "thumbnails"))))
    assert small.size == ((640, 480) if orientation == 1 else (480, 640))


def test_opening_pictures_leaves_the_product_as_small_as_it_was():
    imported = "import sys, company.files.attachments; print('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", imported], capture_output=True, check=True).stdout == b"False\n"


ENDINGS = "bat cmd com exe js vbs vbe jse wsf hta lnk scr ps1 msi jar reg cpl pif url msc chm apk sh py"
NAMES = [
    *(f"照片.{ending}" for ending in ENDINGS.split()),
    "photo.jpg.bat", "PHOTO.BAT", "photo.jpg          .bat", "a.bat ", "a.bat. .", "a.bat\u3000", "a.ｂａｔ", "a．bat",
    "a.\u202etab.bat", "a.b\u200bat", "a. bat", "x/y.bat", "a\u202ecod.bat",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_program_is_refused_by_its_name(take, name):
    with pytest.raises(ProgramRefused) as refused:
        take(b"a list of names, no program", name)
    assert clean_name(name) in refused.value.text("zh")
    assert clean_name(name) in refused.value.text("en")


@pytest.mark.parametrize("name", ["bat", "example.com 报价.txt", "bill.exe.txt", "a.batch", "程序.txt", "js"])
def test_a_name_that_only_looks_like_one_is_taken(take, name):
    assert take(b"words", name).type == "text/plain"


def zipped(*names):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return written.getvalue()


INSTALLER = bytearray(1024)
INSTALLER[:8], INSTALLER[30:32] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x09\0"
INSTALLER[512 + 80 : 512 + 96] = bytes.fromhex("84100c0000000000c000000000000046")
PROGRAMS = {
    "Windows": b"MZ\x90\x00",
    "Linux": b"\x7fELF\x02",
    "macOS": b"\xcf\xfa\xed\xfe",
    "a shortcut": b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0F",
    "a script": b"#!/bin/sh\nrm -r ~",
    "settings": "Windows Registry Editor Version 5.00".encode("utf-16"),
    "an installer": bytes(INSTALLER),
    "Java": zipped("META-INF/MANIFEST.MF", "A.class"),
    "Android": zipped("AndroidManifest.xml", "classes.dex"),
    "an HTML application": b"<html><head><HTA:APPLICATION ID='x'></head></html>",
    "a script host's": b"<?xml version='1.0'?><package><job id='x'><script language='VBScript'>",
    "help": b"ITSF\x03\0\0\0",
}


@pytest.mark.parametrize("content", PROGRAMS.values(), ids=PROGRAMS)
def test_a_program_is_refused_by_its_content(take, content):
    with pytest.raises(ProgramRefused):
        take(content, "照片.jpg")


def test_a_day_has_a_limit_that_the_next_day_lifts(take, monkeypatch):
    monkeypatch.setattr(attachments, "DAY_LIMIT", 10)
    take(b"12345678", "a.txt")
    with pytest.raises(TooMuchToday):
        take(b"abcdefgh", "b.txt", now=START + timedelta(hours=23))
    take(b"abcdefgh", "b.txt", now=START + timedelta(hours=25))


def test_a_file_that_is_not_there_is_missing(store):
    with pytest.raises(FileMissing):
        store.read("0" * 64)


def office(folder):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(f"{folder}/document.xml", "<x/>")
    return written.getvalue()


@pytest.mark.parametrize(
    "content, name, type_",
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "photo.jpg", "text/html"),
        (b"\xef\xbb\xbf  <svg onload=alert(1)>", "photo.png", "image/svg+xml"),
        (b"hello <script>", "note.txt", "text/html"),
        ("编号,名称\n".encode(), "parts.csv", "text/csv"),
        ("编号,名称\n".encode("gb18030"), "parts.csv", "text/csv"),
        (b"plain", "x.html", "text/plain"),
        (b"\0\1\2", "x.jpg", "application/octet-stream"),
        (b"PK\x03\x04 broken", "x.zip", "application/octet-stream"),
        (office("word"), "a.zip", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (office("xl"), "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc", "application/msword"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a", "image/webp"),
        (b"\0\0\0\x18ftypmp42", "a.mov", "video/mp4"),
    ],
)
def test_the_type_is_told_by_the_content(content, name, type_):
    assert sniff(io.BytesIO(content), name) == type_


@pytest.mark.parametrize(
    "name, clean",
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("/etc/cron.d/x.txt", "x.txt"),
        ("..", "file"),
        ("a\0.pdf", "a.pdf"),
        ("\0", "file"),
        ("photo.\u202egpj\u2066.pdf", "photo.gpj.pdf"),
        ("x" * 300, "x" * 150),
        ("C:\\temp\\照片.jpg", "照片.jpg"),
        ("gnp.\u202egpj.exe", "gnp.gpj.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie x.txt"),
        ("", "file"),
        ("...", "file"),
        ("长" * 300 + ".pdf", "长" * 146 + ".pdf"),
    ],
)
def test_a_name_is_only_a_name(name, clean):
    assert clean_name(name) == clean
