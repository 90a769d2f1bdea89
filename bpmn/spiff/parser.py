"""ProcessDefinition → specs of the library, one per element, made in a plain loop and checked before."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpmn.dmn import DecisionModel
from bpmn.model import Element, ProcessDefinition
from bpmn.parse import flow_nodes, read
from bpmn.spiff.binding import bind, watched
from bpmn.spiff.conditional import CONDITION
from bpmn.spiff.inclusive import InclusiveChoice, feeders_of
from bpmn.spiff.kinds import GUARDS, SPECS, spec_of
from bpmn.spiff.library import BpmnParser, ProcessParser, TaskParser, full_tag
from bpmn.spiff.loops import MultiInstance, StandardLoop
from bpmn.spiff.spec import FlatProcessSpec, TriggeredElsewhere, TriggeredStart
from bpmn.spiff.throwing import ThrowLink

EVERY = "*"  # the level that holds the instances of a repeated activity


class ElementParser(TaskParser):
    """Makes the spec of one element and leaves its neighbours to the process parser, so no chain is too long."""

    def parse_node(self) -> Any:
        """Return the new spec, bound to the compiled facts of its element but not yet connected."""
        process, definition = self.process_parser, self.process_parser.parser.definition
        element = definition.elements[self.bpmn_id]
        binding = bind(element, definition, process.watchers, process.parser.decisions)
        level = process.level(element.parent)
        if element.loop != "none":
            around, level = level, process.level(element.id + EVERY, kind="loop")
            level.entry = element.id
            spec_class = StandardLoop if element.loop == "standard" else MultiInstance
            spec = spec_class(around, element.id, level.name, lane=element.lane, bpmn_name=element.name)
            spec.binding = binding
            binding = replace(binding, links=(), default=None, boundaries=(), watches=None)
            binding = replace(binding, repeated=True, local=binding.loop.local)
        begins = element.kind == "startEvent" and element.event != "none"
        self.make(TriggeredStart if begins else spec_of(element), level, binding)
        self.guard(element, binding)
        return level.task_specs[element.id]

    def make(self, spec_class: type, level: FlatProcessSpec, binding: Any) -> Any:
        """Make one spec of a class on a level."""
        element: Element = binding.element
        more: dict[str, Any] = {}
        if element.kind.endswith("Event") or element.kind in ("sendTask", "receiveTask", "eventBasedGateway"):
            more["event_definition"] = TriggeredElsewhere()
        if element.kind == "boundaryEvent":
            more["cancel_activity"] = element.interrupting
        if element.kind == "callActivity":
            more["subworkflow_spec"] = element.called_element
        if element.kind == "subProcess":
            more["subworkflow_spec"] = self.process_parser.level(element.id).name
        spec = spec_class(level, element.id, lane=element.lane, bpmn_name=element.name, **more)
        spec.binding = binding
        level.conditional = level.conditional or spec.catches == CONDITION
        return spec

    def guard(self, element: Element, binding: Any) -> None:
        """Put the start event of an event sub-process as a guard on the level around it, too."""
        process = self.process_parser
        handler = process.parser.definition.elements.get(element.parent or "")
        if element.kind == "startEvent" and handler is not None and handler.triggered:
            around = process.level(handler.parent)
            around.guards.append(element.id)
            self.make(GUARDS[element.event], around, binding)


class FlatProcessParser(ProcessParser):
    """Walks the elements in document order: first every spec, then every flow."""

    watchers: Mapping[str, list[str]]

    def create_spec(self) -> FlatProcessSpec:
        return FlatProcessSpec(self.bpmn_id, self.bpmn_id, description=self.get_name())

    def level(self, element_id: str | None, kind: str = "embedded") -> FlatProcessSpec:
        """Return the level inside an element, made when first asked for; None: the process itself."""
        if element_id is None:
            return self.spec  # type: ignore[no-any-return]  # the library carries no types
        name = f"{self.bpmn_id}/{element_id}"
        levels: dict[str, FlatProcessSpec] = self.spec.levels
        if name not in levels:
            levels[name] = FlatProcessSpec(name, self.bpmn_id, kind=kind)
        return levels[name]

    def add_tasks(self) -> None:
        definition: ProcessDefinition = self.parser.definition
        self.watchers = _watchers(definition)
        # Not get_node_by_id: an extension element may bear the same id as a flow node.
        for node, _ in flow_nodes(self.node):
            ElementParser(self, None, node, self.nsmap, lane=self.lane).parse_node()
        for flow in definition.flows.values():
            specs = self.level(definition.elements[flow.source].parent).task_specs
            specs[flow.source].connect(specs[flow.target])
        for element in definition.elements.values():
            self._finish(element, definition)

    def _finish(self, element: Element, definition: ProcessDefinition) -> None:
        level = self.level(element.parent)
        spec = level.task_specs[element.id]
        if element.kind == "startEvent" and (element.event == "none" or element.parent is not None):
            level.entry = element.id
        if isinstance(spec, InclusiveChoice):
            level.inclusive = True
            spec.feeders = feeders_of(element.id, definition)
        if isinstance(spec, ThrowLink):
            spec.target = next(
                each.id
                for each in definition.elements.values()
                if (each.kind, each.event, each.parent, each.trigger)
                == ("intermediateCatchEvent", "link", element.parent, element.trigger)
            )


class DiagramParser(BpmnParser):
    """Reads one diagram for one process; tags that are not executed have no parser at all."""

    PARSER_CLASSES = {full_tag(kind): (ElementParser, spec) for (kind, _), spec in SPECS.items()}
    PROCESS_PARSER_CLASS = FlatProcessParser

    definition: ProcessDefinition
    decisions: Mapping[str, DecisionModel]

    def compile(self, definition: ProcessDefinition, decisions: Mapping[str, DecisionModel]) -> FlatProcessSpec:
        """Return the spec of a checked definition; decision files by the decisions in them.

        Raises StepError or UnsupportedElementError naming the element.
        """
        self.definition, self.decisions = definition, decisions
        root = read(definition.xml).getroot()
        # Only processes are read here: messages, lanes and the rest stand in the definition already.
        process = next(node for node in root.iter(full_tag("process")) if node.get("id") == definition.id)
        self.create_parser(process)
        spec: FlatProcessSpec = self.get_spec(definition.id)
        return spec


def _watchers(definition: ProcessDefinition) -> Mapping[str, list[str]]:
    """Return what watches while a token is at an element: boundary events, and what an event gateway leads to."""
    found: dict[str, list[str]] = defaultdict(list)
    for element in definition.elements.values():
        host = watched(element, definition)
        if host is not None:
            found[host].append(element.id)
    return found
