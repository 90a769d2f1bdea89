"""What is drawn where: shapes, edges and labels of a diagram, read from its diagram interchange."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from tests.docs.geometry import Box, Point
from tests.docs.text_size import EXTERNAL, extent

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
FRAMES = ("participant", "lane", "group")
BESIDE = ("Event", "Gateway", "dataObjectReference", "dataStoreReference")  # kinds whose name stands beside the shape
NARROWEST = 90  # what the viewer gives a label without bounds


@dataclass(frozen=True, slots=True)
class Shape:
    """A drawn node or frame; `owner` is the lane or sub-process it belongs to."""

    id: str
    kind: str
    name: str
    box: Box
    owner: str = ""
    attached: str = ""
    expanded: bool = False

    @property
    def frame(self) -> bool:
        """Whether other things lie inside."""
        return self.kind in FRAMES or (self.expanded and "ubProcess" in self.kind)

    @property
    def form(self) -> str:
        """circle, diamond or box."""
        return "circle" if self.kind.endswith("Event") else "diamond" if self.kind.endswith("Gateway") else "box"


@dataclass(frozen=True, slots=True)
class Edge:
    """A drawn flow or association."""

    id: str
    kind: str
    name: str
    points: tuple[Point, ...]
    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text beside its shape or edge; the box is that of the text, not of the room given to it."""

    of: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Drawing:
    """One plane of a diagram."""

    shapes: Mapping[str, Shape]
    edges: Mapping[str, Edge]
    labels: tuple[Label, ...]


def read(diagram: bytes) -> Drawing:
    """The first plane of a diagram. ElementTree.ParseError when it is no XML."""
    root = ElementTree.fromstring(diagram)
    meant = {each.get("id", ""): each for each in root.iter() if str(each.tag).startswith(MODEL)}
    owners = dict(_owners(root))
    plane = root.find(f"{DI}BPMNDiagram/{DI}BPMNPlane")
    shapes, edges, labels = dict[str, Shape](), dict[str, Edge](), list[Label]()
    for one in () if plane is None else plane:
        key = (one.get("bpmnElement") or "").rpartition(":")[2]
        if key not in meant:
            continue
        if one.tag == f"{DI}BPMNShape":
            shapes[key] = _shape(one, key, meant[key], owners)
            labels += _label(one, shapes[key].name, _below(shapes[key])) if _beside(shapes[key].kind) else ()
        elif one.tag == f"{DI}BPMNEdge":
            edges[key] = _edge(one, key, meant[key])
            labels += _label(one, edges[key].name, _half_way(edges[key].points))
    return Drawing(shapes, edges, tuple(labels))


def _owners(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """What belongs to a sub-process, then what belongs to a lane: the innermost of both is the lane's within it."""
    for process in root.iter():
        if process.tag in (f"{MODEL}subProcess", f"{MODEL}adHocSubProcess", f"{MODEL}transaction"):
            yield from ((child.get("id", ""), process.get("id", "")) for child in process)
    for lane in root.iter(f"{MODEL}lane"):
        yield from (((ref.text or "").strip(), lane.get("id", "")) for ref in lane.findall(f"{MODEL}flowNodeRef"))


def _beside(kind: str) -> bool:
    return kind.endswith(BESIDE)


def _shape(one: ElementTree.Element, key: str, meant: ElementTree.Element, owners: Mapping[str, str]) -> Shape:
    kind = meant.tag.removeprefix(MODEL)
    return Shape(
        id=key, kind=kind, name=" ".join(meant.get("name", "").split()), box=_bounds(one), owner=owners.get(key, ""),
        attached=meant.get("attachedToRef", ""), expanded=one.get("isExpanded") == "true",
    )  # fmt: skip


def _edge(one: ElementTree.Element, key: str, meant: ElementTree.Element) -> Edge:
    points = tuple(Point(float(at.get("x", "0")), float(at.get("y", "0"))) for at in one.findall(WAYPOINT))
    kind, name = meant.tag.removeprefix(MODEL), " ".join(meant.get("name", "").split())
    return Edge(key, kind, name, points, meant.get("sourceRef", ""), meant.get("targetRef", ""))


def _bounds(one: ElementTree.Element) -> Box:
    found = one.find(f"{DC}Bounds")
    values = [0.0] * 4 if found is None else [float(found.get(key, "0")) for key in ("x", "y", "width", "height")]
    return Box.at(*values)


def _below(shape: Shape) -> Point:
    return Point((shape.box.left + shape.box.right) / 2, shape.box.bottom)


def _half_way(points: tuple[Point, ...]) -> Point:
    """Where the viewer puts the label of an edge: above a level middle, right of an upright one."""
    middle = len(points) / 2 - 1
    one, two = points[int(middle)], points[int(middle + 1)] if middle == int(middle) else points[int(middle) + 1]
    x, y = (one.x + two.x) / 2, (one.y + two.y) / 2 - 10
    return Point(x, y - 15) if one.x != two.x else Point(x + 15, y)


def _label(one: ElementTree.Element, text: str, otherwise: Point) -> Iterator[Label]:
    """The text as the viewer sets it: centred in its bounds, from their top."""
    if not text:
        return
    given = one.find(f"{DI}BPMNLabel")
    box = None if given is None or given.find(f"{DC}Bounds") is None else _bounds(given)
    room = NARROWEST if box is None else box.right - box.left
    middle, top = (otherwise.x, otherwise.y) if box is None else ((box.left + box.right) / 2, box.top)
    wide, high = extent(text, room, EXTERNAL)
    yield Label((one.get("bpmnElement") or "").rpartition(":")[2], text, Box.at(middle - wide / 2, top, wide, high))
