"""The steps of a procedure as its diagram tells them: what is done, by whom, in which case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from web.diagram_graph import Graph, Node, read

DONE = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"}
)
BY_HAND = frozenset({"task", "userTask", "manualTask", "callActivity"})
WAITING = frozenset({"intermediateCatchEvent", "receiveTask"})
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


@lru_cache(maxsize=128)
def steps(xml: str, process_id: str) -> tuple[Step, ...]:
    """The named tasks, calls and waits of a process from left to right; () when the diagram cannot be read."""
    graph = read(xml, process_id)
    shown = [node for node in graph.nodes.values() if node.name and node.kind in DONE | WAITING]
    goal = _goal(graph.nodes.values())
    return tuple(_step(graph, node, goal) for node in sorted(shown, key=lambda node: node.place))


def _step(graph: Graph, node: Node, goal: str) -> Step:
    always = goal not in graph.reached(without=node.id)
    reasons = () if always else tuple(dict.fromkeys(_reasons(graph, node, frozenset())))
    return Step(
        element_id=node.id,
        name=node.name,
        lane=node.lane,
        groups=node.groups,
        called=node.called,
        by_hand=node.kind in BY_HAND,
        waits=node.kind in WAITING,
        always=always,
        when=reasons if "" not in reasons and len(reasons) <= MOST_REASONS else (),
    )


def _goal(nodes: Iterable[Node]) -> str:
    """The end on the far right, where a case comes out that nothing has stopped."""
    ends = [node for node in nodes if node.kind == "endEvent" and not node.inner]
    return max(ends, key=lambda node: node.place).id if ends else ""


def _reasons(graph: Graph, node: Node, seen: frozenset[str]) -> list[str]:
    """Why a token comes here: the last answers before it; "" where one way leads here without any."""
    if node.host:
        return [_said(graph.nodes[node.host].name, f"quá {node.name}" if node.name[:1].isdigit() else node.name)]
    found: list[str] = []
    for link in graph.into(node.id):
        source = graph.nodes[link.source]
        if source.kind in CHOOSING and len(graph.out_of(source.id)) > 1:
            found.append(_said(source.name, link.name) if link.name else "")
        elif source.id not in seen:
            found += _reasons(graph, source, seen | {node.id}) or [""]
    return found


def _said(question: str, answer: str) -> str:
    return " – ".join(filter(None, (question, answer)))
