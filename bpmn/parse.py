"""Bytes → ProcessDefinition: the frozen facts of a diagram in BPMN 2.0 with the zeebe extension namespace."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from lxml import etree

from bpmn.errors import UnreadableDiagramError
from bpmn.model import Element, EventKind, Flow, Lane, MessageDefinition, ProcessDefinition
from bpmn.parse_node import (
    EVENT_KINDS,
    B,
    attribute,
    condition_of,
    extension,
    first,
    flag,
    local,
    loop,
    loop_definition,
    name_of,
    pairs,
    resolve,
    text_of,
    timer_of,
    trigger_of,
    triggers,
    unread,
    zeebe_facts,
)
from bpmn.parse_xml import BPMN_NS, BPMNDI_NS, DC_NS, DI_NS, NAMESPACES, XSI_NS, ZEEBE_NS, read

__all__ = [
    "BPMNDI_NS",
    "BPMN_NS",
    "DC_NS",
    "DI_NS",
    "NAMESPACES",
    "SUB_PROCESSES",
    "XSI_NS",
    "ZEEBE_NS",
    "definitions",
    "flow_nodes",
    "local",
    "parse",
    "read",
    "resolve",
]

SUB_PROCESSES: Final = frozenset({"subProcess", "adHocSubProcess", "transaction"})

_ACTIVITIES = SUB_PROCESSES | {"task", "callActivity", "subChoreography", "callChoreography"}


@lru_cache(maxsize=512)  # the facts are frozen, and the files of a catalog are asked for again and again
def parse(data: bytes) -> ProcessDefinition:
    """Read the one executable process of a diagram file; pools without an executable process may stand beside it.

    Raises UnreadableDiagramError when the file cannot be read, when it has no or several executable processes, or when
    ids are missing, doubled or lead nowhere.
    """
    tree = read(data)
    found = [definition for definition in definitions(tree, data) if definition.executable]
    if len(found) != 1:
        raise UnreadableDiagramError(
            f"The file has {len(found)} executable processes; exactly one is needed.",
            message_vi=f"Tệp có {len(found)} quy trình được đánh dấu thực thi; cần đúng một quy trình.",
        )
    _check_references(tree, found[0])
    return found[0]


def definitions(tree: etree._ElementTree, data: bytes) -> tuple[ProcessDefinition, ...]:
    """Read every process of a tree made by `read(data)`, executable or not, in document order.

    Lenient: nodes without id are left out, of doubled ids the first counts, references may lead nowhere ("" when
    absent), unknown kinds are kept under their tag. Names are NFC with single spaces; ids and expressions are as
    written. Raises nothing.
    """
    root = tree.getroot()
    reader = _Reader(root, hashlib.sha256(data).hexdigest(), data)
    return tuple(reader.process(node) for node in root.findall(f"{B}process"))


def flow_nodes(container: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    """Yield (node, id of its embedding sub-process or None) for every flow node of a process, in document order."""
    return _walk(container, None)


def _walk(container: etree._Element, parent: str | None) -> Iterator[tuple[etree._Element, str | None]]:
    for node in container:
        kind = local(node)
        if kind in _ACTIVITIES or kind.endswith(("Task", "Event", "Gateway")):
            yield node, parent
        if kind in SUB_PROCESSES:
            yield from _walk(node, node.get("id"))


def _check_references(tree: etree._ElementTree, process: ProcessDefinition) -> None:
    """Refuse what the lenient reading would silently drop from a process that is going to run."""
    doubled = [key for key, count in Counter(_ids(tree)).items() if count > 1]
    if doubled:
        raise UnreadableDiagramError(
            f'The id "{doubled[0]}" is used twice; give each element its own id.',
            doubled[0],
            message_vi=f"Mã “{doubled[0]}” bị dùng hai lần; hãy đặt mã riêng cho từng phần tử.",
        )
    for part in _parts(tree):
        if not part.get("id"):
            raise UnreadableDiagramError(
                f"A {local(part)} has no id; give it one.",
                message_vi=f"Một phần tử {local(part)} không có mã (id); hãy đặt mã cho phần tử này.",
            )
    for flow in process.flows.values():
        if flow.source not in process.elements or flow.target not in process.elements:
            raise UnreadableDiagramError(
                f'The flow "{flow.id}" is not connected at both ends; connect it or delete it.',
                flow.id,
                message_vi=f"Luồng “{flow.id}” chưa nối đủ hai đầu; hãy nối lại hoặc xóa luồng này.",
            )


def _ids(tree: etree._ElementTree) -> list[str]:
    return [node.get("id") or "" for node in tree.getroot().iter(f"{B}*") if node.get("id")]


def _parts(tree: etree._ElementTree) -> Iterator[etree._Element]:
    """Yield every process of the file with its flow nodes and sequence flows."""
    for process in tree.getroot().findall(f"{B}process"):
        yield process
        yield from (node for node, _ in flow_nodes(process))
        yield from process.iter(f"{B}sequenceFlow")


def _flows(process: etree._Element, nodes: Mapping[str, Any]) -> dict[str, Flow]:
    flows: dict[str, Flow] = {}
    for node in process.iter(f"{B}sequenceFlow"):
        key = node.get("id")
        source, target = (resolve(node.get(end) or "", nodes) for end in ("sourceRef", "targetRef"))
        condition = text_of(node.find(f"{B}conditionExpression")) or None
        if key:
            flows.setdefault(key, Flow(key, name_of(node), source, target, condition))
    return flows


def _ends(flows: Mapping[str, Flow]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    incoming: dict[str, list[str]] = defaultdict(list)
    outgoing: dict[str, list[str]] = defaultdict(list)
    for flow in flows.values():
        incoming[flow.target].append(flow.id)
        outgoing[flow.source].append(flow.id)
    return incoming, outgoing


def _lane(node: etree._Element) -> Lane:
    return Lane(node.get("id") or "", name_of(node), tuple(text_of(each) for each in node.findall(f"{B}flowNodeRef")))


def _message(node: etree._Element) -> MessageDefinition:
    key = attribute(first(extension(node, "subscription")), "correlationKey")
    return MessageDefinition(node.get("id") or "", name_of(node), key)


class _Reader:
    """Reads the processes of one file; knows the file's messages, shared event definitions and drawn ids."""

    def __init__(self, root: etree._Element, digest: str, data: bytes) -> None:
        self._digest, self._data = digest, data
        self._shared = {each.get("id") or "": each for each in root if local(each).endswith("EventDefinition")}
        self._messages = {each.get("id") or "": _message(each) for each in root.findall(f"{B}message[@id]")}
        self._triggers = triggers(root)
        drawn = (*root.iter(f"{{{BPMNDI_NS}}}BPMNShape"), *root.iter(f"{{{BPMNDI_NS}}}BPMNEdge"))
        self._shapes = frozenset((each.get("bpmnElement") or "").rpartition(":")[2] for each in drawn) - {""}

    def process(self, node: etree._Element) -> ProcessDefinition:
        nodes: dict[str, tuple[etree._Element, str | None]] = {}
        for each, parent in flow_nodes(node):
            if each.get("id"):
                nodes.setdefault(each.get("id") or "", (each, parent))
        flows = _flows(node, nodes)
        incoming, outgoing = _ends(flows)
        lanes = tuple(_lane(each) for each in node.iter(f"{B}lane"))
        lane_of = {element: lane.name for lane in lanes for element in lane.element_ids if lane.name}
        elements: dict[str, Element] = {}
        for key, (each, parent) in nodes.items():
            element = self._element(each, flows=flows, known=nodes)
            lane = lane_of.get(key) or (elements[parent].lane if parent in elements else None)
            ends = tuple(incoming[key]), tuple(outgoing[key])
            elements[key] = replace(element, parent=parent, lane=lane, incoming=ends[0], outgoing=ends[1])
        return ProcessDefinition(
            id=node.get("id") or "",
            name=name_of(node),
            executable=flag(node, "isExecutable", False),
            elements=elements,
            flows=flows,
            lanes=lanes,
            shapes=self._shapes,
            properties=pairs(node, "properties/property", "name"),
            documentation=text_of(node.find(f"{B}documentation")),
            digest=self._digest,
            xml=self._data,
        )

    def _element(self, node: etree._Element, *, flows: Mapping[str, Flow], known: Mapping[str, Any]) -> Element:
        event, definition = self._event(node)
        message_of = definition if event == "message" else node
        default, host = attribute(node, "default"), attribute(node, "attachedToRef")
        return Element(
            id=node.get("id") or "",
            kind=local(node),
            name=name_of(node),
            event=event,
            loop=loop(node),
            loop_definition=loop_definition(node),
            trigger=trigger_of(definition, event, self._triggers),
            triggered=flag(node, "triggeredByEvent", False),
            default_flow=resolve(default, flows) if default else None,
            attached_to=resolve(host, known) if host else None,
            interrupting=flag(node, "cancelActivity", True) and flag(node, "isInterrupting", True),
            timer=timer_of(definition) if event == "timer" else None,
            condition=condition_of(definition) if event == "conditional" else None,
            message=self._messages.get(resolve(attribute(message_of, "messageRef") or "", self._messages)),
            documentation=text_of(node.find(f"{B}documentation")),
            unread=unread(node),
            **zeebe_facts(node),
        )

    def _event(self, node: etree._Element) -> tuple[EventKind, etree._Element | None]:
        found = [each for each in node if local(each).endswith("EventDefinition")]
        for reference in node.findall(f"{B}eventDefinitionRef"):
            shared = self._shared.get(resolve(text_of(reference), self._shared))
            found.append(reference if shared is None else shared)
        if not found:
            return "none", None
        # An unknown definition counts as "multiple": no such event is ever executed, so it is refused, not ignored.
        return (EVENT_KINDS.get(local(found[0]), "multiple") if len(found) == 1 else "multiple"), found[0]
