"""The pages of business records: who may read and change what, and what becomes of it."""

from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from company.people import sessions
from company.records.kinds import RECORD_KINDS
from company.records.save import find_records
from company.stock import in_store
from demo import records as demo_records
from tests.product import START
from tests.web.test_accessible import DESKTOP, PHONE, complaints_of_axe
from web.records import search
from web.shared.signed_in import COOKIE

MILL = {"name": "金穗面粉厂", "type": "company", "purchases": "3"}


@pytest.fixture
def stocked(staffed):
    """The demo's people and records."""
    demo_records.load_records(staffed.db, START)
    return staffed


@pytest.mark.usefixtures("stocked")
def test_people_see_the_kinds_their_roles_open(visit):
    for account, status in (("lin", 303), ("ji", 303), ("zhou", 403), ("mo", 403)):
        assert visit(account).get("/records").status_code == status, account
    for kind in RECORD_KINDS:
        assert visit("ji").get(f"/records/{kind}").status_code == 200
        assert visit("zhou").get(f"/records/{kind}").status_code == 403


@pytest.mark.usefixtures("stocked")
def test_only_who_keeps_a_kind_may_change_it(visit):
    addresses = ("/records/customers/new", "/records/customers/KH-0001/edit", "/records/customers/import")
    for account, may in (("ji", False), ("lu", False), ("zhou", False), ("lin", True)):
        person = visit(account)
        for address in addresses:
            assert person.get(address).status_code == (200 if may else 403), (account, address)
        written = person.post("/records/customers/new", MILL)
        archived = person.post("/records/customers/KH-0001/archive", {"archived": "1"})
        assert {written.status_code, archived.status_code} == {303 if may else 403}, account
        assert ("新建" in person.get("/records/customers").text) == may, account


@pytest.mark.usefixtures("stocked")
def test_a_list_is_narrowed_by_fields_and_sorted_and_the_workbook_follows_its_address(visit):
    ji = visit("ji")
    asked = "field=customer&op=contains&value=云台&field=warranty_until&op=most&value=2099-12-31&field=&op=is&value="
    page = ji.get(f"/records/equipment?{asked}").text
    lines = re.findall(r'<td class="number record-key">([^<]+)</td>', page)
    assert lines and "ZJ200-0848" in lines
    assert "客户 包含 云台" in re.sub(r"所属", "", page)
    turned = re.search(r'href="([^"]+)">质保截止', page)[1].replace("&amp;", "&")
    assert 'aria-sort="ascending"' in ji.get(turned).text
    assert sorted(re.findall(r'<td class="number record-key">([^<]+)</td>', ji.get(turned).text)) == sorted(lines)
    export = re.search(r'href="(/records/equipment/export[^"]*)"', page)[1].replace("&amp;", "&")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(ji.get(export).data)).get_sheet_by_index(0).to_python()
    assert sorted(row[0] for row in sheet[1:]) == sorted(lines)


@pytest.mark.usefixtures("stocked")
def test_a_condition_that_is_not_understood_says_so_and_is_kept(visit):
    page = visit("ji").get("/records/equipment?field=warranty_until&op=most&value=soon").text
    assert "看不懂" in page
    assert 'value="soon"' in page


@pytest.mark.usefixtures("staffed")
def test_a_record_is_written_found_changed_and_its_changes_are_told(visit):
    lin = visit("lin")
    address = lin.post("/records/customers/new", MILL).location
    assert address == "/records/customers/KH-0001"
    assert "金穗面粉厂" in lin.get("/records/customers?q=面粉+会员").text
    assert (
        lin.post(f"{address}/edit", MILL | {"number": "KH-0001", "phone": "010-5550 1", "_version": "1"}).location
        == address
    )
    page = lin.get(address).text
    assert "010-5550 1" in page
    assert re.search(r"固话：[^<]*→ 010-5550 1", page)
    assert "林一凡" in page


@pytest.mark.usefixtures("staffed")
def test_a_refusal_keeps_what_was_typed(visit):
    lin = visit("lin")
    answer = lin.post("/records/customers/new", MILL | {"name": "", "email": "nonsense"})
    assert answer.status_code == 422
    assert 'value="nonsense"' in answer.text
    lin.post("/records/customers/new", MILL)
    edited = MILL | {"number": "KH-0001", "_version": "1"}
    lin.post("/records/customers/KH-0001/edit", edited | {"phone": "010-5550 1"})
    late = lin.post("/records/customers/KH-0001/edit", edited | {"phone": "010-5550 2"})
    assert late.status_code == 409
    assert "010-5550 2" in late.text


@pytest.mark.usefixtures("stocked")
def test_a_machine_shows_its_warranty_and_a_customer_its_machines(visit):
    lin = visit("lin")
    machine = lin.get(f"/records/equipment/{demo_records.serial_no(0)}").text
    assert "<dt>质保截止</dt><dd>2027年12月22日</dd>" in machine
    assert demo_records.serial_no(0) in lin.get("/records/customers/KH-0001").text
    part = lin.get("/records/parts/WL-0420").text
    _, _, products = part.partition("用在哪些产品")
    assert re.findall(r'href="/records/products/([^"]+)"', products) == ["LG-320", "ZJ-200"]


def test_a_movement_is_entered_by_hand(visit, stocked):
    cang = visit("cang")
    for quantity, stock in (("0", 4), ("-1", 4), ("1e99", 4), ("x", 4), ("2.5", 6.5)):
        cang.post("/records/parts/WL-0420/movement", {"way": "in", "quantity": quantity, "note": "采购"})
        with stocked.db.reading() as session:
            assert in_store(session, "WL-0420") == stock, quantity
        assert ("采购" in cang.get("/records/parts/WL-0420").text) == (stock > 4), quantity


@pytest.mark.usefixtures("stocked")
def test_excel_goes_out_and_comes_back(visit):
    lin = visit("lin")
    book = lin.get("/records/customers/export?q=面粉").data
    done = lin.post("/records/customers/import", {"sheet": (io.BytesIO(book), "customers.xlsx")})
    assert done.status_code == 303
    assert "新增 0 份，修改 0 份" in lin.get(done.location).text
    wrong = lin.post("/records/customers/import", {"sheet": (io.BytesIO(b"no"), "customers.xlsx")})
    assert wrong.status_code == 422
    assert "不是完好的 Excel 工作簿" in wrong.text


def test_all_that_a_list_shows_goes_out_and_the_name_says_how_many(visit, stocked, monkeypatch):
    monkeypatch.setattr(search, "AT_ONCE", 2)
    with stocked.db.reading() as session:
        every = [each.key for each in find_records(session, RECORD_KINDS["customers"]).items]
    answer = visit("lin").get("/records/customers/export?after=xyz")
    assert f'"customers-{len(every)}.xlsx"' in answer.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == every
    assert len(every) > 4


@pytest.mark.usefixtures("stocked")
def test_forms_of_processes_can_pick_records(visit):
    lin = visit("lin")
    assert lin.get("/options?source=customers&q=面粉").json == [["金穗面粉厂", "累计购买次数 1"]]
    assert lin.get("/options?source=parts&q=密封").json == ["密封圈"]


@pytest.mark.usefixtures("stocked")
def test_what_there_is_not_is_not_found(visit):
    for address in ("/records/dragons", "/records/customers/KH-9999", "/records/customers/KH-9999/edit"):
        assert visit("lin").get(address).status_code == 404, address


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_on_records(new_page, address, stocked, clock, viewport):
    page = new_page(viewport=viewport, color_scheme="dark" if viewport == PHONE else "light")
    token = sessions.open_session(stocked.db, clock.now, "zheng")
    page.context.add_cookies([{"name": COOKIE, "value": token, "url": address}])
    wrong = {}
    for place in ("customers", "customers/KH-0001", "customers/KH-0001/edit", "customers/import", "parts/WL-0420",
                  "equipment?q=没有的"):  # fmt: skip
        page.goto(f"{address}/records/{place}")
        wrong[place] = complaints_of_axe(page)
    assert not {place: said for place, said in wrong.items() if said}
