from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from company.people import login, passwords
from company.people.change_person import set_active
from company.people.login import (
    KNOWN,
    LONGEST_WAIT,
    STRANGE,
    TURN_LASTS,
    WAITED,
    Carried,
    LoginFailed,
    LoginThrottled,
    check_login,
)
from company.people.tables import login_attempts, people
from company.people.throttle import FORGET
from demo import people as demo
from engine.actor import SYSTEM
from engine.database import Database
from tests.product import START

pytest_plugins = ["tests.accounts"]

HERE, ELSEWHERE = "10.0.0.1", "203.0.113.9"
WRONG = "not the password"


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Guessing many times should not take a minute."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.setattr(passwords, "_NOBODY", passwords.hashed("nobody"))
    return iter(())


def guess(db: Database, times: int, account: str = "lin", address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(LoginFailed):
            check_login(db, START, account, WRONG, address)


def test_the_right_password_gives_the_account(staffed: Database) -> None:
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE) == "lin"


def test_an_account_may_be_typed_with_capitals_and_blanks(staffed: Database) -> None:
    assert check_login(staffed, START, " Lin ", demo.PASSWORD, HERE) == "lin"


@pytest.mark.parametrize("account", ["lin", "nobody-here", "", "lin\x00"])
def test_a_refusal_does_not_say_whether_the_account_exists(staffed: Database, account: str) -> None:
    with pytest.raises(LoginFailed) as refused:
        check_login(staffed, START, account, WRONG, HERE)
    assert refused.value.text("zh") == "账号或密码不对。"
    assert refused.value.text("en") == "The account or the password is not right."


def test_an_unknown_account_costs_a_password_check_as_well(staffed: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str | None] = []
    monkeypatch.setattr(login.passwords, "matches", lambda stored, _password: bool(checked.append(stored)))
    for account in ("lin", "nobody-here"):
        with pytest.raises(LoginFailed):
            check_login(staffed, START, account, WRONG, HERE)
    assert len(checked) == 2
    assert checked[1] is None


def test_a_deactivated_person_cannot_log_in(staffed: Database) -> None:
    set_active(staffed, SYSTEM, START, "lin", active=False)
    with pytest.raises(LoginFailed):
        check_login(staffed, START, "lin", demo.PASSWORD, HERE)


def test_a_few_mistakes_are_free(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free)
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE) == "lin"


def test_more_mistakes_cost_a_growing_delay(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free + 1)
    with pytest.raises(LoginThrottled) as refused:
        check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    assert refused.value.facts["seconds"] == 3
    with pytest.raises(LoginFailed):
        check_login(staffed, START + timedelta(seconds=3), "lin", WRONG, HERE)
    with pytest.raises(LoginThrottled) as refused:
        check_login(staffed, START + timedelta(seconds=3), "lin", demo.PASSWORD, HERE)
    assert refused.value.facts["seconds"] == 5


def test_trying_during_the_delay_does_not_lengthen_it(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free + 1)
    for _ in range(5):
        with pytest.raises(LoginThrottled):
            check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    assert check_login(staffed, START + timedelta(seconds=2), "lin", demo.PASSWORD, HERE) == "lin"


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free + 1, address=ELSEWHERE)
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE) == "lin"


def test_guessing_from_everywhere_delays_the_owner_by_half_a_minute_at_most(staffed: Database) -> None:
    for n in range(STRANGE["account"].free + 1):
        guess(staffed, 1, address=f"198.51.100.{n}")
    with pytest.raises(LoginThrottled):
        check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    assert check_login(staffed, START + timedelta(seconds=30), "lin", demo.PASSWORD, HERE) == "lin"
    assert STRANGE["account"].delay(1000) == timedelta(seconds=30)


def test_one_address_trying_many_accounts_is_slowed(staffed: Database) -> None:
    for n in range(STRANGE["address"].free + 1):
        guess(staffed, 1, account=f"account{n}")
    with pytest.raises(LoginThrottled):
        check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    assert check_login(staffed, START, "lin", demo.PASSWORD, ELSEWHERE) == "lin"


def test_an_own_good_account_does_not_excuse_guessing_at_others(staffed: Database) -> None:
    for n in range(STRANGE["address"].free):
        guess(staffed, 1, account=f"account{n}")
    check_login(staffed, START, "bai", demo.PASSWORD, HERE)
    guess(staffed, 1, account="account-more")
    with pytest.raises(LoginThrottled):
        check_login(staffed, START, "lin", demo.PASSWORD, HERE)


def test_success_forgets_the_mistakes_before(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free)
    check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    guess(staffed, STRANGE["pair"].free)
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE) == "lin"


def test_old_mistakes_are_forgotten_and_their_rows_go(staffed: Database) -> None:
    guess(staffed, STRANGE["pair"].free + 1)
    later = START + FORGET + timedelta(seconds=1)
    assert check_login(staffed, later, "lin", demo.PASSWORD, HERE) == "lin"
    with staffed.reading() as session:
        assert {row.last_at for row in session.execute(select(login_attempts))} == {later}


NOTHING = Carried()


@dataclass
class Attack:
    """Somebody who tries a wrong password four times a second, at `account`, or at invented ones if that is None."""

    db: Database
    address: str
    account: str | None = "lin"
    waits: bool = False
    now: datetime = START
    guesses: int = 0
    carried: Carried = NOTHING

    def until(self, moment: datetime) -> None:
        while self.now < moment:
            self.now += timedelta(seconds=0.25)
            account = self.account or f"invented{self.now.timestamp()}"
            try:
                check_login(self.db, self.now, account, WRONG, self.address, self.carried)
            except LoginFailed:
                self.guesses += 1
            except LoginThrottled as refused:
                if self.waits:
                    self.carried = Carried(turn=refused.facts["turn"])


def waits_to_come_in(attack: Attack) -> timedelta:
    """How long the owner waits in a new browser while the attack goes on, trying again when told."""
    began, carried = attack.now, NOTHING
    while True:
        try:
            assert check_login(attack.db, attack.now, "lin", demo.PASSWORD, HERE, carried) == "lin"
        except LoginThrottled as refused:
            carried = Carried(turn=refused.facts["turn"])
            attack.until(attack.now + timedelta(seconds=refused.facts["seconds"]))
        else:
            return attack.now - began


@pytest.mark.parametrize(("address", "account"), [(HERE, "lin"), (ELSEWHERE, "lin"), (HERE, None)])
def test_under_attack_a_known_browser_gets_in_at_once(staffed: Database, address: str, account: str | None) -> None:
    attack = Attack(staffed, address, account)
    for half in range(1, 4):
        attack.until(START + half * timedelta(seconds=30))
        assert check_login(staffed, attack.now, "lin", demo.PASSWORD, HERE, Carried(known="its mark")) == "lin"


@pytest.mark.parametrize(("address", "account"), [(HERE, "lin"), (ELSEWHERE, "lin"), (HERE, None)])
def test_under_attack_a_new_browser_gets_in_when_it_was_told(
    staffed: Database, address: str, account: str | None
) -> None:
    attack = Attack(staffed, address, account)
    attack.until(START + timedelta(minutes=1))
    assert waits_to_come_in(attack) <= LONGEST_WAIT


def test_who_attacks_from_elsewhere_and_waits_as_well_costs_a_new_browser_some_seconds_more(staffed: Database) -> None:
    for n in range(STRANGE["account"].free + 1):
        guess(staffed, 1, address=f"198.51.100.{n}")
    attack = Attack(staffed, ELSEWHERE, waits=True)
    attack.until(START + timedelta(minutes=1))
    assert waits_to_come_in(attack) <= LONGEST_WAIT + 2 * WAITED["account"].longest


@pytest.mark.long
@pytest.mark.parametrize("waits", [False, True])
def test_guessing_at_one_account_stays_bounded(staffed: Database, waits: bool) -> None:
    attacks = [Attack(staffed, address, waits=waits) for address in (HERE, ELSEWHERE)]
    for half in range(1, 5):
        for attack in attacks:
            attack.until(START + half * timedelta(seconds=30))
    slowed = sum(timedelta(minutes=2) / each["account"].longest for each in (STRANGE, WAITED))
    growing = 10  # attempts while the delays still double
    most = STRANGE["account"].free + WAITED["account"].free + slowed + growing
    assert 10 < sum(attack.guesses for attack in attacks) <= most


def test_guessing_in_a_known_browser_is_slowed_by_itself(staffed: Database) -> None:
    stolen = Carried(known="its mark")
    for _ in range(KNOWN["browser"].free + 1):
        with pytest.raises(LoginFailed):
            check_login(staffed, START, "lin", WRONG, ELSEWHERE, stolen)
    with pytest.raises(LoginThrottled):
        check_login(staffed, START, "lin", demo.PASSWORD, HERE, stolen)
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE, Carried(known="another")) == "lin"
    assert check_login(staffed, START, "lin", demo.PASSWORD, HERE) == "lin"


def test_a_turn_is_kept_while_one_is_impatient_and_ends(staffed: Database) -> None:
    Attack(staffed, HERE).until(START + timedelta(minutes=1))
    now = START + timedelta(minutes=1)
    with pytest.raises(LoginThrottled) as first:
        check_login(staffed, now, "lin", demo.PASSWORD, HERE)
    turn = first.value.facts["turn"]
    with pytest.raises(LoginThrottled) as second:
        check_login(staffed, now + timedelta(seconds=1), "lin", demo.PASSWORD, HERE, Carried(turn=turn))
    assert second.value.facts["turn"] == turn
    assert second.value.facts["seconds"] == first.value.facts["seconds"] - 1
    lasts = Carried(turn=turn)
    assert not lasts.waited(turn - timedelta(seconds=1))
    assert lasts.waited(turn)
    assert not lasts.waited(turn + TURN_LASTS)


def test_what_was_typed_as_an_account_is_not_kept_in_clear(staffed: Database) -> None:
    guess(staffed, 1, account="my secret password")
    with staffed.reading() as session:
        subjects = session.execute(select(login_attempts.c.subject)).scalars().all()
    assert len(subjects) == 3
    assert all(b"secret" not in subject and len(subject) == 32 for subject in subjects)


def test_a_log_in_renews_a_hash_made_with_other_parameters(staffed: Database) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(demo.PASSWORD)
    staffed.write(lambda session: session.execute(update(people).values(password_hash=old)))
    check_login(staffed, START, "lin", demo.PASSWORD, HERE)
    with staffed.reading() as session:
        stored = {row.id: row.password_hash for row in session.execute(select(people.c.id, people.c.password_hash))}
    assert stored["lin"] != old
    assert not passwords.outdated(stored["lin"])
    assert stored["bai"] == old
    assert passwords.matches(stored["lin"], demo.PASSWORD)
