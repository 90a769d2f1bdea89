"""ProcessDefinition → specs of the library, one per element, made in a plain loop and checked before."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from bpmn.model import ProcessDefinition
from bpmn.parse import read
from bpmn.spiff.binding import bind
from bpmn.spiff.boundary import BoundaryMessage, BoundaryTimer
from bpmn.spiff.calls import ProcessCall
from bpmn.spiff.gateways import ExclusiveChoice, ParallelJoin
from bpmn.spiff.library import BpmnParser, ProcessParser, TaskParser, full_tag
from bpmn.spiff.spec import FlatProcessSpec, NoneEnd, NoneStart, TerminateEnd, TriggeredElsewhere
from bpmn.spiff.waits import CatchMessage, CatchTimer, ManualJob, ReceiveWork, RuleJob, SendJob, ServiceJob, UserWork

SPECS: Mapping[tuple[str, str], type] = {
    ("startEvent", "none"): NoneStart,
    ("endEvent", "none"): NoneEnd,
    ("endEvent", "terminate"): TerminateEnd,
    ("userTask", "none"): UserWork,
    ("serviceTask", "none"): ServiceJob,
    ("sendTask", "none"): SendJob,
    ("manualTask", "none"): ManualJob,
    ("businessRuleTask", "none"): RuleJob,
    ("receiveTask", "none"): ReceiveWork,
    ("intermediateCatchEvent", "message"): CatchMessage,
    ("intermediateCatchEvent", "timer"): CatchTimer,
    ("boundaryEvent", "message"): BoundaryMessage,
    ("boundaryEvent", "timer"): BoundaryTimer,
    ("exclusiveGateway", "none"): ExclusiveChoice,
    ("parallelGateway", "none"): ParallelJoin,
    ("callActivity", "none"): ProcessCall,
}


class ElementParser(TaskParser):
    """Makes the spec of one element and leaves its neighbours to the process parser, so no chain is too long."""

    def parse_node(self) -> Any:
        """Return the new spec, bound to the compiled facts of its element but not yet connected."""
        process = self.process_parser
        element = process.parser.definition.elements[self.bpmn_id]
        self.spec_class = SPECS[(element.kind, element.event)]
        self.task = self.create_task()
        self.task.binding = bind(element, process.parser.definition, process.watchers)
        return self.task

    def create_task(self) -> Any:
        element = self.process_parser.parser.definition.elements[self.bpmn_id]
        more: dict[str, Any] = {}
        if element.kind.endswith("Event") or element.kind in ("sendTask", "receiveTask"):
            more["event_definition"] = TriggeredElsewhere()
        if element.kind == "boundaryEvent":
            more["cancel_activity"] = element.interrupting
        if element.kind == "callActivity":
            more["subworkflow_spec"] = element.called_element
        return self.spec_class(self.spec, element.id, lane=element.lane, bpmn_name=element.name, **more)


class FlatProcessParser(ProcessParser):
    """Walks the elements in document order: first every spec, then every flow."""

    watchers: Mapping[str, list[str]]

    def create_spec(self) -> FlatProcessSpec:
        return FlatProcessSpec(self.bpmn_id, self.get_name())

    def add_tasks(self) -> None:
        definition: ProcessDefinition = self.parser.definition
        self.watchers = _watchers(definition)
        # Not get_node_by_id: an extension element may bear the same id as a flow node.
        for node in self.node:
            if node.tag in self.parser.PARSER_CLASSES and node.get("id") in definition.elements:
                self.parse_node(node)
        for flow in definition.flows.values():
            self.spec.task_specs[flow.source].connect(self.spec.task_specs[flow.target])
        self.spec.entry = next(each.id for each in definition.elements.values() if each.kind == "startEvent")


class DiagramParser(BpmnParser):
    """Reads one diagram for one process; tags that are not executed have no parser at all."""

    PARSER_CLASSES = {full_tag(kind): (ElementParser, spec) for (kind, _), spec in SPECS.items()}
    PROCESS_PARSER_CLASS = FlatProcessParser

    definition: ProcessDefinition

    def compile(self, definition: ProcessDefinition) -> FlatProcessSpec:
        """Return the spec of a checked definition. Raises StepError or UnsupportedElementError naming the element."""
        self.definition = definition
        root = read(definition.xml).getroot()
        # Only processes are read here: messages, lanes and the rest stand in the definition already.
        process = next(node for node in root.iter(full_tag("process")) if node.get("id") == definition.id)
        self.create_parser(process)
        spec: FlatProcessSpec = self.get_spec(definition.id)
        return spec


def _watchers(definition: ProcessDefinition) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for element in definition.elements.values():
        if element.kind == "boundaryEvent" and element.attached_to:
            found[element.attached_to].append(element.id)
    return found
