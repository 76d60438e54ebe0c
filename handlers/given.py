"""What a job was given, read with a sentence for each thing that is missing or wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

from engine.forms.words import Words
from engine.history.calendars import by_hash, hash_in_force, zone_in_force
from engine.jobs import Job, JobError
from engine.session import Session
from engine.values import Value


def refused(name: str, zh: str, en: str) -> JobError:
    """The error for an input that no further attempt would mend."""
    return JobError(reason=f"输入“{name}”{zh}", reason_en=f"the input “{name}” {en}")


def text(job: Job, name: str, default: str | None = None, longest: int = 200) -> str:
    """A text of the input; numbers are written out. Raises JobError where it is missing without a default."""
    value = job.input.get(name)
    if value is None or value == "":
        if default is None:
            raise refused(name, "缺失", "is missing")
        return default
    return _written(name, value, longest)


def _written(name: str, value: Value, longest: int) -> str:
    if not isinstance(value, str | Decimal):
        raise refused(name, "不是文本", "is not a text")
    written = str(value).replace("\0", "")
    if len(written) > longest:
        raise refused(name, f"超过 {longest} 个字", f"is longer than {longest} characters")
    return written


def words(job: Job, name: str, default: str | None = None, longest: int = 200) -> Words:
    """A text for readers of both languages: a text for all, or a context `{zh, en}`. Raises JobError like `text`."""
    value = job.input.get(name)
    if not isinstance(value, dict):
        return Words(text(job, name, default, longest))
    if value.keys() != {"zh", "en"}:
        raise refused(name, "应为文本或 {zh, en}", "must be a text or {zh, en}")
    return Words(*(_written(name, value[language], longest) for language in ("zh", "en")))


def address(job: Job, name: str, kinds: tuple[str, ...], value: Value = None) -> str:
    """An address such as `role:finance`. Raises JobError for another kind, or one without a name."""
    given = text(job, name) if value is None else value
    kind, _, who = given.partition(":") if isinstance(given, str) else ("", "", "")
    if kind not in kinds or not who.strip():
        known = "、".join(f"{kind}:…" for kind in kinds)
        raise refused(name, f"应为 {known}", f"must be one of {known}")
    return f"{kind}:{who.strip()}"


def moment(job: Job, session: Session, name: str) -> datetime | None:
    """A point in time, or None; a date is the beginning of that day in the company's zone."""
    value = _date_or_moment(job, session, name)
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), zone_in_force(session))


def deadline(job: Job, session: Session, name: str) -> datetime | None:
    """By when something is due, or None; a date is the close of business of that day."""
    value = _date_or_moment(job, session, name)
    if value is None or isinstance(value, datetime):
        return value
    calendar = by_hash(session, hash_in_force(session))
    return calendar.close_of(value) if calendar else datetime.combine(value, time.max, UTC)


def _date_or_moment(job: Job, session: Session, name: str) -> date | datetime | None:
    value = job.input.get(name)
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone_in_force(session))
    if value is None or isinstance(value, date):
        return value
    raise refused(name, "不是日期", "is not a date")
