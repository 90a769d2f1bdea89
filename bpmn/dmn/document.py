"""A decision file as XML: its namespace, ids, names and texts, within the limits of the house."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Final

from lxml import etree

from bpmn.errors import UnreadableDiagramError
from bpmn.parse_xml import read_root

NAMESPACES: Final = frozenset({
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",  # 1.1
    "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
    "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
    "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
    "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
})  # fmt: skip
MAX_NODES: Final = 100_000
MAX_CELLS: Final = 20_000  # of all tables of a file: a thousand rules with twenty columns
MAX_FEEL: Final = 200_000  # characters of all expressions of a file
MAX_DECISIONS: Final = 200

_FEEL = re.compile(r"feel|https?://www\.omg\.org/spec/(?:dmn/\d{8}/)?feel(?:/\d{8})?/?")


class Node:
    """An element of the decision namespace; children, texts and names are read through it."""

    __slots__ = ("kind", "space", "xml")

    def __init__(self, xml: etree._Element, space: str) -> None:
        self.xml, self.space = xml, space
        tag = str(xml.tag)
        self.kind = tag[len(space) + 2 :] if tag.startswith(f"{{{space}}}") else ""

    def __iter__(self) -> Iterator[Node]:
        """Yield the children that are of the decision namespace."""
        found = (Node(each, self.space) for each in self.xml)
        return (each for each in found if each.kind)

    @property
    def id(self) -> str:
        return self.attribute("id") or ""

    @property
    def name(self) -> str:
        """The name in the one form in which names are compared."""
        return tidy(self.xml.get("name") or "")

    @property
    def label(self) -> str:
        return tidy(self.xml.get("label") or "")

    def attribute(self, name: str) -> str | None:
        """Return an attribute without outer blanks, None when it is absent or blank."""
        return (self.xml.get(name) or "").strip() or None

    def all(self, kind: str) -> list[Node]:
        return [each for each in self if each.kind == kind]

    def first(self, kind: str) -> Node | None:
        return next((each for each in self if each.kind == kind), None)

    def text(self, kind: str = "text") -> str:
        """Return the text of the first child of a kind, "" without one."""
        child = self.first(kind)
        return "" if child is None else "".join(str(part) for part in child.xml.itertext()).strip()

    def language(self, default: str) -> str | None:
        """Return the expression language of this element when it is not FEEL."""
        named = self.attribute("expressionLanguage") or default
        return None if not named or _FEEL.fullmatch(named.lower()) else named


def tidy(text: str) -> str:
    """Return a name in NFC with single blanks: desktop modelers on some systems write decomposed Vietnamese."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def read(data: bytes) -> Node:
    """Read a decision file (at most 5,000,000 bytes) to its definitions element.

    Raises UnreadableDiagramError for what bpmn.parse_xml refuses, another root, more than 100,000 elements, 20,000
    cells or 200 decisions, and for ids that are missing or doubled.
    """
    xml = read_root(data)
    space = etree.QName(xml).namespace or ""
    root = Node(xml, space)
    if space not in NAMESPACES or root.kind != "definitions":
        raise _unreadable(
            "This XML file is not a DMN decision file of version 1.1 to 1.5; export it from the modeler as DMN.",
            "Tệp XML này không phải tệp quyết định DMN phiên bản 1.1 đến 1.5; hãy xuất lại ở định dạng DMN.",
        )
    _check_size(root)
    _check_ids(root)
    return root


def _check_size(root: Node) -> None:
    def count(*kinds: str) -> int:
        return sum(1 for _ in root.xml.iter(*(f"{{{root.space}}}{kind}" for kind in kinds)))

    texts = sum(len(each.text or "") for each in root.xml.iter(f"{{{root.space}}}text"))
    sizes = (sum(1 for _ in root.xml.iter("*")), count("inputEntry", "outputEntry"), texts, count("decision"))
    if any(size > most for size, most in zip(sizes, (MAX_NODES, MAX_CELLS, MAX_FEEL, MAX_DECISIONS), strict=True)):
        raise _unreadable(
            f"The decision file has more than {MAX_CELLS} cells, {MAX_DECISIONS} decisions or {MAX_FEEL} characters; "
            "split it.",
            f"Tệp quyết định có hơn {MAX_CELLS} ô, {MAX_DECISIONS} quyết định hoặc {MAX_FEEL} ký tự; hãy tách nhỏ.",
        )


def _check_ids(root: Node) -> None:
    ids = Counter(each.get("id") for each in root.xml.iter(f"{{{root.space}}}*") if each.get("id"))
    doubled = next((key for key, count in ids.items() if count > 1), None)
    if doubled:
        raise _unreadable(
            f'The id "{doubled}" is used twice; give each element its own id.',
            f"Mã “{doubled}” bị dùng hai lần; hãy đặt mã riêng cho từng phần tử.",
        )
    for kind in ("decision", "inputData"):
        if any(not each.id for each in root.all(kind)):
            raise _unreadable(f"A {kind} has no id; give it one.", f"Một phần tử {kind} không có mã (id); hãy đặt mã.")


def _unreadable(message: str, message_vi: str) -> UnreadableDiagramError:
    return UnreadableDiagramError(message, message_vi=message_vi)
