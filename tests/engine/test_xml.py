"""The hardened parser: what it gives, and every refusal with its line."""

import pytest

from engine import xml
from engine.errors import Problem, Refused


def refusal(data: bytes) -> Problem:
    with pytest.raises(Refused) as caught:
        xml.parse(data, "a.bpmn")
    (problem,) = caught.value.problems
    assert problem.file == "a.bpmn"
    assert problem.zh and problem.en and problem.zh != problem.en
    return problem


def test_it_gives_the_root_and_the_line_of_every_element():
    root = xml.parse("<a>\n  <b 名='值'>文</b>\n</a>".encode(), "a.bpmn")
    assert root.tag == "a"
    assert root[0].text == "文"
    assert root[0].get("名") == "值"
    assert xml.line_of(root[0]) == 2


def test_an_element_that_was_not_parsed_has_no_line():
    assert xml.line_of(xml.etree.Element("a")) is None


def test_comments_and_instructions_do_not_split_a_text():
    root = xml.parse(b"<a>one<!-- x --> two<?p q?> three</a>", "a.bpmn")
    assert root.text == "one two three"
    assert len(root) == 0


def test_it_reads_the_encoding_the_file_declares():
    assert xml.parse('<?xml version="1.0" encoding="gb18030"?><a>循章</a>'.encode("gb18030"), "a").text == "循章"
    assert xml.parse('<?xml version="1.0" encoding="utf-16"?><a>循章</a>'.encode("utf-16"), "a").text == "循章"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   ",
        b"not xml",
        b"<a>",
        b"<a></b>",
        b"<a>&nbsp;</a>",
        b"<a b='1' b='2'/>",
        b"<a/><b/>",
        b"<x:a/>",
        b"<a>\x00</a>",
        b"PK\x03\x04zip",
        '<?xml version="1.0" encoding="utf-8"?><a>章程</a>'.encode("gb18030"),
        b'<?xml version="1.0" encoding="no-such-encoding"?><a/>',
        b'<?xml version="1.0" encoding="utf-16"?><a/>',
        "<a>循章</a>".encode()[:-6],
    ],
)
def test_broken_xml_is_refused_in_a_sentence(data):
    assert refusal(data).rule == "xml-syntax"


def test_broken_xml_names_line_and_column():
    problem = refusal(b"<a>\n<b>\n</c>\n</a>")
    assert problem.line == 3
    assert problem.column
    assert "line" in problem.en and ", line" not in problem.en


def test_a_doctype_is_refused_even_an_empty_one():
    assert refusal(b"<!DOCTYPE a>\n<a/>").rule == "xml-doctype"
    assert refusal('<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a><a/>'.encode("utf-16")).rule == "xml-doctype"


def test_an_external_entity_is_refused_unread(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("topsecret")
    problem = refusal(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())
    assert problem.rule == "xml-doctype"
    assert "topsecret" not in problem.en


def bomb(use: str) -> bytes:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    return f'<!DOCTYPE a [<!ENTITY e0 "ha">{lines}]>{use}'.encode()


@pytest.mark.parametrize("use", ["<a>&e29;</a>", "<a b='&e29;'/>", "<a/>"])
def test_an_entity_bomb_does_not_go_off(use):
    assert refusal(bomb(use)).rule in {"xml-doctype", "xml-syntax"}


def test_a_parameter_entity_bomb_does_not_go_off():
    lines = "".join(f"<!ENTITY % e{n} '{f'&#37;e{n - 1};' * 10}'>" for n in range(1, 20))
    data = f"<!DOCTYPE a [<!ENTITY % e0 ''>{lines} %e19;]><a/>".encode()
    assert refusal(data).rule in {"xml-doctype", "xml-syntax"}


def test_ten_thousand_nested_elements_are_refused_with_the_line():
    problem = refusal(b"<a>\n" * 10_000 + b"</a>" * 10_000)
    assert problem.rule == "xml-depth"
    assert problem.line == xml.MAX_DEPTH + 1


def test_the_deepest_allowed_file_is_read():
    assert xml.parse(b"<a>" * xml.MAX_DEPTH + b"</a>" * xml.MAX_DEPTH, "a").tag == "a"


def test_too_many_elements_are_refused():
    inside = b"<b/>" * (xml.MAX_ELEMENTS - 1)
    assert len(xml.parse(b"<a>" + inside + b"</a>", "a")) == xml.MAX_ELEMENTS - 1
    assert refusal(b"<a>" + inside + b"<b/></a>").rule == "xml-elements"


def test_too_many_bytes_are_refused_before_reading():
    assert refusal(b"<a>" + b" " * xml.MAX_BYTES + b"</a>").rule == "xml-size"


def test_too_many_attributes_of_one_element_are_refused_with_element_and_line():
    def written(count: int) -> bytes:
        return b"<a>\n<b " + b" ".join(b'a%d="x"' % n for n in range(count)) + b"/></a>"

    assert len(xml.parse(written(xml.MAX_ATTRIBUTES), "a")[0].attrib) == xml.MAX_ATTRIBUTES
    problem = refusal(written(100_000))
    assert (problem.rule, problem.line) == ("xml-attributes", 2)
    assert "element b has 100000" in problem.en
