"""Files in forms: kept when the form is refused, named by hash in history, downloaded by who may see the case."""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import insert

from company.files.attachments import MEGABYTE
from company.people import sessions
from company.people.roles import matrix, set_matrix
from company.records.tables import records
from demo import people as demo
from engine.actor import SYSTEM
from engine.bpmn import Definition
from engine.commands import correct_data, deploy_definition
from engine.lint import LintContext
from engine.queries import case, instance_numbers
from engine.values import encode
from tests.browser import sign
from tests.product import START
from web.shared.signed_in import COOKIE

FORM = {
    "type": "default",
    "schemaVersion": 18,
    "id": "report",
    "components": [
        {"type": "textfield", "key": "site", "label": "现场", "id": "a", "validate": {"required": True}},
        {"type": "cf-photo", "key": "photos", "label": "照片", "id": "b",
         "properties": {"maxMegabytes": "1", "label:en": "Photos"}},
        {"type": "cf-signature", "key": "signature", "label": "客户签字", "id": "c"},
        {"type": "filepicker", "key": "papers", "label": "文件", "id": "d", "multiple": True},
        {"type": "cf-person", "key": "colleague", "label": "同行人", "id": "g"},
        {
            "type": "dynamiclist", "path": "rows", "label": "明细", "id": "e",
            "components": [{"type": "filepicker", "key": "proof", "label": "凭证", "id": "f"}],
        },
    ],
}  # fmt: skip
REVIEW = {
    "type": "default",
    "schemaVersion": 18,
    "id": "review",
    "components": [{"type": "cf-photo", "key": "photos", "label": "照片", "id": "b", "readonly": True}],
}
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:cf="urn:clauseflow:bpmn:1" targetNamespace="t">
  <process id="visit" name="上门" cf:prefix="SM" isExecutable="true">
    <laneSet id="lanes"><lane id="after_sales" name="售后部">
      <flowNodeRef>begin</flowNodeRef><flowNodeRef>review</flowNodeRef><flowNodeRef>end</flowNodeRef>
    </lane></laneSet>
    <startEvent id="begin" name="到场" cf:form="begin"><outgoing>f1</outgoing></startEvent>
    <userTask id="review" name="复核" cf:form="review"><incoming>f1</incoming><outgoing>f2</outgoing>
    </userTask>
    <endEvent id="end" name="结束"><incoming>f2</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="review"/>
    <sequenceFlow id="f2" sourceRef="review" targetRef="end"/>
  </process>
</definitions>"""


@pytest.fixture
def database_url(sqlite_url):
    """Taking files in is tested on both databases beside it; pages are the same on both."""
    return sqlite_url


def png(size=(40, 20)):
    written = io.BytesIO()
    Image.new("RGB", size, "green").save(written, "PNG")
    return written.getvalue()


def sent(content, name):
    return io.BytesIO(content), name


@pytest.fixture
def visiting(staffed, register):
    """The process with files, deployed."""
    files = {
        "processes/visit.bpmn": DIAGRAM.encode(),
        "forms/visit/begin.form": json.dumps(FORM).encode(),
        "forms/visit/review.form": json.dumps(REVIEW).encode(),
    }
    deploy_definition(staffed.db, SYSTEM, START, "visit", Definition("visit", files).files, LintContext(register))
    return staffed


@pytest.fixture
def lin(visit, visiting, act):
    """Somebody of the after-sales department, who may now start visits and see them."""
    with visiting.db.reading() as session:
        held = matrix(session)["after_sales"]
    wider = {"after_sales": held | {"start:visit", "see:visit"}}
    set_matrix(visiting.db, act("admin"), START, {"after_sales": held}, wider)
    return visit("lin")


@pytest.fixture
def variables(visiting, act):
    """The variables of the newest visit, and its number."""

    def read():
        with visiting.db.reading() as session:
            view = case(session, act("admin"), instance_numbers(session)[-1])
        return view.head.number, view.variables

    return read


def start(who, **values):
    answer = who.post("/start/visit", {"site": "南川", "photos": "", **values}, content_type="multipart/form-data")
    answer.request.environ["wsgi.input"].close()  # the test client leaves the temporary file of a large body open
    return answer


def test_files_are_named_by_their_hash_in_history(lin, variables):
    assert start(lin, photos=[sent(png(), "a.png"), sent(png((8, 8)), "b.png")]).status_code == 303
    first, second = variables()[1]["photos"]
    assert (first["name"], first["type"], second["name"]) == ("a.png", "image/png", "b.png")
    assert len(first["sha256"]) == 64


def test_a_file_in_a_row_stays_with_its_row(lin, variables):
    row = {"rows-0-_row": "", "rows-1-_row": "", "rows-1-proof": sent(b"%PDF-1.7", "发票.pdf")}
    start(lin, **row)
    assert [r["proof"][0]["name"] for r in variables()[1]["rows"]] == ["发票.pdf"]


def test_a_refused_form_keeps_its_files(lin, variables):
    answer = start(lin, site="", photos=[sent(png(), "a.png")])
    assert answer.status_code == 422
    kept, sha256 = re.search(r'name="photos"\s+value="(([0-9a-f]{64})/a.png)"', answer.text).groups()
    assert lin.get(f"/attachments/{sha256}/thumbnail").mimetype == "image/webp"
    start(lin, photos=["", kept])
    assert [(photo["sha256"], photo["name"]) for photo in variables()[1]["photos"]] == [(sha256, "a.png")]


def test_the_same_bytes_have_the_name_of_each_use(lin, variables):
    refused = start(lin, site="", signature=sent(png(), "signature.png"), photos=[sent(png(), "现场.png")])
    kept = dict(re.findall(r'name="(photos|signature)"\s+value="([0-9a-f]{64}/[^"]+)"', refused.text))
    start(lin, photos=["", kept["photos"]], signature=["", kept["signature"]])
    number, values = variables()
    names = {key: values[key][0]["name"] for key in ("photos", "signature")}
    assert names == {"photos": "现场.png", "signature": "signature.png"}
    for name in names.values():
        address = f"/attachments/{values['photos'][0]['sha256']}?case={number}&name={quote(name)}"
        assert quote(name) in lin.get(address).headers["Content-Disposition"]


def test_a_name_in_a_post_is_cleaned_like_that_of_an_upload(lin, variables):
    start(lin, photos=[sent(png(), "a.png")])
    sha256 = variables()[1]["photos"][0]["sha256"]
    start(lin, photos=["", f"{sha256}/../<b>\u202egnp.png"])
    assert variables()[1]["photos"][0]["name"] == "bgnp.png"
    start(lin, photos=["", f"{sha256}/bill.png.exe"])
    assert variables()[1]["photos"][0]["name"] == "a.png", "a post does not make a program of it"


@pytest.mark.parametrize("language, label", [("zh", "照片"), ("en", "Photos")])
def test_a_program_is_refused_by_field_and_name(lin, language, label):
    lin.speaks(language)
    answer = start(lin, photos=[sent(b"@echo off\r\ndel *", "photo.jpg.bat"), sent(png(), "b.png")])
    assert answer.status_code == 422
    said = [text for text in re.findall(r"<a href=\"#[^>]*>([^<]*)<", answer.text) if "photo.jpg.bat" in text]
    assert [text.split("“")[0].strip("：: ") for text in map(html.unescape, said)] == [label]
    assert "b.png" in answer.text


def test_a_row_button_keeps_what_was_chosen(lin):
    answer = start(lin, photos=[sent(png(), "a.png")], _row="add:rows")
    assert answer.status_code == 200
    assert re.search(r'name="photos"\s+value="[0-9a-f]{64}/a.png"', answer.text)


def test_a_new_signature_takes_the_place_of_the_old_one(lin, variables):
    start(lin, site="", signature=sent(png(), "one.png"))
    first = hashlib.sha256(png()).hexdigest()
    answer = lin.post(
        "/start/visit",
        {"site": "南川", "signature": [first, sent(png((9, 9)), "two.png")]},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303
    assert [file["name"] for file in variables()[1]["signature"]] == ["two.png"]


@pytest.mark.parametrize(
    "field, content, name, said",
    [
        ("photos", b"<svg onload=alert(1)>", "a.png", "不接受“a.png”这种文件"),
        ("photos", b"<!doctype html><script>alert(1)</script>", "photo.jpg", "不接受“photo.jpg”这种文件"),
        ("photos", b"\xff\xd8\xff broken", "a.jpg", "“a.jpg”不是完好的图片"),
        ("photos", b"\0" * (MEGABYTE + 1), "big.jpg", "“big.jpg”太大，每个文件最多 1 MB。"),
        ("papers", b"MZ\x90\0", "setup.pdf", "“setup.pdf”是程序"),
        ("papers", b"", "nothing.txt", "“nothing.txt”是空文件"),
    ],
)
@pytest.mark.usefixtures("visiting")
def test_what_is_not_taken_is_said_at_its_field_with_everything_else(lin, field, content, name, said):
    answer = start(lin, site="", **{field: sent(content, name)})
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert 'href="#site"' in answer.text


@pytest.mark.parametrize("forged", ["0" * 64, "../../etc/passwd", "'; DROP TABLE uploads"])
def test_a_hash_that_nobody_uploaded_is_refused(lin, forged):
    answer = start(lin, photos=["", forged])
    assert answer.status_code == 422
    assert "没有上传成功" in answer.text


@pytest.mark.usefixtures("lin")
def test_somebody_elses_file_cannot_be_put_into_a_form_by_its_hash(visit):
    start(visit("lin"), site="", photos=[sent(png(), "a.png")])
    answer = start(visit("bai"), photos=["", hashlib.sha256(png()).hexdigest()])
    assert answer.status_code == 422


def test_it_is_downloaded_by_who_may_see_the_case_and_nobody_else(visit, lin, variables):
    start(lin, papers=[sent(b"<script>alert(1)</script>", "报告 1.html")])
    number, values = variables()
    address = f"/attachments/{values['papers'][0]['sha256']}"
    for account, place, status in [
        ("lin", "", 200),
        ("bai", f"?case={number}", 200),
        ("bai", "", 404),
        ("bai", "?case=PA-2026-000001", 404),
        ("zhou", f"?case={number}", 404),
        ("zhou", "?task=1-0-0", 404),
        (None, f"?case={number}", 303),
    ]:
        assert visit(account).get(address + place).status_code == status, (account, place)
    assert visit("bai").get(f"/attachments/{'0' * 64}?case={number}").status_code == 404
    assert visit("bai").get(f"{address}/thumbnail?case={number}").status_code == 404


def opened_from(visitor, page):
    """What every link to a file on a page answers, by the file's name; pictures must come, too."""
    answer = visitor.get(page)
    assert answer.status_code == 200, page
    shown = html.unescape(answer.text)
    for picture in re.findall(r'<img[^>]* src="(/attachments/[^"]+)"', shown):
        assert visitor.get(picture).mimetype == "image/webp", picture
    links = re.findall(r'href="(/attachments/[^"]+)"', shown)
    return {parse_qs(urlsplit(link).query)["name"][0]: visitor.get(link).status_code for link in links}


@pytest.fixture
def reported(lin, variables):
    """The number of a visit with two photos, a signature, a document, and a file in a row."""
    photos = [sent(png(), "a.png"), sent(png((8, 8)), "b.png")]
    row = {"rows-0-_row": "", "rows-0-proof": sent(b"%PDF-1.7 receipt", "发票.pdf")}
    start(lin, photos=photos, signature=sent(png((9, 9)), "签字.png"), papers=[sent(b"%PDF-1.7", "报告.pdf")], **row)
    return variables()[0]


EVERY_FILE = {"a.png": 200, "b.png": 200, "签字.png": 200, "报告.pdf": 200, "发票.pdf": 200}


@pytest.mark.parametrize("page", ["/cases/{}", "/audit/{}", "/audit/{}/frames/0", "/documents/{}/0"])
def test_every_file_is_opened_from_every_page_of_the_case_by_who_may_see_it(visit, reported, page):
    assert opened_from(visit("bai"), page.format(reported)) == EVERY_FILE


@pytest.mark.usefixtures("reported")
def test_who_does_the_next_task_opens_what_the_story_beside_it_tells_of(visit):
    task = re.search(r"/tasks/[0-9-]+", visit("bai").get("/?view=groups").text)[0]
    assert opened_from(visit("bai"), task) == EVERY_FILE


def test_a_paper_prints_the_signature_of_whoever_signed(visit, reported):
    paper = visit("bai").get(f"/documents/{reported}/0").text
    assert re.search(r'<img class="paper-picture paper-signature"[^>]*alt="签字.png"', paper)


def test_data_are_corrected_with_the_files_in_sight(visit, reported):
    assert opened_from(visit("admin"), f"/cases/{reported}/correct") == EVERY_FILE


def test_a_file_that_a_later_round_replaced_is_still_opened_from_the_story(visit, act, clock, staffed, reported):
    correct_data(staffed.db, act("admin"), clock.now, reported, {"photos": []}, "重拍")
    task = re.search(r"/tasks/[0-9-]+", visit("bai").get("/?view=groups").text)[0]
    assert opened_from(visit("bai"), task) == EVERY_FILE


@pytest.mark.usefixtures("lin", "reported")
def test_a_records_files_are_opened_by_who_reads_its_kind(visit, variables, staffed, clock):
    reference = variables()[1]["papers"][0]
    body = encode({"name": "南川机车厂", "papers": [reference]})
    row = {"kind": "customers", "key": "KH-1", "title": "南川", "facet": "", "search": "", "version": 1}
    held = {"body": body, "archived": False, "changed_at": clock.now, "changed_by": "lin"}
    staffed.db.write(lambda session: session.execute(insert(records).values(**row, **held)))
    address = f"/attachments/{reference['sha256']}?record=customers/"
    assert visit("bai").get(f"{address}KH-1").data == b"%PDF-1.7"
    assert visit("bai").get(f"{address}KH-2").status_code == 404
    assert visit("bai").get(f"/attachments/{reference['sha256']}?record=secrets/KH-1").status_code == 404
    assert visit("wu").get(f"{address}KH-1").status_code == 403


def test_nothing_in_a_download_runs(lin, variables):
    content = b"<script>alert(1)</script>"
    start(lin, papers=[sent(content, "报告;1.html")])
    number, values = variables()
    answer = lin.get(f"/attachments/{values['papers'][0]['sha256']}?case={number}")
    assert answer.data == content
    saved = "attachment; filename=\"___1.html\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%3B1.html"
    assert answer.headers["Content-Disposition"] == saved
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["Content-Length"] == str(len(content))


@pytest.mark.usefixtures("variables")
def test_the_next_step_shows_the_photos_to_who_does_it(visit, lin):
    start(lin, photos=[sent(png(), "a.png")])
    page = visit("bai").get("/?view=groups").text
    task = re.search(r"/tasks/[0-9-]+", page)[0]
    shown = visit("bai").get(task).text
    picture = html.unescape(re.search(r'<img src="([^"]+)" alt=""', shown)[1])
    assert visit("bai").get(picture).mimetype == "image/webp"


def test_photos_of_an_ended_session_are_named_and_added_again_in_the_filled_form(lin, clock, variables):
    clock.now += sessions.IDLE
    ended = start(lin, site="北川", photos=[sent(b"%PDF-1.7 photo", "损坏处.jpg")])
    assert ended.status_code == 401
    kept = html.unescape(re.search(r'name="kept" value="([^"]*)"', ended.text)[1])
    page = lin.post("/login", {"account": "lin", "password": demo.PASSWORD, "kept": kept}).text
    assert "<li>损坏处.jpg</li>" in page
    name, value = re.search(r'name="(_row)" value="([^"]*)">回到表单添加文件', page).groups()
    form = start(lin, site="北川", **{name: value}).text
    assert 'value="北川"' in form and "multipart/form-data" in form
    assert start(lin, site="北川", papers=sent(b"%PDF-1.7 photo", "again.pdf")).status_code == 303
    assert [file["name"] for file in variables()[1]["papers"]] == ["again.pdf"]


def test_a_large_body_is_taken_only_from_who_is_logged_in(visit, lin):
    big = {"papers": [sent(b"\0" * 3_000_000, "a.bin")]}
    assert start(lin, **big).status_code == 303
    stranger = visit(None)
    answer = stranger.client.post("/start/visit", data={"papers": sent(b"\0" * 3_000_000, "a.bin")})
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413


def test_many_texts_are_held_to_one_bound_where_files_are_taken(lin):
    """Each field has its own limit; three hundred of them filled the memory."""
    texts = {f"more{number}": "x" * 900_000 for number in range(4)}
    assert start(lin, papers=[sent(b"\0" * 3_000_000, "a.bin")], **texts).status_code == 413
    assert start(lin, papers=[sent(b"\0" * 3_000_000, "a.bin")], more="x" * 900_000).status_code != 413


def test_large_photos_do_not_cost_an_ended_session_what_was_typed(lin, clock):
    clock.now += sessions.IDLE
    ended = start(lin, site="北川", photos=[sent(b"\0" * 3_000_000, "损坏处.jpg")])
    assert ended.status_code == 401
    kept = html.unescape(re.search(r'name="kept" value="([^"]*)"', ended.text)[1])
    page = lin.post("/login", {"account": "lin", "password": demo.PASSWORD, "kept": kept}).text
    assert "<dd>北川</dd>" in page
    assert "<li>损坏处.jpg</li>" in page


@pytest.mark.parametrize("how", ["logged out", "long ago"])
def test_a_large_body_is_refused_from_a_session_that_was_ended_or_is_long_over(lin, clock, staffed, how):
    if how == "logged out":
        sessions.log_out(staffed.db, lin.client.get_cookie(COOKIE).value, clock.now)
    else:
        clock.now += sessions.IDLE + sessions.LATELY
    answer = start(lin, papers=[sent(b"\0" * 3_000_000, "a.bin")])
    answer.request.environ["wsgi.input"].close()
    assert answer.status_code == 413


def test_people_are_found_by_name_while_typing(lin):
    assert lin.get("/options?source=people&q=白小").json == ["白小鹿"]
    assert lin.get("/options?source=people/field_engineer&q=").json == ["何兼任", "方向明", "陆远行"]
    assert lin.get("/options?source=people/field_engineer&q=白小").json == [], "she does not work in that lane"
    assert lin.speaks("en").get("/options?source=people&q=Bai").json == ["Bai Xiaolu"]
    assert lin.get("/options?source=people/%00&q=").json == []
    assert lin.get("/options?source=secrets&q=").json == []


def test_a_colleague_is_chosen_by_name(lin, variables):
    start(lin, colleague="白小鹿")
    assert variables()[1]["colleague"] == "bai"


@pytest.fixture
def on_phone(new_page, address, lin):
    """Lin at the start form on a phone, `on_phone(java_script_enabled=False)` without script."""

    def open_form(**options):
        page = new_page(viewport={"width": 360, "height": 740}, **options)
        page.context.add_cookies([{"name": COOKIE, "value": lin.client.get_cookie(COOKIE).value, "url": address}])
        page.goto(f"{address}/start/visit")
        return page

    return open_form


PHOTOS = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": png((n + 9, 9))} for n in range(3)]


def test_photos_and_a_drawn_signature_survive_a_refusal_and_arrive(on_phone, variables):
    page = on_phone()
    page.locator("#photos").set_input_files(PHOTOS)
    sign(page.locator(".cf-canvas"))
    expect(page.locator("#signature")).to_have_value(re.compile("signature.png"))
    page.locator(".sheet-submit button").click()
    expect(page.locator(".cf-summary")).to_be_focused()
    expect(page.locator(".cf-kept img")).to_have_count(4)
    page.locator(f'[aria-label$="{PHOTOS[1]["name"]}"]').uncheck()
    page.locator("#site").fill("南川")
    page.locator(".sheet-submit button").click()
    page.wait_for_url("**/tasks/*")
    found = variables()[1]
    assert [photo["name"] for photo in found["photos"]] == ["0.png", "2.png"]
    assert [file["type"] for file in found["signature"]] == ["image/png"]


def test_photos_and_a_photographed_signature_arrive_without_script(on_phone, variables):
    page = on_phone(java_script_enabled=False)
    page.locator("#photos").set_input_files(PHOTOS)
    page.locator("#signature").set_input_files(PHOTOS[:1])
    page.locator('button[value="add:rows"]').click()
    page.locator('[name="rows-0-proof"][type="file"]').set_input_files(PHOTOS[2:])
    page.locator("#site").fill("南川")
    page.locator(".sheet-submit button").click()
    page.wait_for_url("**/tasks/*")
    found = variables()[1]
    assert [photo["name"] for photo in found["photos"]] == ["0.png", "1.png", "2.png"]
    assert len(found["signature"]) == 1
    assert [file["name"] for file in found["rows"][0]["proof"]] == ["2.png"]
