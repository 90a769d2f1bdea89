"""Judges how a diagram is laid out, from its diagram interchange alone, as a person would who looks at it.

Run: python -m tests.docs.layout FILE…: one line per finding; the exit code is 1 when there are any.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tests.docs.drawn import Drawing, Edge, Shape, read
from tests.docs.geometry import Box, Point, Segment, crossing, segments, shared_length, touches
from tests.docs.text_size import EMBEDDED, extent, lines, width

SLACK = 2.0  # pixels that nobody sees
NEAR = 6.0  # pixels that look like touching
LONG = 20.0  # a level piece this long is seen
FAR = 50.0  # pixels between a shape and its label
BACK = 10.0  # an edge may step back so far without running backwards
MARKER = 22.0  # room of the sign below a text: sub-process, call, instances
PADDING = 7.0


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that disturbs: what, between which elements, where."""

    kind: str
    elements: tuple[str, ...]
    at: Point | None = None

    def __str__(self) -> str:
        place = "" if self.at is None else f" at {self.at.x:.0f},{self.at.y:.0f}"
        return f"{self.kind}: {' / '.join(self.elements)}{place}"


def judge(diagram: bytes) -> list[Finding]:
    """Everything that disturbs in a diagram, each once."""
    drawing = read(diagram)
    checks = (
        crossings,
        shared_exits,
        edges_over_shapes,
        too_close,
        on_borders,
        labels,
        labels_over_labels,
        labels_far_away,
        backwards,
        slanted,
        outside,
        shapes_over_shapes,
        texts,
    )
    return list(dict.fromkeys(found for check in checks for found in check(drawing)))


def crossings(drawing: Drawing) -> Iterator[Finding]:
    """Edges that cross, or run along one line without a common end."""
    for one, two in combinations(drawing.edges.values(), 2):
        related = one.target == two.target or one.source == two.source
        for a in segments(one.points):
            for b in segments(two.points):
                point = crossing(a, b)
                if point is not None and not (related and _at_an_end(point, a, b)):
                    yield Finding("crossing", (one.id, two.id), Point(round(point.x), round(point.y)))
                if shared_length(a, b) > SLACK and not related:
                    yield Finding("edge-on-edge", (one.id, two.id))


def shared_exits(drawing: Drawing) -> Iterator[Finding]:
    """Advice: flows that leave one shape on the same line, so that nobody sees which answer leads where."""
    flows = [edge for edge in drawing.edges.values() if edge.kind == "sequenceFlow" and edge.name]
    for one, two in combinations(flows, 2):
        if one.source == two.source:
            shared = sum(shared_length(a, b) for a in segments(one.points) for b in segments(two.points))
            if shared > LONG:
                yield Finding("shared-exit", (one.id, two.id))


def _at_an_end(point: Point, *pieces: Segment) -> bool:
    """Edges of one source or target may meet: one of them ends, begins or turns there."""
    ends = [end for piece in pieces for end in (piece.a, piece.b)]
    return any(abs(end.x - point.x) <= SLACK and abs(end.y - point.y) <= SLACK for end in ends)


def edges_over_shapes(drawing: Drawing) -> Iterator[Finding]:
    """Edges that run over what they do not belong to, or through what they do."""
    for edge in drawing.edges.values():
        pieces = segments(edge.points)
        for shape in drawing.shapes.values():
            if shape.frame and not _enters(edge, shape, drawing):
                continue
            box = shape.box.grown(-SLACK)  # an edge ends on the outline of its own shapes
            if any(touches(box, shape.form, step) for piece in pieces for step in piece.pieces()):
                yield Finding("edge-over-shape", (edge.id, shape.id))


def too_close(drawing: Drawing) -> Iterator[Finding]:
    """Edges that brush a shape they do not belong to."""
    for edge in drawing.edges.values():
        steps = [step for piece in segments(edge.points) for step in piece.pieces()]
        for shape in drawing.shapes.values():
            if shape.frame or shape.id in _own(edge, drawing):
                continue
            near = any(touches(shape.box.grown(NEAR), shape.form, step) for step in steps)
            if near and not any(touches(shape.box.grown(-SLACK), shape.form, step) for step in steps):
                yield Finding("too-close", (edge.id, shape.id))


def _own(edge: Edge, drawing: Drawing) -> set[str]:
    """What an edge may touch: its ends, the hosts they hang on, the boundary events that hang on them."""
    ends = {edge.source, edge.target}
    hosts = {drawing.shapes[end].attached for end in ends if end in drawing.shapes}
    hanging = {shape.id for shape in drawing.shapes.values() if shape.attached and shape.attached in ends | hosts}
    return ends | hosts | hanging


def on_borders(drawing: Drawing) -> Iterator[Finding]:
    """Level pieces of edges that run along the border of a lane."""
    for edge in drawing.edges.values():
        for lane in drawing.shapes.values():
            if lane.kind == "lane" and any(_along(piece, lane.box) for piece in segments(edge.points)):
                yield Finding("edge-on-border", (edge.id, lane.id))


def _along(piece: Segment, box: Box) -> bool:
    on = any(abs(piece.a.y - border) <= NEAR / 2 for border in (box.top, box.bottom))
    return on and piece.a.y == piece.b.y and abs(piece.a.x - piece.b.x) > LONG


def _enters(edge: Edge, frame: Shape, drawing: Drawing) -> bool:
    """Whether a sub-process is none of the edge's business: neither end is it or lies in it."""
    if "ubProcess" not in frame.kind:
        return False
    ends = [drawing.shapes[end] for end in (edge.source, edge.target) if end in drawing.shapes]
    return not any(frame.id in (end.id, end.attached) or frame.box.holds(end.box) for end in ends)


def labels_over_labels(drawing: Drawing) -> Iterator[Finding]:
    """Labels that lie on each other."""
    for one, two in combinations(drawing.labels, 2):
        if one.box.grown(-1).meets(two.box.grown(-1)):
            yield Finding("label-on-label", (one.of, two.of))


def labels_far_away(drawing: Drawing) -> Iterator[Finding]:
    """Labels so far from their shape that nobody knows whose they are."""
    for label in drawing.labels:
        shape = drawing.shapes.get(label.of)
        if shape is not None and not shape.box.grown(FAR).meets(label.box):
            yield Finding("label-far", (label.of,))


def labels(drawing: Drawing) -> Iterator[Finding]:
    """Labels on lines, on shapes, or out of the picture."""
    pool = [shape.box for shape in drawing.shapes.values() if shape.kind == "participant"]
    for label in drawing.labels:
        box = label.box.grown(-1)
        for edge in drawing.edges.values():
            if any(box.meets(step) for piece in segments(edge.points) for step in piece.pieces()):
                yield Finding("label-on-line", (label.of, edge.id))
        for shape in drawing.shapes.values():
            if not shape.frame and touches(shape.box, shape.form, box):
                yield Finding("label-on-shape", (label.of, shape.id))
        if pool and not any(each.holds(box) for each in pool):
            yield Finding("label-outside", (label.of,))


def backwards(drawing: Drawing) -> Iterator[Finding]:
    """Edges that run from right to left although nothing is done again."""
    follows: dict[str, set[str]] = {}
    for edge in drawing.edges.values():
        follows.setdefault(edge.source, set()).add(edge.target)
    for shape in drawing.shapes.values():
        if shape.attached:
            follows.setdefault(shape.attached, set()).add(shape.id)
    for edge in drawing.edges.values():
        back = max((a.x - b.x for a, b in zip(edge.points, edge.points[1:], strict=False)), default=0.0)
        if edge.kind == "sequenceFlow" and back > BACK and edge.source not in _reached(edge.target, follows):
            yield Finding("backwards", (edge.id,))


def _reached(start: str, follows: dict[str, set[str]]) -> set[str]:
    seen, todo = {start}, [start]
    while todo:
        more = follows.get(todo.pop(), set()) - seen
        seen |= more
        todo += more
    return seen


def slanted(drawing: Drawing) -> Iterator[Finding]:
    """Flows that are neither level nor upright."""
    for edge in drawing.edges.values():
        if edge.kind == "sequenceFlow" and any(p.a.x != p.b.x and p.a.y != p.b.y for p in segments(edge.points)):
            yield Finding("slanted", (edge.id,))


def outside(drawing: Drawing) -> Iterator[Finding]:
    """Shapes that stick out of the lane or sub-process they belong to; a boundary event goes with its host."""
    for shape in drawing.shapes.values():
        owner = drawing.shapes.get(shape.owner)
        if owner is not None and owner.frame and not shape.attached and not owner.box.holds(shape.box):
            yield Finding("outside", (shape.id, owner.id))
        host = drawing.shapes.get(shape.attached)
        if shape.attached and (host is None or not host.box.grown(SLACK).meets(shape.box)):
            yield Finding("outside", (shape.id, shape.attached))


def shapes_over_shapes(drawing: Drawing) -> Iterator[Finding]:
    """Shapes that lie on each other."""
    nodes = [shape for shape in drawing.shapes.values() if not shape.frame]
    for one, two in combinations(nodes, 2):
        if one.id != two.attached and two.id != one.attached and one.box.meets(two.box):
            yield Finding("shape-on-shape", (one.id, two.id))
    lanes = [shape for shape in drawing.shapes.values() if shape.kind == "lane"]
    for one, two in combinations(lanes, 2):
        nested = one.box.holds(two.box) or two.box.holds(one.box)
        if one.box.grown(-SLACK).meets(two.box.grown(-SLACK)) and not nested:
            yield Finding("shape-on-shape", (one.id, two.id))


def texts(drawing: Drawing) -> Iterator[Finding]:
    """Names that are too long for their task or their lane's head."""
    for shape in drawing.shapes.values():
        across, down = shape.box.right - shape.box.left, shape.box.bottom - shape.box.top
        if shape.kind in ("lane", "participant"):
            if len(lines(shape.name, down, EMBEDDED)) > 2:
                yield Finding("text-too-long", (shape.id,))
        elif shape.form == "box" and not shape.frame and shape.kind.endswith(("Task", "task", "Activity", "ubProcess")):
            marked = MARKER if shape.kind in ("callActivity", "subProcess") else 0
            room = across - 2 * PADDING
            words = max((width(word, EMBEDDED) for word in shape.name.replace("-", "- ").split()), default=0.0)
            if words > room or extent(shape.name, room, EMBEDDED)[1] > down - 2 * marked - 1:
                yield Finding("text-too-long", (shape.id,))


def main(files: list[str]) -> int:
    """Print what disturbs in these files."""
    count = 0
    for name in files:
        for found in judge(Path(name).read_bytes()):
            print(f"{name}: {found}")
            count += 1
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
