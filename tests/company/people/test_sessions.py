from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from company.people.change_person import set_active
from company.people.sessions import (
    ABSOLUTE,
    IDLE,
    KEPT,
    LATELY,
    SEEN_EVERY,
    NoSuchSession,
    last_person,
    live_sessions,
    log_out,
    open_session,
    ran_out_lately,
    revoke,
    session_person,
    touch,
)
from company.people.sessions import LiveSession as Live
from company.people.tables import sessions
from engine.actor import SYSTEM, Actor
from engine.database import Database
from engine.tables import people_log
from tests.product import START

pytest_plugins = ["tests.accounts"]

SECOND = timedelta(seconds=1)


def found(db: Database, token: str, after: timedelta = timedelta(0)) -> Live | None:
    with db.reading() as session:
        return session_person(session, token, START + after)


def live(db: Database, token: str, after: timedelta = timedelta(0)) -> Live:
    session = found(db, token, after)
    assert session is not None
    return session


def test_a_token_leads_to_its_person(staffed: Database) -> None:
    token = open_session(staffed, START, "lin", "Firefox", "10.0.0.1")
    session = live(staffed, token)
    assert (session.person, session.name, session.user_agent, session.address) == (
        "lin",
        "林一凡",
        "Firefox",
        "10.0.0.1",
    )


def test_tokens_are_long_and_never_the_same(staffed: Database) -> None:
    tokens = {open_session(staffed, START, "lin") for _ in range(10)}
    assert len(tokens) == 10
    assert all(len(token) == 43 for token in tokens)


def test_the_token_itself_is_not_stored(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    with staffed.reading() as session:
        row = session.execute(select(sessions)).one()
    assert token.encode() not in row.token_hash
    assert token not in str(tuple(row))


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "令牌"])
def test_an_unknown_token_leads_nowhere(staffed: Database, token: str) -> None:
    open_session(staffed, START, "lin")
    assert found(staffed, token) is None


def test_an_idle_session_ends(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    assert found(staffed, token, IDLE - SECOND) is not None
    assert found(staffed, token, IDLE) is None


def test_a_visit_keeps_a_session_alive(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    touch(staffed, live(staffed, token), START + IDLE - SECOND)
    assert found(staffed, token, IDLE + SECOND) is not None


def test_no_visit_keeps_a_session_alive_for_ever(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    for hours in range(6, 7 * 24, 6):
        touch(staffed, live(staffed, token, timedelta(hours=hours)), START + timedelta(hours=hours))
    assert found(staffed, token, ABSOLUTE - timedelta(minutes=1)) is not None
    assert found(staffed, token, ABSOLUTE) is None


def test_visits_are_written_once_a_minute(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    touch(staffed, live(staffed, token), START + SEEN_EVERY - SECOND)
    assert live(staffed, token).seen_at == START
    touch(staffed, live(staffed, token), START + SEEN_EVERY)
    assert live(staffed, token).seen_at == START + SEEN_EVERY


def test_logging_out_ends_this_session_only(staffed: Database) -> None:
    here, there = (open_session(staffed, START, "lin") for _ in range(2))
    log_out(staffed, here, START)
    assert found(staffed, here) is None
    assert found(staffed, there) is not None


def test_whose_session_ended_is_still_known(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    log_out(staffed, token, START)
    with staffed.reading() as session:
        assert last_person(session, token) == "lin"
        assert last_person(session, "unknown") is None


def lately(db: Database, token: str, after: timedelta) -> bool:
    with db.reading() as session:
        return ran_out_lately(session, token, START + after)


def test_a_session_that_ran_out_is_recognised_for_a_week(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    assert lately(staffed, token, IDLE)
    assert lately(staffed, token, IDLE + LATELY - SECOND)
    assert not lately(staffed, token, IDLE + LATELY)
    assert not lately(staffed, "unknown", IDLE)


def test_a_session_that_somebody_ended_is_a_strangers_at_once(staffed: Database) -> None:
    left, logged_out = (open_session(staffed, START, person) for person in ("bai", "lin"))
    log_out(staffed, logged_out, START)
    set_active(staffed, SYSTEM, START, "bai", False)
    assert not lately(staffed, logged_out, IDLE)
    assert not lately(staffed, left, IDLE)


def test_people_end_their_own_sessions(staffed: Database, actor: Callable[[str], Actor]) -> None:
    token = open_session(staffed, START, "lin")
    revoke(staffed, actor("lin"), START, live(staffed, token).id)
    assert found(staffed, token) is None


def test_nobody_ends_somebody_elses_session(staffed: Database, actor: Callable[[str], Actor]) -> None:
    token = open_session(staffed, START, "lin")
    with pytest.raises(NoSuchSession):
        revoke(staffed, actor("zheng"), START, live(staffed, token).id)
    assert found(staffed, token) is not None


def test_an_administrator_ends_any_session_and_it_is_on_record(
    staffed: Database, actor: Callable[[str], Actor]
) -> None:
    token = open_session(staffed, START, "lin")
    revoke(staffed, actor("admin"), START, live(staffed, token).id)
    assert found(staffed, token) is None
    with staffed.reading() as session:
        row = session.execute(select(people_log)).one()
    assert (row.actor, row.act, row.subject) == ("admin", "revoke_session", "lin")


def test_an_ended_session_cannot_be_ended_again(staffed: Database, actor: Callable[[str], Actor]) -> None:
    number = live(staffed, open_session(staffed, START, "lin")).id
    revoke(staffed, actor("lin"), START, number)
    with pytest.raises(NoSuchSession):
        revoke(staffed, actor("lin"), START, number)


def test_a_deactivated_person_has_no_session(staffed: Database) -> None:
    token = open_session(staffed, START, "lin")
    set_active(staffed, SYSTEM, START, "lin", active=False)
    assert found(staffed, token) is None
    set_active(staffed, SYSTEM, START, "lin", active=True)
    assert found(staffed, token) is None


def test_live_sessions_are_listed_last_seen_first(staffed: Database) -> None:
    first = open_session(staffed, START, "lin")
    open_session(staffed, START + SECOND, "bai")
    ended = open_session(staffed, START + SECOND, "lin")
    log_out(staffed, ended, START + SECOND)
    touch(staffed, live(staffed, first), START + timedelta(hours=1))
    with staffed.reading() as session:
        assert [one.person for one in live_sessions(session, START + timedelta(hours=1))] == ["lin", "bai"]
        assert [one.person for one in live_sessions(session, START + timedelta(hours=1), "bai")] == ["bai"]


def test_sessions_long_over_are_swept_away_at_the_next_log_in(staffed: Database) -> None:
    open_session(staffed, START, "lin")
    open_session(staffed, START + ABSOLUTE + KEPT + SECOND, "bai")
    with staffed.reading() as session:
        assert session.execute(select(func.count()).select_from(sessions)).scalar() == 1
