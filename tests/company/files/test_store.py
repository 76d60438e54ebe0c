"""Files on an S3-compatible server that really listens, by the settings the manual names."""

from __future__ import annotations

import hashlib
import io
import os

import pytest
from PIL import Image

from company.files import attachments
from company.files.store import FileAltered, FileMissing, FileStore, FilesUnreachable
from company.people import directory
from demo import people as demo
from tests.product import START
from tests.servers import S3_SETTINGS

LARGE = 12_000_000
"""Bytes of a file that goes up in several parts."""


@pytest.fixture
def store(s3_server, monkeypatch):
    for name, value in {**S3_SETTINGS, "AWS_ENDPOINT_URL": s3_server.address}.items():
        monkeypatch.setenv(name, value)
    return FileStore.at(f"s3://{s3_server.bucket}/clauseflow")


@pytest.fixture
def lin(db):
    demo.load_people(db, START)
    with db.reading() as session:
        return directory.actor_of(session, "lin", START)


@pytest.mark.parametrize("size", [1, 1_000_000, LARGE])
def test_a_file_comes_back_as_it_was(store, size):
    content = os.urandom(size)
    digest = hashlib.sha256(content).hexdigest()
    store.put(digest, io.BytesIO(content))
    assert b"".join(store.read(digest)) == content


def test_files_lie_below_the_prefix_by_their_hash_and_the_same_one_once(store, s3_server, db, lin):
    content = b"%PDF-1.7 the same"
    for name in ("a.pdf", "b.pdf"):
        found = attachments.keep(db, store, lin, START, io.BytesIO(content), name, megabytes=1)
    assert s3_server.stored() == [f"clauseflow/files/{found.sha256[:2]}/{found.sha256}"]


def test_a_photo_has_its_thumbnail_there(store, s3_server, db, lin):
    photo = io.BytesIO()
    Image.new("RGB", (1600, 800), "red").save(photo, "JPEG")
    found = attachments.keep(db, store, lin, START, photo, "a.jpg", megabytes=5)
    small = Image.open(io.BytesIO(b"".join(store.read(found.sha256, "thumbnails"))))
    assert (small.format, small.size) == ("WEBP", (640, 320))
    assert sorted(key.split("/")[1] for key in s3_server.stored()) == ["files", "thumbnails"]


@pytest.mark.parametrize("endpoint", ["http://store.example:9000", "http://papers.store.example:9000"])
def test_a_bucket_may_be_in_the_hosts_name(bucket_host, monkeypatch, endpoint):
    proxy = f"http://127.0.0.1:{bucket_host.server_address[1]}"
    addressed = {"AWS_ENDPOINT_URL": endpoint, "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "true", "AWS_PROXY_URL": proxy}
    for name, value in (S3_SETTINGS | addressed).items():
        monkeypatch.setenv(name, value)
    store, digest = FileStore.at("s3://papers/clauseflow"), hashlib.sha256(b"a letter").hexdigest()
    store.put(digest, io.BytesIO(b"a letter"))
    place = "papers.store.example:9000", f"/clauseflow/files/{digest[:2]}/{digest}"
    assert bucket_host.received == {place: b"a letter"}
    assert b"".join(store.read(digest)) == b"a letter"
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "something else")
    with pytest.raises(FilesUnreachable):
        FileStore.at("s3://papers/clauseflow").put(digest, io.BytesIO(b"forged"))
    assert bucket_host.received == {place: b"a letter"}


def test_a_file_that_is_not_there_is_said_to_be_missing(store):
    with pytest.raises(FileMissing):
        store.read("0" * 64)


@pytest.mark.parametrize("other", [b"", b"a lettes", b"a letter and more", b"x" * 3_000_000], ids=len)
def test_other_content_than_was_kept_is_never_handed_on(store, other):
    digest = hashlib.sha256(b"a letter").hexdigest()
    store.put(digest, io.BytesIO(other))  # as whoever has the bucket might
    with pytest.raises(FileAltered, match=digest):
        store.read(digest)
    store.put(digest, io.BytesIO(b"a letter"))
    assert b"".join(store.read(digest)) == b"a letter"


@pytest.mark.parametrize("harmed", [b"a lettes", b"a let"])
def test_a_file_altered_on_disk_is_never_handed_on(tmp_path, harmed):
    store, digest = FileStore.at(str(tmp_path)), hashlib.sha256(b"a letter").hexdigest()
    store.put(digest, io.BytesIO(b"a letter"))
    (tmp_path / "files" / digest[:2] / digest).write_bytes(harmed)
    with pytest.raises(FileAltered):
        store.read(digest)


def test_a_server_that_leads_elsewhere_is_not_believed(web_server, bucket_host, monkeypatch):
    digest = hashlib.sha256(b"a letter").hexdigest()
    elsewhere = f"http://127.0.0.1:{web_server.server_address[1]}/other"

    def redirect(self):
        self.send_response(307)
        self.send_header("Location", elsewhere)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self):
        self.send_response(200)
        self.send_header("Content-Length", "8")
        self.send_header("Last-Modified", "Sun, 29 Nov 2026 10:00:00 GMT")
        self.send_header("ETag", '"1"')
        self.end_headers()
        self.wfile.write(b"somebody")

    monkeypatch.setattr(bucket_host.RequestHandlerClass, "do_GET", redirect)
    monkeypatch.setattr(web_server.RequestHandlerClass, "do_GET", answer, raising=False)
    endpoint = f"http://127.0.0.1:{bucket_host.server_address[1]}"
    for name, value in {**S3_SETTINGS, "AWS_ENDPOINT_URL": endpoint}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(FileAltered):
        FileStore.at("s3://papers").read(digest)


@pytest.mark.usefixtures("store")
def test_a_bucket_that_is_not_there_takes_nothing_and_says_so(s3_server):
    elsewhere = FileStore.at("s3://nobody-made-this-bucket/clauseflow")
    with pytest.raises(FilesUnreachable):
        elsewhere.put("0" * 64, io.BytesIO(b"a"))
    assert s3_server.stored() == []


def test_a_store_that_is_out_of_order_is_asked_a_few_times_and_not_for_minutes(web_server, monkeypatch):
    web_server.status = 503
    monkeypatch.setattr(web_server.RequestHandlerClass, "do_PUT", web_server.RequestHandlerClass.do_POST, raising=False)
    for name, value in {**S3_SETTINGS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{web_server.server_address[1]}"}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(FilesUnreachable):
        FileStore.at("s3://papers").put("0" * 64, io.BytesIO(b"content"))
    assert 1 < len(web_server.received) <= 4
