"""Beside a task and on a case: what the records know about its customer, machine and trouble."""

from __future__ import annotations

from datetime import date

import pytest

from company.records.equipment_life import LifeEntry, add_event
from company.records.kinds import RECORD_KINDS
from company.records.save import save_record
from engine import forms
from engine.actor import SYSTEM, Actor
from engine.commands import start_instance
from engine.queries import find_case
from tests.product import FAULT, START
from web.work.about import look_up, named

EVERYTHING = Actor("all", "all", frozenset({"see:*", "records:*", "edit:*"}))


@pytest.fixture
def write(staffed):
    """Write a record of a kind down."""

    def save(kind, /, **values):
        environment = forms.FormEnvironment(now=START, sources=dict.fromkeys(RECORD_KINDS, _anything))
        return save_record(staffed.db, EVERYTHING, START, RECORD_KINDS[kind], values, environment)

    return save


def _anything(searched):
    return [forms.Option(searched, forms.model.Words(searched, searched))]


@pytest.fixture
def case(staffed, act):
    """A price approval of 南川机车厂 that waits for prices of materials."""
    moved = start_instance(staffed.db, act("lin"), START, "price_approval", FAULT)
    staffed.instance_id = moved.instance_id
    return moved.number


@pytest.fixture
def known(staffed, app, case):
    """What somebody is told about the case if it holds these variables."""

    def tell(by=EVERYTHING, **variables):
        with app.test_request_context(), staffed.db.reading() as session:
            return look_up(session, by, variables, find_case(session, SYSTEM, case))

    return tell


def test_the_customer_is_found_by_name_with_grade_and_cases(staffed, act, write, known):
    write(
        "customers",
        number="KH-7",
        name="南川机车厂",
        type="company",
        purchases=3,
        contacts=[{"contact_name": "孙主任", "contact_phone": "138-0000-0003"}, {"contact_name": "李工"}],
    )
    other = start_instance(staffed.db, act("lin"), START, "price_approval", FAULT).number
    found = known(customer="南川机车厂")
    assert found.customer.key == "KH-7"
    assert any("会员" in text for _, text in found.customer_facts)
    assert found.customer_facts[-2:] == [("联系人", "孙主任 138-0000-0003"), ("联系人", "李工")]
    assert [head.number for head in found.cases] == [other]


def test_a_customer_may_be_named_by_number_too(staffed, write):
    write("customers", number="KH-7", name="南川机车厂", type="company")
    write("customers", number="KH-8", name="南川机车厂二分厂", type="company")
    with staffed.db.reading() as session:
        assert named(session, RECORD_KINDS["customers"], "KH-8").title == "南川机车厂二分厂"
        assert named(session, RECORD_KINDS["customers"], "南川机车厂").key == "KH-7"
        assert named(session, RECORD_KINDS["customers"], "南川") is None


@pytest.mark.parametrize(("until", "warranted"), [(date(2026, 3, 2), True), (date(2026, 3, 1), False), (None, None)])
def test_the_machine_says_whether_it_is_in_warranty_and_what_was_replaced(
    staffed, write, case, known, until, warranted
):
    write("equipment", serial_no="SN-1", product="LY-315", customer="KH-7", warranty_until=until, state="in_use")
    event = LifeEntry("SN-1", "更换", "旧密封圈", "新密封圈", "", case, START, "lu")
    staffed.db.write(lambda session: add_event(session, None, event))
    found = known(serial_no="SN-1")
    assert (found.machine.key, found.warranted) == ("SN-1", warranted)
    assert [entry.part_in for entry in found.life] == ["新密封圈"]


def test_nobody_learns_what_they_may_not_read(write, known):
    write("customers", number="KH-7", name="南川机车厂", type="company")
    write("knowledge", kind="fault", title="保压", problem="保压阶段压力下降", solution="更换密封圈")
    found = known(Actor("x", "x", frozenset({"see:*"})), customer="南川机车厂", fault="保压阶段压力下降")
    assert (found.customer, found.cases, found.solutions) == (None, [], [])


@pytest.mark.usefixtures("case")
def test_the_page_of_a_task_loads_it_later_and_links_to_it(visit, staffed, write):
    write("customers", number="KH-7", name="南川机车厂", type="company", address="南川路 7 号")
    address = f"/tasks/{staffed.task('supply_material_prices')}"
    page = visit("lin").get(address).text
    assert f'data-about="{address}/about"' in page
    assert "南川路 7 号" not in page
    assert "南川路 7 号" in visit("lin").get(f"{address}/about").text
    part = visit("lin").get(f"{address}/about?part=1").text
    assert "南川路 7 号" in part
    assert "<html" not in part


@pytest.mark.usefixtures("case")
def test_who_may_read_no_records_is_not_offered_it(visit, staffed):
    address = f"/tasks/{staffed.task('supply_material_prices')}"
    assert "data-about" in visit("lin").get(address).text
    assert "data-about" not in visit("wu").get(f"/tasks/{staffed.task('supply_material_prices')}").text


def test_a_task_or_case_that_one_may_not_see_says_nothing(visit, staffed, case):
    task = staffed.task("supply_material_prices")
    for account in ("luo", "cang"):
        assert visit(account).get(f"/tasks/{task}/about").status_code == 404
        assert visit(account).get(f"/cases/{case}/about").status_code == 404
    assert visit(None).get(f"/cases/{case}/about").status_code == 303
    assert visit("lin").get("/cases/XX-1/about").status_code == 404


@pytest.mark.usefixtures("staffed")
def test_a_customer_without_a_record_can_be_written_down(visit, case):
    page = visit("lin").get(f"/cases/{case}/about").text
    assert "还没有档案" in page
    assert "/records/customers/new?name=" in page


def test_a_similar_solution_is_suggested(visit, write, case):
    key = write("knowledge", kind="fault", title="保压掉压", problem="保压阶段压力下降", solution="更换主缸密封圈")
    page = visit("lin").get(f"/cases/{case}/about").text
    assert f"/records/knowledge/{key}" in page
    assert "更换主缸密封圈" in page


def test_the_solution_of_a_closed_case_is_written_from_what_the_case_says(staffed, visit, app, case, act):
    assert "写进知识库" not in visit("lin").get(f"/cases/{case}/about").text
    with app.test_request_context(), staffed.db.reading() as session:
        head = find_case(session, SYSTEM, case)
        closed = type(head)(**{name: getattr(head, name) for name in head.__slots__} | {"status": "completed"})
        address = look_up(session, act("lin"), FAULT, closed).new_solution
    page = visit("lin").get(address).text
    for text in (FAULT["fault"], FAULT["diagnosis"], case):
        assert text in page


def test_records_are_offered_to_their_readers_only(visit, write):
    write("customers", number="KH-7", name="南川机车厂", type="company")
    write("customers", number="KH-8", name="南川医院", type="company", purchases=3)
    write("equipment", serial_no="SN-1", product="LY-315", customer="KH-7", state="in_use")
    told = [["南川机车厂", "累计购买次数 0"], ["南川医院", "累计购买次数 3"]]
    assert visit("lin").get("/options?source=customers&q=南川").json == told
    assert [pair[0] for pair in visit("lin").get("/options?source=equipment&q=SN-1&by=id").json] == ["SN-1"]
    assert visit("wu").get("/options?source=customers&q=南川").json == []
    assert visit(None).get("/options?source=customers&q=南川").status_code == 303
