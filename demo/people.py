"""The people of the demo: plainly invented, at least two where a task needs four eyes. One password for all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import insert, select

from company.people import passwords
from company.people.departments import Department
from company.people.first_administrator import ADMINISTRATOR, PERMITTED
from company.people.roles import Role
from company.people.tables import departments, people, person_roles, role_permissions, roles
from engine.database import Database, command
from engine.session import Session

PASSWORD = "xunzhang-2026"  # noqa: S105 - printed at every start, for invented people only

DEPARTMENTS = (
    Department("after_sales", "售后部", "After-sales"),
    Department("finance", "财务部", "Finance"),
    Department("supply", "供应部", "Supply"),
    Department("sales", "销售部", "Sales"),
    Department("office", "总经办", "General management"),
    Department("information", "信息部", "Information"),
    Department("service_desk", "营运部", "Operations"),
    Department("quality", "质检部", "Quality"),
    Department("technology", "技术部", "Technology"),
    Department("production", "生产部", "Production"),
    Department("business_unit", "事业部", "Business unit"),
    Department("chief_engineer_office", "总师办", "Chief engineer's office"),
    Department("parts_center", "材料配送中心", "Distribution centre"),
    Department("administration", "行政部", "Administration"),
    Department("general_affairs", "综合部", "General affairs"),
)

ROLES: dict[Role, tuple[str, ...]] = {
    Role("after_sales", "售后部", "After-sales"): (
        "start:*",
        "work:after_sales",
        "see:*",
        "records:*",
        "edit:customers",
        "edit:equipment",
        "edit:contracts",
        "edit:knowledge.complaint",
        "edit:knowledge.fault",
    ),
    Role("after_sales_manager", "售后部经理", "After-sales manager"): (
        "start:*",
        "work:after_sales_manager",
        "reassign:after_sales",
        "reassign:after_sales_manager",
        "see:*",
        "records:*",
        "edit:*",
    ),
    Role("finance", "财务部", "Finance"): ("work:finance", "see:price_approval"),
    Role("supply", "供应部", "Supply"): ("work:supply", "see:price_approval"),
    Role("sales_vp", "销售副总", "Sales vice president"): ("work:sales_vp", "see:*", "records:*"),
    Role("general_manager", "总经理", "General manager"): ("work:general_manager", "see:*", "records:*"),
    Role("service_desk", "总服务台", "Main service desk"): (
        "start:complaint",
        "start:exchange_return",
        "start:service_request",
        "work:service_desk",
        "see:*",
        "records:*",
        "edit:customers",
        "edit:knowledge.complaint",
    ),
    Role("counter", "柜台", "Counter"): (
        "start:complaint",
        "start:exchange_return",
        "work:counter",
        "see:exchange_return",
    ),
    Role("sales", "业务部", "Sales"): (
        "start:complaint",
        "start:service_request",
        "work:sales",
        "see:complaint",
        "see:exchange_return",
        "see:service_request",
    ),
    Role("marketing_vp", "营销副总", "Marketing vice president"): ("work:marketing_vp", "see:*"),
    Role("quality", "质检部", "Quality"): ("work:quality", "see:complaint", "see:rma"),
    Role("technology", "技术部", "Technology"): ("work:technology", "see:complaint"),
    Role("production", "生产部", "Production"): ("work:production", "see:complaint"),
    Role("shipping", "发货岗位", "Shipping"): ("work:shipping", "see:exchange_return", "see:rma"),
    Role("administration", "行政部", "Administration"): ("start:reward_penalty", "work:administration", "see:*"),
    Role("general_affairs", "综合部", "General affairs"): ("work:general_affairs", "see:field_service"),
    Role("chief_engineer_office", "总师办", "Chief engineer's office"): (
        "work:chief_engineer_office",
        "see:field_service",
    ),
    Role("parts_center", "材料配送中心", "Distribution centre"): (
        "work:parts_center",
        "see:field_service",
        "see:rma",
        "records:*",
        "edit:parts",
    ),
    Role("field_engineer", "出差人员", "Field engineer"): (
        "work:field_engineer",
        "see:field_service",
        "see:rma",
        "records:*",
        "edit:knowledge.fault",
        "edit:knowledge.maintenance",
    ),
    Role("business_unit", "事业部", "Business unit"): (
        "work:business_unit",
        "see:field_service",
        "see:rma",
        "records:*",
        "edit:products",
        "edit:knowledge.fault",
        "edit:knowledge.maintenance",
    ),
    Role("salvage_group", "修旧利废小组", "Salvage group"): (
        "start:salvage",
        "work:salvage_group",
        "see:salvage",
        "see:rma",
    ),
    Role("business_unit_manager", "事业部经理", "Business unit manager"): (
        "work:business_unit_manager",
        "see:field_service",
    ),
    Role("sales_manager", "业务主管", "Sales head"): ("work:sales_manager", "see:service_request"),
    Role("department_head", "协助部门主管", "Head of an assisting department"): (
        "work:department_head",
        "see:service_request",
    ),
    Role("designer", "流程设计", "Process designer"): ("deploy", "see:*"),
    Role("auditor", "稽核", "Auditor"): ("audit", "see:*", "records:*"),
    ADMINISTRATOR: PERMITTED,
}
"""What every role permits; but for the last three, the keys are lanes."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One invented person."""

    account: str
    name: str
    name_en: str
    title: str
    department: str
    roles: tuple[str, ...]
    gender: str = ""


PEOPLE = (
    DemoPerson("lin", "林一凡", "Lin Yifan", "售后工程师", "after_sales", ("after_sales",), "male"),
    DemoPerson("bai", "白小鹿", "Bai Xiaolu", "售后工程师", "after_sales", ("after_sales",), "female"),
    DemoPerson("zheng", "郑知行", "Zheng Zhixing", "售后部经理", "after_sales", ("after_sales_manager",), "male"),
    DemoPerson("zhou", "周会计", "Zhou Kuaiji", "会计", "finance", ("finance",), "female"),
    DemoPerson("qin", "秦算盘", "Qin Suanpan", "成本会计", "finance", ("finance",), "male"),
    DemoPerson("wu", "吴满仓", "Wu Mancang", "采购员", "supply", ("supply",), "male"),
    DemoPerson("qian", "钱副总", "Vice President Qian", "销售副总", "sales", ("sales_vp",), "female"),
    DemoPerson("sun", "孙总", "General Manager Sun", "总经理", "office", ("general_manager",), "male"),
    DemoPerson("he", "何兼任", "He Jianren", "售后部经理助理", "after_sales",
               ("after_sales", "after_sales_manager", "finance", "marketing_vp", "counter", "field_engineer",
                "business_unit", "quality"), "male"),
    DemoPerson("tang", "唐双岗", "Tang Shuanggang", "总经理助理", "office",
               ("sales_vp", "general_manager", "marketing_vp", "after_sales", "sales_manager"), "female"),
    DemoPerson("zhong", "钟台长", "Zhong Taizhang", "总服务台台长", "service_desk", ("service_desk",), "female"),
    DemoPerson("liu", "柳营业", "Liu Yingye", "营业员", "service_desk", ("counter",), "female"),
    DemoPerson("luo", "罗销售", "Luo Xiaoshou", "业务员", "sales", ("sales",), "male"),
    DemoPerson("zhuguan", "江主管", "Jiang Zhuguan", "业务主管", "sales", ("sales", "sales_manager"), "female"),
    DemoPerson("wei", "魏副总", "Vice President Wei", "营销副总", "sales", ("marketing_vp",), "male"),
    DemoPerson("you", "尤质检", "You Zhijian", "质检员", "quality", ("quality",), "female"),
    DemoPerson("xu", "许工", "Engineer Xu", "技术员", "technology", ("technology",), "male"),
    DemoPerson("lv", "吕生产", "Lv Shengchan", "生产主管", "production", ("production", "department_head"),
               "male"),
    DemoPerson("shi", "石发货", "Shi Fahuo", "发货员", "parts_center", ("shipping",), "male"),
    DemoPerson("fang", "方行政", "Fang Xingzheng", "行政专员", "administration", ("administration",), "female"),
    DemoPerson("ding", "丁行政", "Ding Xingzheng", "行政专员", "administration", ("administration",), "male"),
    DemoPerson("ge", "葛综合", "Ge Zonghe", "综合部专员", "general_affairs", ("general_affairs",), "female"),
    DemoPerson("yan", "严总师", "Yan Zongshi", "资料员", "chief_engineer_office", ("chief_engineer_office",), "male"),
    DemoPerson("cang", "仓满囤", "Cang Mantun", "保管员", "parts_center", ("parts_center",), "male"),
    DemoPerson("zhai", "翟再生", "Zhai Zaisheng", "修旧利废组长", "parts_center", ("salvage_group",), "male"),
    DemoPerson("gao", "高工", "Engineer Gao", "事业部工程师", "business_unit", ("business_unit",), "male"),
    DemoPerson("buzhang", "石部长", "Director Shi", "部长", "business_unit",
               ("business_unit_manager", "department_head"), "female"),
    DemoPerson("lu", "陆远行", "Lu Yuanxing", "现场工程师", "business_unit", ("field_engineer",), "male"),
    DemoPerson("xiang", "方向明", "Fang Xiangming", "现场工程师", "business_unit", ("field_engineer",), "female"),
    DemoPerson("mo", "莫设计", "Mo Sheji", "流程设计师", "information", ("designer",), "female"),
    DemoPerson("ji", "纪稽核", "Ji Jihe", "稽核员", "office", ("auditor",), "male"),
    DemoPerson("admin", "关管理", "Guan Guanli", "系统管理员", "information", ("administrator",), "female"),
)  # fmt: skip


@cache
def _secret() -> str:
    """One hash for all: the demo's password is no secret, and a hash takes a while on purpose."""
    return passwords.hashed(PASSWORD)


def load_people(db: Database, now: datetime) -> int:
    """Add the demo's departments, roles and people to a database without people; how many people were added."""
    with db.reading() as session:
        if session.execute(select(people.c.id).limit(1)).first():
            return 0
    return _add_people(db, now, _secret())


@command
def _add_people(session: Session, now: datetime, secret: str) -> int:
    if session.execute(select(people.c.id).limit(1)).first():
        return 0
    session.execute(insert(departments), [asdict(department) for department in DEPARTMENTS])
    session.execute(insert(roles), [asdict(role) for role in ROLES])
    permits = [{"role": role.key, "permission": permission} for role in ROLES for permission in ROLES[role]]
    session.execute(insert(role_permissions), permits)
    session.execute(insert(people), [_row(i, demo, secret, now) for i, demo in enumerate(PEOPLE, 1)])
    session.execute(insert(person_roles), [{"person": p.account, "role": role} for p in PEOPLE for role in p.roles])
    return len(PEOPLE)


def logins() -> list[tuple[str, str]]:
    """What to print so that somebody can try it: a line of Chinese and one of English each."""
    head = f"演示账号（密码都是 {PASSWORD}）：", f"Demo accounts (the password is always {PASSWORD}):"
    does = {role.key: role.name_en for role in ROLES}
    lines = [
        (
            f"  {p.account:<6} {p.name}（{p.title}）",
            f"  {p.account:<6} {p.name_en} ({', '.join(does[role] for role in p.roles)})",
        )
        for p in PEOPLE
    ]
    return [head, *lines]


def _row(number: int, demo: DemoPerson, secret: str, now: datetime) -> dict[str, object]:
    return {
        "id": demo.account,
        "number": number,
        "name": demo.name,
        "name_en": demo.name_en,
        "gender": demo.gender,
        "title": demo.title,
        "department": demo.department,
        "email": f"{demo.account}@example.com",
        "phone": f"010-5555 01{number:02d}",
        "mobile": "",
        "description": "演示人物，纯属虚构。",
        "language": "zh",
        "active": True,
        "password_hash": secret,
        "password_temporary": False,
        "created_at": now,
        "changed_at": now,
    }
