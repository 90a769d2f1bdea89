"""The steps of a procedure as its diagram tells them: what is done, by whom, in which case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from web.diagram_graph import Graph, Link, Node, read

DONE = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"}
)
BY_HAND = frozenset({"task", "userTask", "manualTask", "callActivity"})
WAITING = frozenset({"intermediateCatchEvent"})
CHOOSING = frozenset({"exclusiveGateway", "inclusiveGateway"})
MOST_REASONS = 2  # more are no help


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step in reading order. `always`: no way leads around it; `when`: what was asked and answered before it."""

    element_id: str
    name: str
    lane: str
    groups: tuple[str, ...]
    called: str
    by_hand: bool
    waits: bool
    always: bool
    when: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a token comes somewhere: an answer at a gateway, or something that happened; no text: nobody says."""

    text: str
    answer: Link | None = None


@lru_cache(maxsize=128)
def steps(xml: str, process_id: str) -> tuple[Step, ...]:
    """The named tasks, calls and waits of a process in their course; () when the diagram cannot be read."""
    graph = read(xml, process_id)
    goal = _goal(graph.nodes.values())
    return tuple(_step(graph, node, goal) for node in graph.course() if node.name and node.kind in DONE | WAITING)


def _step(graph: Graph, node: Node, goal: str) -> Step:
    always = goal not in graph.reached(without=node.id)
    return Step(
        element_id=node.id,
        name=node.name,
        lane=node.lane,
        groups=node.groups,
        called=node.called,
        by_hand=node.kind in BY_HAND,
        waits=node.kind in WAITING,
        always=always,
        when=() if always else _when(graph, node),
    )


def _goal(nodes: Iterable[Node]) -> str:
    """The end on the far right, where a case comes out that nothing has stopped."""
    ends = [node for node in nodes if node.kind == "endEvent" and not node.inner]
    return max(ends, key=lambda node: node.place).id if ends else ""


def _when(graph: Graph, node: Node) -> tuple[str, ...]:
    """The answers that lead here; () when one way leads here without any, or too many do."""
    reasons = _reasons(graph, node, frozenset())
    for _ in graph.nodes:  # where every answer leads here, what led to the question counts
        asked = next((one.answer.source for one in reasons if one.answer and _all_answers(graph, one, reasons)), None)
        if asked is None:
            break
        others = [one for one in reasons if not one.answer or one.answer.source != asked]
        reasons = others + _reasons(graph, graph.nodes[asked], frozenset({node.id}))
    texts = tuple(dict.fromkeys(reason.text for reason in reasons))
    return texts if "" not in texts and len(texts) <= MOST_REASONS else ()


def _all_answers(graph: Graph, reason: _Reason, reasons: list[_Reason]) -> bool:
    given = {one.answer for one in reasons}
    return reason.answer is not None and given.issuperset(graph.out_of(reason.answer.source))


def _reasons(graph: Graph, node: Node, seen: frozenset[str]) -> list[_Reason]:
    """The last answer or event before a node, on each way that leads to it."""
    found, todo, known = list[_Reason](), [node], {node.id, *seen}
    while todo:
        one = todo.pop(0)
        if one.host:
            found.append(_Reason(_late(graph.nodes[one.host], one)))
        elif not graph.into(one.id):
            found.append(_Reason(""))
        else:
            reasons, before = _before(graph, one)
            found += reasons
            todo += [source for source in before if source.id not in known]
            known.update(source.id for source in before)
    return found


def _before(graph: Graph, node: Node) -> tuple[list[_Reason], list[Node]]:
    """The reasons on the links into a node, and the nodes before it that give none."""
    reasons, before = list[_Reason](), list[Node]()
    for link in graph.into(node.id):
        source = graph.nodes[link.source]
        if source.kind in CHOOSING and len(graph.out_of(source.id)) > 1:
            reasons.append(_Reason(_said(source.name, link.name) if link.name else "", link))
        elif _raced(graph, source):
            reasons.append(_Reason(source.name))
        else:
            before.append(source)
    return reasons, before


def _late(host: Node, event: Node) -> str:
    return _said(host.name, f"quá {event.name}" if event.name[:1].isdigit() else event.name)


def _raced(graph: Graph, node: Node) -> bool:
    """Whether this event is one of several of which the first one counts."""
    return any(graph.nodes[link.source].kind == "eventBasedGateway" for link in graph.into(node.id))


def _said(question: str, answer: str) -> str:
    return " – ".join(filter(None, (question, answer)))
