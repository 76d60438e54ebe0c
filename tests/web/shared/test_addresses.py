"""Where people may be sent, and how bundles are named."""

from __future__ import annotations

import pytest

from web.shared.addresses import here, local_path


@pytest.mark.parametrize("address", ["/", "/tasks/1-2-0?x=1#top", "/?q=南川"])
def test_a_path_of_ours_is_kept(address):
    assert local_path(address) == address


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "tasks",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x",
        "/\t/evil.example",
    ],
)
def test_anything_else_leads_home(address):
    assert local_path(address) == "/"
    assert local_path(address, "/start") == "/start"


def test_a_page_is_come_back_to_with_its_question(app):
    with app.test_request_context("/?view=groups&q=x"):
        assert here() == "/?view=groups&q=x"
    with app.test_request_context("/start/price_approval", method="POST"):
        assert here() == "/start/price_approval"
