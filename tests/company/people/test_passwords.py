from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from company.people import passwords
from company.people.directory import NoSuchPerson, person
from company.people.login import check_login
from company.people.passwords import PasswordTooLong, PasswordTooPlain, PasswordTooShort, WrongPassword
from company.people.sessions import open_session, session_person
from company.people.tables import people
from demo import people as demo
from engine.actor import SYSTEM, Actor, NotPermitted
from engine.database import Database
from engine.tables import people_log
from tests.product import START

pytest_plugins = ["tests.accounts"]

NEW = "four quiet bolts"


def test_a_password_is_kept_as_argon2id() -> None:
    stored = passwords.hashed(NEW)
    assert stored.startswith("$argon2id$")
    assert NEW not in stored
    assert passwords.matches(stored, NEW)
    assert not passwords.matches(stored, NEW + "!")


def test_the_same_password_is_stored_differently_each_time() -> None:
    assert passwords.hashed(NEW) != passwords.hashed(NEW)


def test_composed_and_decomposed_characters_are_the_same_password() -> None:
    assert passwords.matches(passwords.hashed("Zürich-Münster"), "Zu\u0308rich-Mu\u0308nster")


def test_nobody_matches_no_password_at_all() -> None:
    assert not passwords.matches(None, "nobody has this password")


@pytest.mark.parametrize(
    "password, refusal",
    [
        ("short-one", PasswordTooShort),
        ("x" * 201, PasswordTooLong),
        ("aaaaaaaabb", PasswordTooPlain),
        ("Chenxiaoman1", PasswordTooPlain),
    ],
)
def test_a_weak_password_is_refused(password: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        passwords.check_strength(password, "chenxiaoman")


def test_a_short_account_name_may_occur_in_a_long_password() -> None:
    passwords.check_strength("the other weather", "he")


def test_a_random_password_is_strong_and_never_the_same() -> None:
    made = {passwords.generate("he") for _ in range(50)}
    assert len(made) == 50
    for password in made:
        passwords.check_strength(password, "he")


def test_people_change_their_own_password_with_the_present_one(
    staffed: Database, actor: Callable[[str], Actor]
) -> None:
    passwords.change_password(staffed, actor("lin"), START, demo.PASSWORD, NEW)
    assert check_login(staffed, START, "lin", NEW, "here") == "lin"


def test_a_wrong_present_password_changes_nothing(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(WrongPassword):
        passwords.change_password(staffed, actor("lin"), START, "something else", NEW)
    assert check_login(staffed, START, "lin", demo.PASSWORD, "here") == "lin"


def test_another_password_ends_every_other_session(staffed: Database, actor: Callable[[str], Actor]) -> None:
    here, there = (open_session(staffed, START, "lin") for _ in range(2))
    with staffed.reading() as session:
        kept = session_person(session, here, START)
    assert kept is not None
    passwords.change_password(staffed, actor("lin"), START, demo.PASSWORD, NEW, keep_session=kept.id)
    with staffed.reading() as session:
        assert session_person(session, here, START) is not None
        assert session_person(session, there, START) is None


def test_a_reset_gives_a_temporary_password_and_ends_all_sessions(
    staffed: Database, actor: Callable[[str], Actor]
) -> None:
    token = open_session(staffed, START, "lin")
    given = passwords.reset_password(staffed, actor("admin"), START + timedelta(hours=1), "lin")
    assert check_login(staffed, START, "lin", given, "here") == "lin"
    with staffed.reading() as session:
        assert person(session, "lin").password_temporary
        assert session_person(session, token, START) is None


def test_only_administrators_reset_passwords(staffed: Database, actor: Callable[[str], Actor]) -> None:
    with pytest.raises(NotPermitted):
        passwords.reset_password(staffed, actor("zheng"), START, "lin")


def test_nobody_resets_the_password_of_nobody(staffed: Database) -> None:
    with pytest.raises(NoSuchPerson):
        passwords.reset_password(staffed, SYSTEM, START, "nobody")


def test_the_log_tells_of_a_reset_but_never_a_password(staffed: Database, actor: Callable[[str], Actor]) -> None:
    given = passwords.reset_password(staffed, actor("admin"), START, "lin")
    passwords.change_password(staffed, actor("lin"), START, given, NEW)
    with staffed.reading() as session:
        rows = session.execute(select(people_log).order_by(people_log.c.id)).all()
        assert not session.execute(select(people.c.password_temporary).where(people.c.id == "lin")).scalar()
    assert [(row.actor, row.act, row.subject) for row in rows] == [
        ("admin", "reset_password", "lin"),
        ("lin", "change_password", "lin"),
    ]
    assert all(given not in row.details and NEW not in row.details for row in rows)
