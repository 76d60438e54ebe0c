"""What `doctor` looks at, a function per check; each returns one finding in both languages."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

import migrations
from cli.settings import Settings
from company.keys import RESERVED
from company.notifications.deliveries import count_undelivered
from company.records.kinds import RECORD_KINDS
from company.records.tables import records
from engine.database import Database
from engine.history import calendars
from engine.history.anchoring.anchors import read_outside
from engine.history.anchoring.stamps import unstamped
from engine.history.schedules import Schedule, all_schedules
from engine.tables import DOCUMENTS, anchors, instances, messages, schedules, sequences, waits, workers
from engine.trouble import DatabaseTrouble

State = Literal["ok", "warning", "broken"]
SILENT = timedelta(minutes=1)
"""A worker that has not reported for so long does not live; a job that has waited so long finds none."""

ANCHOR_AGE = timedelta(hours=2)
LATELY = timedelta(days=7)
"""How long somebody is told of what was not delivered."""

STAMP_AGE = timedelta(minutes=10)
"""How long an anchor may be without a time-stamp before somebody is told."""

NEXT_YEAR_FROM = 11
"""The month from which next year's holidays must be entered: the state announces them in November."""

LEAST_FREE = 1 << 30
"""Bytes that must be free on disk."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ok, a warning that should be looked at, or broken."""

    check: str
    state: State
    zh: str
    en: str


def checkup(db: Database, settings: Settings, now: datetime) -> list[Finding]:
    """Every check in order; without a database at today's schema the rest cannot be asked."""
    found = [database(db, settings, now)]
    if found[0].state == "ok":
        found.append(schema(db, settings, now))
    if all(finding.state == "ok" for finding in found):
        found += [check(db, settings, now) for check in CHECKS]
    return [*found, disk(db, settings, now)]


def database(db: Database, _settings: Settings, _now: datetime) -> Finding:
    """The database answers and lets us write."""
    try:
        db.write(lambda session: session.execute(select(1)))
    except DatabaseTrouble as error:
        return Finding("database", "broken", error.text("zh"), error.text("en"))
    except SQLAlchemyError as error:
        reason = str(error).splitlines()[0]
        return Finding("database", "broken", f"数据库无法使用：{reason}", f"the database cannot be used: {reason}")
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.dialect]
    return Finding("database", "ok", f"数据库可读写（{kind}）", f"the database reads and writes ({kind})")


def schema(db: Database, _settings: Settings, _now: datetime) -> Finding:
    """The tables are today's."""
    current, newest = migrations.current(db), migrations.newest()
    if not migrations.is_known(current):
        unknown = migrations.UnknownSchema(revision=current)
        return Finding("schema", "broken", unknown.text("zh"), unknown.text("en"))
    if current != newest:
        return Finding("schema", "broken", f"数据结构是 {current}，应为 {newest}：请运行 clauseflow migrate",
                       f"the schema is {current}, not {newest}: run clauseflow migrate")  # fmt: skip
    return Finding("schema", "ok", f"数据结构是最新的（{newest}）", f"the schema is the newest ({newest})")


def living_workers(db: Database, _settings: Settings, now: datetime) -> Finding:
    """Some worker has reported lately; not in the future, by a clock that was set back since."""
    with db.reading() as session:
        alive = session.execute(
            select(func.count()).where(workers.c.seen_at > now - SILENT, workers.c.seen_at < now + SILENT)
        ).scalar_one()
        last = session.execute(select(func.max(workers.c.seen_at))).scalar()
    if alive:
        return Finding("workers", "ok", f"{alive} 个后台在工作", f"{alive} workers are at work")
    since = last.isoformat(timespec="seconds") if last else "—"
    return Finding("workers", "broken", f"没有后台在工作（最近一次报到：{since}）：请运行 clauseflow worker",
                   f"no worker is at work (last seen: {since}): run clauseflow worker")  # fmt: skip


def backlog(db: Database, _settings: Settings, now: datetime) -> Finding:
    """Nothing that is due has waited long."""
    with db.reading() as session:
        query = select(func.count()).select_from(waits).join(instances, instances.c.id == waits.c.instance_id)
        late = session.execute(
            query.where(waits.c.ready_at < now - SILENT, instances.c.status == "active")
        ).scalar_one()
        late += sum(_overdue(schedule, now - SILENT) for schedule in all_schedules(session))
    if late:
        return Finding("backlog", "warning", f"{late} 个到期的定时器或作业超过一分钟没有办理",
                       f"{late} due timers or jobs have waited for more than a minute")  # fmt: skip
    return Finding("backlog", "ok", "没有积压的定时器和作业", "no due timer or job is waiting")


def _overdue(schedule: Schedule, since: datetime) -> bool:
    return schedule.failure is None and schedule.next_at is not None and schedule.next_at < since


def clock_starts(db: Database, *args: Any) -> Finding:
    """When the clock starts the next cases, and which schedules stand still."""
    with db.reading() as session:
        found = all_schedules(session)
        zone = calendars.zone_in_force(session)
    still = [schedule for schedule in found if schedule.failure is not None]
    if still:
        names = "、".join(f"{schedule.key}/{schedule.node_id}" for schedule in still)
        return Finding("schedules", "warning", f"定时发起停住了：{names}", f"clock starts stand still: {names}")
    coming = [schedule for schedule in found if schedule.next_at]
    if not coming:
        return Finding("schedules", "ok", "没有等待发起的定时流程", "the clock has no process to start")
    times = "；".join(f"{s.key} {s.next_at.astimezone(zone):%Y-%m-%d %H:%M}" for s in coming if s.next_at)
    return Finding("schedules", "ok", f"下次定时发起：{times}", f"next clock starts: {times}")


def incidents(db: Database, _settings: Settings, _now: datetime) -> Finding:
    """Nothing stands still."""
    with db.reading() as session:
        count = session.execute(select(func.count()).where(waits.c.incident.is_not(None))).scalar_one()
        for table in (messages, schedules):
            count += session.execute(select(func.count()).where(table.c.failure.is_not(None))).scalar_one()
    if count:
        return Finding("incidents", "warning", f"{count} 个故障等待处理", f"{count} incidents wait to be dealt with")
    return Finding("incidents", "ok", "没有故障", "there are no incidents")


def calendar(db: Database, _settings: Settings, now: datetime) -> Finding:
    """The working calendar knows the holidays of every year that deadlines may reach."""
    with db.reading() as session:
        found = calendars.by_hash(session, calendars.hash_in_force(session))
    if found is None:
        return Finding("calendar", "broken", "没有工作日历：请运行 clauseflow migrate",
                       "there is no working calendar: run clauseflow migrate")  # fmt: skip
    local = now.astimezone(found.zone)
    wanted = range(local.year, local.year + 1 + (local.month >= NEXT_YEAR_FROM))
    missing = [year for year in wanted if all(day.year != year for day in found.holidays)]
    if missing:
        years = "、".join(map(str, missing))
        return Finding("calendar", "warning", f"工作日历没有 {years} 年的节假日：请管理员补录",
                       f"the working calendar has no holidays of {years}: an administrator enters them")  # fmt: skip
    return Finding("calendar", "ok", f"工作日历到 {wanted[-1]} 年", f"the working calendar reaches {wanted[-1]}")


def anchored(db: Database, settings: Settings, now: datetime) -> Finding:
    """Anchors are taken, and the file outside ends where the database does."""
    with db.reading() as session:
        last = session.execute(select(anchors).order_by(anchors.c.id.desc()).limit(1)).one_or_none()
        open_since = session.execute(
            select(func.min(instances.c.changed_at)).where(instances.c.seq > instances.c.anchored_seq)
        ).scalar()
    kept = {anchor.id: anchor.root for anchor in read_outside(settings.anchor_file)}
    if last and kept.get(last.id) != last.root:
        return Finding("anchors", "broken", f"最近的锚点 {last.id} 不在 {settings.anchor_file} 中",
                       f"the last anchor {last.id} is not in {settings.anchor_file}")  # fmt: skip
    if open_since and open_since < now - ANCHOR_AGE:
        return Finding("anchors", "warning", "两小时内没有取锚点：后台没有运行？可运行 clauseflow anchor",
                       "no anchor for two hours: is a worker running? or run clauseflow anchor")  # fmt: skip
    count = last.id if last else 0
    return Finding("anchors", "ok", f"锚点 {count} 个，与库外文件一致", f"{count} anchors, as in the file outside")


def time_stamped(db: Database, settings: Settings, now: datetime) -> Finding:
    """Every anchor has its time-stamp, if an authority is set."""
    if not settings.tsa_url:
        return Finding("stamps", "ok", "没有设置时间戳服务（可选）", "no time-stamp authority is set (optional)")
    with db.reading() as session:
        missing = unstamped(session)
        newest = session.execute(select(func.max(anchors.c.id)).where(anchors.c.stamp.is_not(None))).scalar()
    if missing and missing[-1].at < now - STAMP_AGE:
        since = missing[-1].at.isoformat(timespec="minutes")
        return Finding("stamps", "warning",
                       f"{len(missing)} 个锚点（最早 {since}）还没有时间戳：{settings.tsa_url} 没应答？原因见日志",
                       f"{len(missing)} anchors (the first of {since}) have no time-stamp yet: does {settings.tsa_url} "
                       "answer? the worker's log says why")  # fmt: skip
    if not settings.tsa_roots:
        return Finding("stamps", "warning", "没有设 CLAUSEFLOW_TSA_ROOTS：时间戳的签名没有核对",
                       "CLAUSEFLOW_TSA_ROOTS is not set: signatures of time-stamps are not checked")  # fmt: skip
    return Finding("stamps", "ok", f"锚点盖有时间戳，最近是第 {newest or 0} 个",
                   f"anchors are time-stamped, the last one is {newest or 0}")  # fmt: skip


def delivered(db: Database, _settings: Settings, now: datetime) -> Finding:
    """What was sent out lately was accepted."""
    with db.reading() as session:
        count = count_undelivered(session, now - LATELY)
    if count:
        return Finding("deliveries", "warning", f"七天内有 {count} 封邮件、Webhook 或时间戳没有送到：见“未送达”页",
                       f"{count} mails, webhook calls or time-stamps got nowhere within seven days: see the page "
                       "“Undelivered”")  # fmt: skip
    return Finding("deliveries", "ok", "七天内寄出的都送到了", "all that was sent within seven days was taken")


def numbers(db: Database, _settings: Settings, _now: datetime) -> Finding:
    """No case is missing from a series of numbers."""
    with db.reading() as session:
        of_cases = select(func.sum(sequences.c.last)).where(~sequences.c.name.startswith(DOCUMENTS))
        drawn = session.execute(of_cases).scalar() or 0
        there = session.execute(select(func.count()).select_from(instances)).scalar_one()
    if drawn != there:
        return Finding("numbers", "broken", f"发出 {drawn} 个编号，只有 {there} 个事项：请运行 clauseflow verify --all",
                       f"{drawn} numbers were drawn, there are {there} cases: run clauseflow verify --all")  # fmt: skip
    return Finding("numbers", "ok", f"{there} 个事项，编号没有缺口", f"{there} cases, no number is missing")


def keys(db: Database, _settings: Settings, _now: datetime) -> Finding:
    """Every record can be opened: no key is a word that addresses need; older versions took any."""
    with db.reading() as session:
        query = select(records.c.kind, records.c.key).where(func.lower(records.c.key).in_(RESERVED))
        rows = session.execute(query).all()
    found = [f"{RECORD_KINDS[row.kind].name}“{row.key}”" for row in rows if row.kind in RECORD_KINDS]
    if found:
        names = "、".join(found)
        return Finding("keys", "warning", f"这些档案的编号与网址冲突，打不开，请导出后换编号重新导入：{names}",
                       f"no address opens these records; export and import them under other keys: {names}")  # fmt: skip
    return Finding("keys", "ok", "档案的编号都能打开", "every record can be opened by its key")


def disk(_db: Database, settings: Settings, _now: datetime) -> Finding:
    """There is room where the product writes."""
    free = shutil.disk_usage(settings.var).free
    room = f"{free / (1 << 30):.1f} GB"
    if free < LEAST_FREE:
        return Finding("disk", "broken", f"磁盘只剩 {room}", f"only {room} are free on disk")
    return Finding("disk", "ok", f"磁盘还有 {room}", f"{room} are free on disk")


CHECKS: tuple[Callable[[Database, Settings, datetime], Finding], ...] = (
    living_workers,
    backlog,
    clock_starts,
    incidents,
    calendar,
    anchored,
    time_stamped,
    delivered,
    numbers,
    keys,
)
"""The checks that need a database at today's schema."""
