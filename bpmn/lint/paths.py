"""Rules about paths: starts, ends, reachability, borders of sub-processes, and loops that never wait."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bpmn.lint.view import HOSTS, Hit, View, hit, waits
from bpmn.model import Element, Flow
from bpmn.parse import SUB_PROCESSES
from bpmn.spiff.check import second_start


def check_levels(view: View) -> Iterator[Hit]:
    """The process and each of its sub-processes begins once and ends."""
    yield from _check_level(view, None, view.process.id, view.process.name or view.process.id)
    for element in view.process.elements.values():
        if element.kind in SUB_PROCESSES - {"adHocSubProcess"}:
            yield from _check_level(view, element.id, element.id, view.name(element.id))


def _check_level(view: View, level: str | None, key: str, name: str) -> Iterator[Hit]:
    inside = view.levels.get(level, ())
    starts = [element for element in inside if element.kind == "startEvent"]
    if not starts:
        yield hit("no-start", key, name=name)
    if second_start(starts) if level is None else len(starts) > 1:
        yield hit("several-starts", key, name=name)
    if not any(element.kind == "endEvent" for element in inside):
        yield hit("no-end", key, name=name)


def check_reachable(view: View) -> Iterator[Hit]:
    """Every element can be reached from a start event of its level; silent about levels that have none."""
    reached = _reached(view)
    begun = {element.parent for element in view.process.elements.values() if element.kind == "startEvent"}
    for element in view.process.elements.values():
        inside_reached = element.parent is None or element.parent in reached
        if element.id not in reached and element.parent in begun and inside_reached:
            yield hit("unreachable", element.id, name=view.name(element.id))


def _reached(view: View) -> frozenset[str]:
    reached: set[str] = set()
    ahead = [element.id for element in view.levels.get(None, ()) if _begins(view, element)]
    while ahead:
        key = ahead.pop()
        if key in reached:
            continue
        reached.add(key)
        element = view.process.elements[key]
        ahead += view.successors(element)
        ahead += (event.id for event in view.boundary.get(key, ()))
        ahead += (inner.id for inner in view.levels.get(key, ()) if _begins(view, inner))
    return frozenset(reached)


def _begins(view: View, element: Element) -> bool:
    """Tell whether tokens appear in an element without a flow: starts, event sub-processes, links, compensation."""
    if element.kind == "intermediateCatchEvent" and element.event == "link":
        return True
    return element.kind == "startEvent" or view.triggered(element) or view.compensates(element)


def check_ways(view: View, element: Element) -> Iterator[Hit]:
    """A token can leave every element but an end event, and none enters a start or a boundary event by a flow."""
    name = view.name(element.id)
    aside = view.triggered(element)
    if element.incoming and (aside or element.kind in ("startEvent", "boundaryEvent")):
        yield hit("flow-not-allowed", element.id, name=name, vi="vào", en="incoming")
    if element.kind == "endEvent" or aside:
        if element.outgoing:
            yield hit("flow-not-allowed", element.id, name=name, vi="ra", en="outgoing")
    elif not element.outgoing and not _may_stop(view, element):
        yield hit("dead-end", element.id, name=name)


def _may_stop(view: View, element: Element) -> bool:
    host = view.process.elements.get(element.parent or "")
    return view.compensates(element) or element.event == "link" or (host is not None and host.kind == "adHocSubProcess")


def check_flow(view: View, flow: Flow) -> Iterator[Hit]:
    """A sequence flow connects two elements of one level."""
    source, target = view.process.elements.get(flow.source), view.process.elements.get(flow.target)
    if source is None or target is None:
        yield hit("flow-dangling", flow.id, id=flow.id)
    elif source.parent != target.parent:
        yield hit("flow-crosses-border", flow.id, id=flow.id)


def check_boundary(view: View, element: Element) -> Iterator[Hit]:
    """A boundary event sits on an activity of its own level."""
    if element.kind != "boundaryEvent":
        return
    host = view.process.elements.get(element.attached_to or "")
    if host is None:
        yield hit("boundary-no-host", element.id, name=view.name(element.id))
    elif host.kind not in HOSTS or host.parent != element.parent or view.triggered(host):
        yield hit("boundary-bad-host", element.id, name=view.name(element.id), host=view.name(host.id))


def check_loops(view: View) -> Iterator[Hit]:
    """Every cycle holds an element that waits, or else it would run for ever within one step."""
    passing = {element.id: element for element in view.process.elements.values()}
    for element in view.process.elements.values():
        if waits(element) or element.kind == "boundaryEvent":
            _forget(passing, element)
    graph = {key: [to for to in view.successors(element) if to in passing] for key, element in passing.items()}
    for cycle in _cycles(graph):
        names = ", ".join(view.name(key) for key in cycle[:5]) + (", …" if len(cycle) > 5 else "")
        yield hit("endless-loop", cycle[0], names=names)


def _forget(passing: dict[str, Element], element: Element) -> None:
    """Drop a waiting element and every sub-process around it; a boundary event waits with its host."""
    passing.pop(element.id, None)
    while element.kind != "boundaryEvent" and element.parent in passing:
        element = passing.pop(element.parent)


def _cycles(graph: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Yield the members of every strongly connected part that holds a cycle, in the graph's order (Kosaraju)."""
    position = {key: index for index, key in enumerate(graph)}
    backward: dict[str, list[str]] = {key: [] for key in graph}
    for key, targets in graph.items():
        for target in targets:
            backward[target].append(key)
    seen: set[str] = set()
    for root in reversed(_finished(graph)):
        part, ahead = [], [root]
        while ahead:
            key = ahead.pop()
            if key not in seen:
                seen.add(key)
                part.append(key)
                ahead += backward[key]
        if len(part) > 1 or any(key in graph[key] for key in part):
            yield sorted(part, key=position.__getitem__)


def _finished(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the keys in the order a depth-first search leaves them; without recursion, for long chains."""
    seen: set[str] = set()
    order: list[str] = []
    for root in graph:
        stack = [] if root in seen else [(root, iter(graph[root]))]
        seen.add(root)
        while stack:
            key, rest = stack[-1]
            following = next((to for to in rest if to not in seen), None)
            if following is None:
                order.append(key)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(graph[following])))
    return order
