"""The one parser every XML file goes through: hardened, bounded, and a refusal is a sentence with a line.

Diagrams and decision files come from people, so nothing in them may reach the network or a file,
expand itself, or exhaust memory or the stack. DOCTYPE is refused outright: entities live there.
"""

from __future__ import annotations

from typing import Final, cast

from lxml import etree

from engine.errors import Problem, Refused

Element = etree._Element
"""An lxml element; the alias keeps the private name in one place."""

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 200
MAX_ELEMENTS: Final = 20_000
MAX_ATTRIBUTES: Final = 200
"""Of one element: libxml2 keeps them in a list, so whoever asks for one walks past all before it."""

_CHUNK: Final = 64 * 1024
"""The parser is fed in pieces, so a file that breaks a limit is dropped before the rest is read."""


def parse(data: bytes, file: str) -> Element:
    """The root element of an XML file; comments and processing instructions are left out.

    Raises Refused, naming `file` and the line, for broken XML or encoding, a DOCTYPE, more than
    MAX_BYTES bytes, MAX_DEPTH nested elements, MAX_ELEMENTS elements or MAX_ATTRIBUTES attributes of one.
    """
    if len(data) > MAX_BYTES:
        raise _refusal(
            file,
            None,
            "xml-size",
            f"文件有 {len(data)} 字节，超过上限 {MAX_BYTES} 字节。",
            f"The file has {len(data)} bytes; the limit is {MAX_BYTES}.",
        )
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    watch = _Watch(file)
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            watch.look(parser)
        root: Element = parser.close()
    except etree.XMLSyntaxError as error:
        watch.look(parser)  # what was read before the break may be over a limit, which says more
        raise _broken(file, error) from None
    watch.look(parser)
    return root


def line_of(element: Element) -> int | None:
    """The line the element starts on, counted from 1; None for an element that was not parsed."""
    return cast("int | None", element.sourceline)


class _Watch:
    """Counts elements and their depth while the parser is being fed."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.depth = 0
        self.count = 0

    def look(self, parser: etree.XMLPullParser) -> None:
        for event, element in parser.read_events():
            if event == "end":
                self.depth -= 1
                continue
            self.depth += 1
            self.count += 1
            self._judge(cast(Element, element))

    def _judge(self, element: Element) -> None:
        line = line_of(element)
        if self.count == 1 and element.getroottree().docinfo.internalDTD is not None:
            raise _refusal(
                self.file,
                line,
                "xml-doctype",
                "文件不得含有 DOCTYPE 声明，请删除它。",
                "The file must not hold a DOCTYPE declaration; remove it.",
            )
        if self.depth > MAX_DEPTH:
            raise _refusal(
                self.file,
                line,
                "xml-depth",
                f"元素嵌套超过 {MAX_DEPTH} 层。",
                f"Elements are nested more than {MAX_DEPTH} deep.",
            )
        if self.count > MAX_ELEMENTS:
            raise _refusal(
                self.file,
                line,
                "xml-elements",
                f"文件的元素超过 {MAX_ELEMENTS} 个。",
                f"The file has more than {MAX_ELEMENTS} elements.",
            )
        if len(element.attrib) > MAX_ATTRIBUTES:
            name = str(element.tag).rpartition("}")[2]
            raise _refusal(
                self.file,
                line,
                "xml-attributes",
                f"元素 {name} 有 {len(element.attrib)} 个属性，超过上限 {MAX_ATTRIBUTES} 个。",
                f"The element {name} has {len(element.attrib)} attributes; the limit is {MAX_ATTRIBUTES}.",
            )


def _broken(file: str, error: etree.XMLSyntaxError) -> Refused:
    line, column = error.position
    # libxml2 ends its message with the place, which the problem already carries.
    reason = (error.msg or "").split(", line ")[0] or "no element found"
    return Refused(
        [
            Problem(
                "xml-syntax",
                "",
                f"不是有效的 XML：{reason}。",
                f"Not valid XML: {reason}.",
                line=line or None,
                column=column or None,
                file=file,
            )
        ]
    )


def _refusal(file: str, line: int | None, rule: str, zh: str, en: str) -> Refused:
    return Refused([Problem(rule, "", zh, en, line=line, file=file)])
