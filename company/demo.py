"""The people of the demo: plainly invented, at least two where a task needs four eyes. One password for all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from company import passwords
from company.departments import Department
from company.roles import Role
from company.tables import departments, people, person_roles, role_permissions, roles
from engine.database import Database

PASSWORD = "xunzhang-2026"  # noqa: S105 - printed at every start, for invented people only

DEPARTMENTS = (
    Department("after_sales", "售后部", "After-sales"),
    Department("finance", "财务部", "Finance"),
    Department("supply", "供应部", "Supply"),
    Department("sales", "销售部", "Sales"),
    Department("office", "总经办", "General management"),
    Department("information", "信息部", "Information"),
)

ROLES: dict[Role, tuple[str, ...]] = {
    Role("after_sales", "售后部", "After-sales"): ("start:*", "work:after_sales", "see:*"),
    Role("after_sales_manager", "售后部经理", "After-sales manager"): ("start:*", "work:after_sales_manager", "see:*"),
    Role("finance", "财务部", "Finance"): ("work:finance", "see:price_approval"),
    Role("supply", "供应部", "Supply"): ("work:supply", "see:price_approval"),
    Role("sales_vp", "销售副总", "Sales vice president"): ("work:sales_vp", "see:*"),
    Role("general_manager", "总经理", "General manager"): ("work:general_manager", "see:*"),
    Role("designer", "流程设计", "Process designer"): ("deploy", "see:*"),
    Role("auditor", "稽核", "Auditor"): ("audit", "see:*"),
    Role("administrator", "系统管理", "Administrator"): ("administer", "correct", "see:*"),
}
"""What every role permits; the keys of the first six are lanes."""


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
               ("after_sales", "after_sales_manager", "finance"), "male"),
    DemoPerson("tang", "唐双岗", "Tang Shuanggang", "总经理助理", "office",
               ("sales_vp", "general_manager"), "female"),
    DemoPerson("mo", "莫设计", "Mo Sheji", "流程设计师", "information", ("designer",), "female"),
    DemoPerson("ji", "纪稽核", "Ji Jihe", "稽核员", "office", ("auditor",), "male"),
    DemoPerson("admin", "关管理", "Guan Guanli", "系统管理员", "information", ("administrator",), "female"),
)  # fmt: skip


def load_people(db: Database, now: datetime) -> int:
    """Add the demo's departments, roles and people to a database without people; how many people were added."""
    with db.reading() as session:
        if session.execute(select(people.c.id).limit(1)).first():
            return 0
    secret = passwords.hashed(PASSWORD)

    def work(session: Session) -> int:
        if session.execute(select(people.c.id).limit(1)).first():
            return 0
        session.execute(insert(departments), [asdict(department) for department in DEPARTMENTS])
        session.execute(insert(roles), [asdict(role) for role in ROLES])
        permits = [{"role": role.key, "permission": permission} for role in ROLES for permission in ROLES[role]]
        session.execute(insert(role_permissions), permits)
        session.execute(insert(people), [_row(i, demo, secret, now) for i, demo in enumerate(PEOPLE, 1)])
        session.execute(insert(person_roles), [{"person": p.account, "role": role} for p in PEOPLE for role in p.roles])
        return len(PEOPLE)

    return db.write(work)


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
