"""The HTTP server under clients that are silent, slow, greedy or many: others always get an answer."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, suppress
from dataclasses import replace
from io import BytesIO

import pytest
from waitress import wasyncore

from company.files.attachments import keep
from company.files.store import FileStore
from company.people import directory, sessions
from tests.product import ROOT, START
from web.serving.server import Limits, create_server
from web.shared.forms.uploads import MAX_BODY
from web.shared.signed_in import COOKIE

USUAL = Limits()
QUICK = Limits(header_seconds=0.4, idle_seconds=0.4, window_seconds=0.4, body_seconds=30)
PATIENCE = 30
"""Seconds a test waits for an answer at most."""


@pytest.fixture
def database_url(sqlite_url):
    """The server is the same on both databases."""
    return sqlite_url


@pytest.fixture
def serve(app):
    """`serve(limits)`: the application at a port of its own."""
    with ExitStack() as stack:

        def start(limits=USUAL, application=None):
            server = create_server(application or app, "127.0.0.1", 0, 4, limits=limits)
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            stack.callback(stop, server, thread)
            return int(server.effective_port)

        yield start


def stop(server, thread):
    server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
    thread.join(timeout=10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()


@pytest.fixture
def client():
    """`client(port)`: a bare connection, `client(port, b"...")` one that has sent something."""
    with ExitStack() as stack:

        def connect(port, sent=b"", **options):
            one = stack.enter_context(socket.socket())
            for name, value in options.items():
                one.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
            one.settimeout(PATIENCE)
            one.connect(("127.0.0.1", port))
            one.sendall(sent)
            return one

        yield connect


def fetch(port, method="GET", address="/login", body=None, **headers):
    """Status and text of an honest request."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, address, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def ends(one):
    """Whether the server ends the connection without another word."""
    with suppress(ConnectionError):
        while one.recv(65_536):
            pass
    return True


def whole(one):
    """All that the server says before it ends the connection."""
    pieces = []
    with suppress(ConnectionError):
        while piece := one.recv(65_536):
            pieces.append(piece)
    return b"".join(pieces).decode()


def answered(one):
    """The connection, once an answer came."""
    assert one.recv(12) == b"HTTP/1.1 200"
    return one


GET = b"GET /login HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"GET /login HTTP/1.1\r\nHost: x\r\nX-Slow: "


@pytest.mark.parametrize("sent", [b"", HALF, GET + HALF, b"\r\n\r\n"])
def test_silence_ends(serve, client, sent):
    assert ends(client(serve(QUICK), sent))


def test_a_header_that_drips_ends(serve, client):
    one = client(serve(QUICK), HALF)
    one.settimeout(0.02)
    for _ in range(1500):
        with suppress(TimeoutError):
            assert one.recv(1) == b""
            break
        one.sendall(b"x")
    else:
        raise AssertionError("it is still open")


def test_a_body_that_stands_still_ends(serve, client):
    head = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n"
    assert ends(client(serve(QUICK), head + b"account=x"))


def test_a_connection_that_was_quiet_between_two_forms_is_no_slower_for_it(serve, client):
    def done(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "20")])
        return [environ["wsgi.input"].read()]

    limits = replace(QUICK, idle_seconds=30, header_seconds=30, window_seconds=1.5)
    one = client(serve(limits, application=Bare(done)))
    for _ in range(2):
        one.sendall(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\naccount=li")
        threading.Event().wait(0.1)
        one.sendall(b"n&password")
        answer = b""
        while not answer.endswith(b"account=lin&password"):
            part = one.recv(1000)
            assert part, "the connection has ended"
            answer += part
        threading.Event().wait(1.7)


@pytest.mark.long
def test_an_answer_nobody_fetches_ends_and_holds_no_thread(serve, client):
    def large(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "24000000")])
        return (b"x" * 100_000 for _ in range(240))

    port = serve(replace(QUICK, window_seconds=3), application=Bare(large))
    stalled = [client(port, GET, SO_RCVBUF=4096) for _ in range(12)]
    status, text = fetch(port)
    assert (status, len(text)) == (200, 24_000_000)
    begun = [one.recv(1) for one in stalled]
    assert begun == [b"H"] * 12
    assert all(map(ends, stalled))


class Bare:
    """A WSGI application that is no Flask: it takes no files."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        return self.application(environ, start_response)


def test_a_client_that_answers_slowly_but_steadily_is_served(serve, client):
    def page(_environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "4000000")])
        return [b"x" * 4_000_000]

    one = client(serve(replace(QUICK, window_seconds=3), application=Bare(page)), GET, SO_RCVBUF=8192)
    received = 0
    while received < 4_000_000:
        part = one.recv(200_000)
        assert part, f"ended after {received} bytes"
        received += len(part)


def test_a_new_client_takes_the_place_of_who_was_silent_longest(serve, client):
    port = serve(Limits(connections=20, per_address=1000))
    idle = [client(port) for _ in range(60)]
    half = [client(port, HALF) for _ in range(60)]
    polite = [answered(client(port, GET)) for _ in range(60)]
    assert fetch(port)[0] == 200
    assert all(map(ends, [*idle, *half]))
    assert polite[-1].recv(1)


def test_one_address_has_only_so_many(serve, client):
    port = serve(Limits(per_address=5))
    first = [client(port) for _ in range(6)]
    assert ends(first[0])
    first[5].sendall(GET)
    answered(first[5])


@pytest.mark.parametrize("address", ["/login", "/portal/progress", "/tasks/1-0-0"])
def test_a_stranger_cannot_send_more_than_a_form_and_reads_why(serve, address):
    status, text = fetch(
        serve(), "POST", address, b"x" * (MAX_BODY + 1), Content_Type="multipart/form-data; boundary=b"
    )
    assert status == 413
    assert "提交的内容太大" in text


def test_a_chunked_body_of_a_stranger_is_cut_off(serve, client):
    one = client(serve(), b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    with suppress(ConnectionError):
        for _ in range(100):
            one.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    with suppress(ConnectionError):
        assert one.recv(12) in (b"HTTP/1.1 413", b"")


def test_a_chunked_body_is_refused_in_a_sentence(serve, client):
    one = client(serve(), b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    one.sendall((b"10000\r\n" + b"x" * 65536 + b"\r\n") * (MAX_BODY // 65536) + b"10000\r\n")
    one.sendall(b"x" * (MAX_BODY % 65536 + 1))
    answer = whole(one)
    assert answer.startswith("HTTP/1.1 413")
    assert "提交的内容太大" in answer


@pytest.mark.parametrize(("language", "said"), [("zh", "提交的内容太大"), ("en", "too large")])
@pytest.mark.parametrize("address", ["/login", "/start/price_approval"])
def test_a_gigabyte_is_refused_by_its_header_in_the_readers_words(serve, client, address, language, said):
    head = f"POST {address} HTTP/1.1\r\nHost: x\r\nAccept-Language: {language}\r\nContent-Length: 1000000000\r\n\r\n"
    answer = whole(client(serve(), head.encode()))
    assert answer.startswith("HTTP/1.1 413")
    assert said in answer


def test_what_comes_after_a_refused_header_is_no_request(serve, client):
    head = b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n"
    assert whole(client(serve(), head + GET)).count("HTTP/1.1") == 1


def test_whoever_is_logged_in_sends_files_where_files_are_taken(serve, staffed):
    token = sessions.open_session(staffed.db, START, "lin")
    body = (
        b"--b\r\nContent-Disposition: form-data; name=x; filename=a.txt\r\n\r\n" + b"x" * 3_000_000 + b"\r\n--b--\r\n"
    )
    port = serve()
    sent = {"Content_Type": "multipart/form-data; boundary=b", "Cookie": f"{COOKIE}={token}"}
    assert fetch(port, "POST", "/start/price_approval", body, **sent)[0] == 400, (
        "only the protection of the form is missing"
    )
    assert fetch(port, "POST", "/start/price_approval", body, **sent | {"Cookie": f"{COOKIE}=forged"})[0] == 413
    assert fetch(port, "POST", "/notifications/read", body, **sent)[0] == 413


@pytest.fixture
def product(staffed, sqlite_url, tmp_path):
    """The port of a real server process, the session of somebody, and the address of a file of 24 MB of theirs."""
    with staffed.db.reading() as session:
        lin = directory.actor_of(session, "lin", START)
    now = START.now(START.tzinfo)
    content = BytesIO(os.urandom(1000) * 24_000)
    file = keep(staffed.db, FileStore.at(str(tmp_path / "files")), lin, now, content, "日志.txt", megabytes=30)
    token = sessions.open_session(staffed.db, now, "lin")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"DATABASE_URL": sqlite_url, "VAR": str(tmp_path), "PORT": str(port), "LANGUAGE": "en", "THREADS": "4"}
    environment = {**os.environ, **{f"CLAUSEFLOW_{name}": value for name, value in settings.items()}}
    command = [sys.executable, str(ROOT / "clauseflow.py"), "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert b"is up" in process.stdout.readline()
            yield port, f"{COOKIE}={token}", f"/attachments/{file.sha256}"
        finally:
            process.terminate()


@pytest.mark.long
def test_the_real_server_answers_through_a_crowd(product, client):
    port, cookie, address = product
    crowd = []
    for sent in (b"", HALF, GET):
        crowd += [answered(client(port, sent)) if sent == GET else client(port, sent) for _ in range(250)]
        assert fetch(port)[0] == 200
    download = f"GET {address} HTTP/1.1\r\nHost: x\r\nCookie: {cookie}\r\n\r\n".encode()
    stalled = [client(port, download, SO_RCVBUF=4096) for _ in range(12)]
    assert [one.recv(12) for one in stalled] == [b"HTTP/1.1 200"] * 12
    assert fetch(port, address="/", Cookie=cookie)[0] == 200
