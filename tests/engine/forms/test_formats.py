"""Texts that carry both languages are read in one."""

from __future__ import annotations

import pytest

from engine.forms.formats import own_half, plain


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("普通 · ordinary", "普通", "ordinary"),
        ("已修复，由这次派出的人带去 · Repaired, goes along on this trip", "已修复，由这次派出的人带去",
         "Repaired, goes along on this trip"),
        ("北岭轨道装备公司 · 转向架检测台 ZJ-200",) * 3,
        ("Smith · Wesson",) * 3,
        ("更换电源模块",) * 3,
        ("", "", ""),
    ],
)  # fmt: skip
def test_a_reader_sees_the_half_in_their_language(text, zh, en):
    assert (own_half(text, "zh"), own_half(text, "en")) == (zh, en)


def test_a_context_of_both_languages_is_read_in_one():
    both = {"zh": "会员", "en": "member"}
    assert (plain(both, "zh"), plain([both], "en")) == ("会员", "member")
    assert plain({"zh": "会员"}, "zh") == "zh: 会员", "half of it is data like any other"
