"""A diagram as nodes and links, for pages that tell its course. Deployed diagrams have passed the hardened reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
NOT_NODES = frozenset({"sequenceFlow", "laneSet", "extensionElements", "incoming", "outgoing", "documentation"})
Element = ElementTree.Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A flow node; `place` orders nodes as people read the picture; `inner`: it lies in a sub-process."""

    id: str
    kind: str
    name: str
    lane: str
    groups: tuple[str, ...]
    called: str
    host: str
    inner: bool
    place: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A way from one node to another."""

    source: str
    target: str
    name: str = ""


class Graph:
    """Nodes by id, and the links between them; a sub-process is entered at its starts and left from its ends."""

    def __init__(self, nodes: Mapping[str, Node], links: list[Link]) -> None:
        self.nodes = nodes
        self._links = [link for link in links if link.source in nodes and link.target in nodes]
        self._into: dict[str, list[Link]] = {key: [] for key in nodes}
        self._out_of: dict[str, list[Link]] = {key: [] for key in nodes}
        for link in self._links:
            self._into[link.target].append(link)
            self._out_of[link.source].append(link)

    def into(self, node_id: str) -> list[Link]:
        """Links that end here."""
        return self._into[node_id]

    def out_of(self, node_id: str) -> list[Link]:
        """Links that begin here."""
        return self._out_of[node_id]

    def course(self) -> list[Node]:
        """All nodes, each after those that lead to it but for ways back; what is free to come goes by its place."""
        left = {link for link in self._links if link not in self._back()}
        waiting, course = dict(self.nodes), list[Node]()
        while waiting:
            held = {link.target for link in left if link.source in waiting}
            free = [node for key, node in waiting.items() if key not in held] or list(waiting.values())
            course.append(min(free, key=lambda node: node.place))
            del waiting[course[-1].id]
        return course

    def _back(self) -> set[Link]:
        """Links that lead back to where a token has been: found by following every way from the starts."""
        back, done = set[Link](), set[str]()
        for node in sorted(self.nodes.values(), key=lambda node: (bool(self.into(node.id)), node.place)):
            trail = [(node.id, iter(self.out_of(node.id)))] if node.id not in done else []
            while trail:
                link = next(trail[-1][1], None)
                if link is None:
                    done.add(trail.pop()[0])
                elif link.target in [key for key, _ in trail]:
                    back.add(link)
                elif link.target not in done:
                    trail.append((link.target, iter(self.out_of(link.target))))
        return back

    def reached(self, without: str) -> frozenset[str]:
        """What a token can reach when it cannot enter one node; a parallel join waits for all its ways."""
        seen = {node for node in self.nodes if node != without and self._begins(node)}
        todo = list(seen)
        while todo:
            for link in self.out_of(todo.pop()):
                if link.target not in seen | {without} and self._enters(link.target, seen):
                    seen.add(link.target)
                    todo.append(link.target)
        return frozenset(seen)

    def _begins(self, node_id: str) -> bool:
        return self.nodes[node_id].kind == "startEvent" and not self.into(node_id)

    def _enters(self, node_id: str, seen: set[str]) -> bool:
        ways = [link.source in seen for link in self.into(node_id)]
        return all(ways) if self.nodes[node_id].kind == "parallelGateway" else any(ways)


def read(xml: str, process_id: str) -> Graph:
    """The graph of one process; an empty one when there is no such process or no diagram."""
    try:
        root = ElementTree.fromstring(xml)
    except ElementTree.ParseError:
        return Graph({}, [])
    process = next((one for one in root.iter(f"{MODEL}process") if one.get("id") == process_id), None)
    if process is None:
        return Graph({}, [])
    lanes = {
        (ref.text or "").strip(): named(lane)
        for lane in process.iter(f"{MODEL}lane")
        for ref in lane.findall(f"{MODEL}flowNodeRef")
    }
    nodes = {node.id: node for node in _nodes(process, lanes, dict(_places(root)), None)}
    return Graph(nodes, [*_links(process)])


def _nodes(
    holder: Element, lanes: Mapping[str, str], places: Mapping[str, tuple[float, ...]], outer: Node | None
) -> Iterator[Node]:
    for number, one in enumerate(holder):
        kind, key = str(one.tag).removeprefix(MODEL), one.get("id", "")
        if kind in NOT_NODES or not key or not str(one.tag).startswith(MODEL):
            continue
        inside = (*outer.place, number) if outer else (float(number),)
        node = Node(
            id=key,
            kind=kind,
            name=named(one),
            lane=lanes.get(key) or (outer.lane if outer else ""),
            groups=_groups(one),
            called=_extension(one, "calledElement", "processId"),
            host=one.get("attachedToRef", ""),
            inner=outer is not None,
            place=places.get(key, inside),
        )
        yield node
        yield from _nodes(one, lanes, places, node) if kind == "subProcess" else ()


def _links(holder: Element) -> Iterator[Link]:
    """Flows as drawn, boundary events from their hosts, and the ways into and out of sub-processes."""
    subs = {one.get("id", ""): one for one in holder.findall(f"{MODEL}subProcess")}
    for flow in holder.findall(f"{MODEL}sequenceFlow"):
        source, target = flow.get("sourceRef", ""), flow.get("targetRef", "")
        ends = _ids(subs[source], "endEvent") if source in subs else []
        yield from (Link(one, target, named(flow)) for one in ends or [source])
    for event in holder.findall(f"{MODEL}boundaryEvent"):
        yield Link(event.get("attachedToRef", ""), event.get("id", ""))
    for key, sub in subs.items():
        yield from (Link(key, one) for one in _ids(sub, "startEvent"))
        yield from _links(sub)


def _ids(holder: Element, kind: str) -> list[str]:
    return [one.get("id", "") for one in holder.findall(f"{MODEL}{kind}")]


def _places(root: Element) -> Iterator[tuple[str, tuple[float, ...]]]:
    """Where each shape of the first plane lies: from left to right, then downwards."""
    plane = root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    for shape in () if plane is None else plane.findall(f"{DI}BPMNShape"):
        bounds = shape.find(BOUNDS)
        if bounds is not None:
            x, y, width, height = (float(bounds.get(key, "0")) for key in ("x", "y", "width", "height"))
            yield shape.get("bpmnElement", ""), (x + width / 2, y + height / 2)


def named(one: Element) -> str:
    """What is written on an element, in one line."""
    return " ".join(one.get("name", "").split())


def _groups(one: Element) -> tuple[str, ...]:
    text = _extension(one, "assignmentDefinition", "candidateGroups")
    return () if text.startswith("=") else tuple(filter(None, (part.strip() for part in text.split(","))))


def _extension(one: Element, tag: str, attribute: str) -> str:
    found = one.find(f"{MODEL}extensionElements/{ZEEBE}{tag}")
    return "" if found is None else found.get(attribute, "")
