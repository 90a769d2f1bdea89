"""Hardened XML reading: bytes → element tree without DTD, entities, network, comments or excessive size and depth."""

from __future__ import annotations

import codecs
import re

from lxml import etree

from bpmn.errors import UnreadableDiagramError

BPMN_NS = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI_NS = "http://www.omg.org/spec/BPMN/20100524/DI"
DC_NS = "http://www.omg.org/spec/DD/20100524/DC"
DI_NS = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE_NS = "http://camunda.org/schema/zeebe/1.0"
XSI_NS = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {"bpmn": BPMN_NS, "bpmndi": BPMNDI_NS, "dc": DC_NS, "di": DI_NS, "zeebe": ZEEBE_NS, "xsi": XSI_NS}

# A drawn row of 2,000 tasks, with what modelers write around each, has some 50,000 nodes in 3 MB.
MAX_BYTES = 5_000_000
MAX_DEPTH = 200
MAX_NODES = 60_000
MAX_PARTS = 25_000  # elements of BPMN and zeebe, all levels
MAX_STEPS = 5_000  # flow nodes and sequence flows; a large procedure has several hundred

# How the tags of flow nodes and sequence flows end.
_STEPS = ("}task", "Task", "Event", "Gateway", "ctivity", "rocess", "}transaction", "horeography", "}sequenceFlow")
_DECLARATION = re.compile(r"<\?xml\s[^>]*?\?>")
_ENCODING = re.compile(r"""encoding\s*=\s*["']([^"']*)["']""")
# Only codecs that keep ASCII as it is (and marked UTF-16): a DOCTYPE cannot hide in them.
_READABLE = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252", "windows-1258"})


def read(data: bytes) -> etree._ElementTree:
    """Read a diagram file (at most 5,000,000 bytes, UTF-8 as a rule) without its comments and instructions.

    Raises UnreadableDiagramError for any DOCTYPE, bad XML, another encoding, nesting deeper than 200, more than
    60,000 nodes, 25,000 of BPMN and zeebe or 5,000 flow nodes and flows, or a root that is not bpmn:definitions.
    """
    root = read_root(data)
    _check_count(root)
    if root.tag != f"{{{BPMN_NS}}}definitions":
        raise UnreadableDiagramError(
            "This XML file is not a BPMN 2.0 diagram; export it from the modeler as BPMN 2.0.",
            message_vi="Tệp XML này không phải sơ đồ BPMN 2.0; hãy xuất lại từ công cụ vẽ ở định dạng BPMN 2.0.",
        )
    return root.getroottree()


def read_root(data: bytes) -> etree._Element:
    """Read any XML file (at most 5,000,000 bytes) to its root, without comments and instructions.

    Raises UnreadableDiagramError for any DOCTYPE, bad XML, another encoding or nesting deeper than 200.
    """
    if len(data) > MAX_BYTES:
        raise UnreadableDiagramError(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB; split it or remove pictures from it.",
            message_vi=f"Tệp lớn hơn {MAX_BYTES // 1_000_000} MB; hãy tách nhỏ hoặc bỏ hình ảnh khỏi tệp.",
        )
    text = _decode(data)
    if _has_doctype(text):
        raise _doctype_refused()
    root = _parse(text)
    if root.getroottree().docinfo.internalDTD is not None:
        raise _doctype_refused()
    _check_depth(root)
    return root


def _decode(data: bytes) -> str:
    """Decode strictly by mark or declaration and drop the XML declaration, so that the parser never picks a codec."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        elif data.startswith(codecs.BOM_UTF8):
            text = data.decode("utf-8-sig")
        else:
            text = data.decode(_declared(data))
    except UnicodeDecodeError as error:
        raise _encoding_refused() from error
    declaration = _DECLARATION.match(text)
    if declaration is None:
        return text
    # The line breaks stay, so that line numbers in messages still fit the file.
    return "\n" * declaration[0].count("\n") + text[declaration.end() :]


def _declared(data: bytes) -> str:
    """Return the codec an XML declaration names, UTF-8 without one; raises for codecs that are not accepted."""
    declaration = _DECLARATION.match(data[:200].decode("latin-1"))
    encoding = None if declaration is None else _ENCODING.search(declaration[0])
    if encoding is None:
        return "utf-8"
    if encoding[1].lower() not in _READABLE:
        raise _encoding_refused()
    return encoding[1]


def _has_doctype(text: str) -> bool:
    """Tell whether a DOCTYPE stands in the prolog, the only place where XML allows one."""
    at = 0
    while True:
        while text[at : at + 1].isspace():
            at += 1
        for opening, closing in (("<!--", "-->"), ("<?", "?>")):
            if text.startswith(opening, at):
                end = text.find(closing, at + len(opening))
                break
        else:
            return text.startswith("<!", at)
        if end < 0:
            return False
        at = end + len(closing)


def _parse(text: str) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(text.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        detail = str(error)[:200]
        raise UnreadableDiagramError(
            f"The file is not well-formed XML ({detail}); save it again from the modeler.",
            message_vi=f"Tệp không phải XML hợp lệ ({detail}); hãy lưu lại từ công cụ vẽ sơ đồ.",
        ) from error


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise UnreadableDiagramError(
                f"Elements are nested deeper than {MAX_DEPTH} levels; simplify the diagram.",
                message_vi=f"Các phần tử lồng nhau quá {MAX_DEPTH} cấp; hãy đơn giản hóa sơ đồ.",
            )


def _check_count(root: etree._Element) -> None:
    """Refuse more elements than any procedure has, so that reading and linting stay within seconds."""
    nodes = sum(1 for _ in root.iter("*"))
    parts = [str(node.tag) for node in root.iter(f"{{{BPMN_NS}}}*", f"{{{ZEEBE_NS}}}*")]
    steps = sum(tag.endswith(_STEPS) for tag in parts)
    for count, most in ((steps, MAX_STEPS), (len(parts), MAX_PARTS), (nodes, MAX_NODES)):
        if count > most:
            raise UnreadableDiagramError(
                f"The diagram has more than {most} elements; split the process into called processes.",
                message_vi=f"Sơ đồ có hơn {most} phần tử; hãy tách thành nhiều quy trình gọi nhau.",
            )


def _encoding_refused() -> UnreadableDiagramError:
    return UnreadableDiagramError(
        "The file is not UTF-8 text; save it again as UTF-8.",
        message_vi="Tệp không phải văn bản UTF-8; hãy lưu lại với bảng mã UTF-8.",
    )


def _doctype_refused() -> UnreadableDiagramError:
    return UnreadableDiagramError(
        "The file has a DOCTYPE, which is refused for safety; remove it and save again.",
        message_vi="Tệp có khai báo DOCTYPE, bị từ chối vì lý do an toàn; hãy bỏ khai báo này rồi lưu lại.",
    )
