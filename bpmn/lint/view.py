"""What the rules look at: one process of one file, what the caller knows about its surroundings, and hits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from bpmn.model import Element, Flow, ProcessDefinition
from bpmn.parse import SUB_PROCESSES, flow_nodes
from bpmn.runner import EXECUTED
from bpmn.spiff.decisions import decides

# What a standing wait looks like; every other element lets a token pass at once.
WAITS: Final = frozenset({
    "userTask", "receiveTask", "serviceTask", "sendTask", "manualTask", "businessRuleTask", "callActivity",
    "eventBasedGateway",
})  # fmt: skip
CHOOSING: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})
HOSTS: Final = SUB_PROCESSES | {
    "task", "userTask", "serviceTask", "sendTask", "receiveTask", "manualTask", "scriptTask", "businessRuleTask",
    "callActivity",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LintContext:
    """What is known around the diagram; None switches the checks that need it off.

    groups: group id → Vietnamese name. variables: names the process may read. functions: FEEL functions beyond the
    built-in ones. executed: (element kind, event kind) pairs that the runner executes.
    """

    groups: Mapping[str, str] | None = None
    form_ids: frozenset[str] | None = None
    process_ids: frozenset[str] | None = None
    decision_ids: frozenset[str] | None = None
    variables: frozenset[str] | None = None
    functions: frozenset[str] = frozenset()
    executed: frozenset[tuple[str, str]] = EXECUTED


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that bites: the element and the words its message needs."""

    rule: str
    element_id: str
    words: Mapping[str, object]


def hit(rule: str, element_id: str, /, **words: object) -> Hit:
    """Make a hit; `words` fill the templates of `texts.RULES[rule]`."""
    return Hit(rule, element_id, words)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One process with the XML nodes behind its elements and the levels of its sub-processes."""

    process: ProcessDefinition
    rules: LintContext
    nodes: Mapping[str, etree._Element]
    levels: Mapping[str | None, tuple[Element, ...]]  # elements by embedding sub-process
    boundary: Mapping[str, tuple[Element, ...]] = field(default_factory=dict)  # boundary events by host
    reads_feel: bool = True  # False when the file holds more FEEL than can be compiled in a second

    def name(self, key: str) -> str:
        """Return what a person calls an element or flow: its name, or else its id."""
        part: Element | Flow | None = self.process.elements.get(key) or self.process.flows.get(key)
        return (part.name if part else "") or key

    def triggered(self, element: Element) -> bool:
        """Tell whether a sub-process is an event sub-process."""
        return self.attribute(element, "triggeredByEvent") == "true"

    def compensates(self, element: Element) -> bool:
        """Tell whether an activity runs for compensation only."""
        return self.attribute(element, "isForCompensation") == "true"

    def attribute(self, element: Element, name: str) -> str | None:
        """Return an attribute of the element's XML node."""
        return self.nodes[element.id].get(name)

    def successors(self, element: Element) -> Iterator[str]:
        """Yield the ids of the elements its outgoing flows lead to."""
        for key in element.outgoing:
            if self.process.flows[key].target in self.process.elements:
                yield self.process.flows[key].target


def view(process: ProcessDefinition, node: etree._Element, rules: LintContext) -> View:
    """Prepare one process for its rules; `node` is its bpmn:process element."""
    nodes: dict[str, etree._Element] = {}
    for each, _ in flow_nodes(node):
        nodes.setdefault(each.get("id") or "", each)
    levels: dict[str | None, list[Element]] = defaultdict(list)
    boundary: dict[str, list[Element]] = defaultdict(list)
    for element in process.elements.values():
        levels[element.parent].append(element)
        if element.attached_to:
            boundary[element.attached_to].append(element)
    return View(
        process=process,
        rules=rules,
        nodes=nodes,
        levels={key: tuple(found) for key, found in levels.items()},
        boundary={key: tuple(found) for key, found in boundary.items()},
    )


def waits(element: Element) -> bool:
    """Tell whether a token rests in the element until somebody, a machine, time or a message moves it."""
    if decides(element):
        return False
    if element.kind == "intermediateCatchEvent":
        return element.event not in ("none", "link")
    return element.kind in WAITS or (element.kind == "intermediateThrowEvent" and element.event == "message")
