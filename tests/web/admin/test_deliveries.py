"""Administrators see who did not get what left the bench."""

from __future__ import annotations

import pytest

from company.notifications import deliveries, store
from tests.product import START


@pytest.fixture
def database_url(sqlite_url):
    """The queries are tried on both databases: one is enough for their page."""
    return sqlite_url


@pytest.fixture
def lose(staffed):
    """`lose("qin@example.com", "refused", "550 no such user")`: a notification that this receiver did not get."""

    def make(receiver, state, answer, channel="mail", key="1-0-0"):
        def work(session):
            told = store.note(session, key, "role:finance", START, subject="重大故障", subject_en="Major fault",
                                      text="", number="FS-2026-000001")  # fmt: skip
            deliveries.want(session, channel, [receiver], notification_id=told.id)
            (one,) = [each for each in deliveries.waiting(session, channel, told.id) if each.receiver == receiver]
            deliveries.tried(session, one.id, START, state, answer)

        staffed.db.write(work)

    return make


@pytest.mark.usefixtures("staffed")
def test_without_any_the_page_says_so(visit):
    assert "都送到了" in visit("admin").get("/admin/deliveries").text


def test_it_says_who_did_not_get_what_and_when_and_what_was_answered(visit, lose):
    lose("qin@example.com", "refused", "550 5.1.1 <no> such user")
    lose("webhook", "refused", "HTTP 410 Gone", "webhook")
    lose("office@example.com", "given_up", "452 4.2.2 mailbox full")
    lose("he@example.com", "taken", "")
    lose("zhou@example.com", "waiting", "450 4.2.0 later")
    page = visit("admin").get("/admin/deliveries").text

    for said in ("秦", "qin@example.com", "重大故障", "FS-2026-000001", "550 5.1.1 &lt;no&gt; such user", "不再重试",
                 "HTTP 410 Gone", "office@example.com", "试了 1 次都没收下，已放弃"):  # fmt: skip
        assert said in page
    assert 'href="/admin/people/qin"' in page
    assert "he@example.com" not in page
    assert "450 4.2.0" not in page, "what is still tried has not failed"


def test_long_lists_come_in_pages(visit, lose):
    for number in range(51):
        lose(f"number{number}@example.com", "refused", "550", key=f"{number}-0-0")
    admin = visit("admin")
    page = admin.get("/admin/deliveries").text
    assert "number50@example.com" in page
    assert "number0@example.com" not in page
    (older,) = [part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/admin/deliveries?after=")]
    assert "number0@example.com" in admin.get(older).text


def test_nobody_else_sees_it(visit, lose):
    lose("qin@example.com", "refused", "550 no such user")
    assert visit("zhou").get("/admin/deliveries").status_code == 403
