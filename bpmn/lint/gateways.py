"""Rules about gateways, their default flows and the conditions on flows."""

from __future__ import annotations

from collections.abc import Iterator

from bpmn.lint.view import CHOOSING, HOSTS, Hit, View, hit
from bpmn.model import Element, Flow


def check_choice(view: View, element: Element) -> Iterator[Hit]:
    """A choosing gateway has a default flow, and its other flows have conditions."""
    flows = [view.process.flows[key] for key in element.outgoing]
    name = view.name(element.id)
    if element.default_flow is not None and element.default_flow not in element.outgoing:
        yield hit("default-unknown", element.id, name=name, flow=element.default_flow)
    elif element.default_flow is not None and element.kind not in CHOOSING:
        yield hit("default-ignored", element.id, name=name, flow=element.default_flow)
    if element.kind not in CHOOSING:
        return
    splits = len(flows) > 1
    if element.default_flow is None and (splits or any(flow.condition for flow in flows)):
        yield hit("gateway-no-default", element.id, name=name)
    for flow in flows:
        if splits and flow.condition is None and flow.id != element.default_flow:
            yield hit("condition-missing", flow.id, flow=view.name(flow.id), name=name)


def check_condition(view: View, flow: Flow) -> Iterator[Hit]:
    """A condition stands only where it is looked at: on the chosen flows of a choosing gateway."""
    source = view.process.elements.get(flow.source)
    if flow.condition is None or source is None:
        return
    if source.kind not in CHOOSING:
        yield hit("condition-ignored", flow.id, flow=view.name(flow.id), name=view.name(source.id))
    elif source.default_flow == flow.id:
        yield hit("default-with-condition", flow.id, flow=view.name(flow.id))


def check_parallel(view: View, element: Element) -> Iterator[Hit]:
    """A parallel gateway splits or joins."""
    if element.kind == "parallelGateway" and len(element.incoming) < 2 and len(element.outgoing) < 2:
        yield hit("parallel-needless", element.id, name=view.name(element.id))


def check_event_gateway(view: View, element: Element) -> Iterator[Hit]:
    """Only elements that wait for an event follow an event gateway."""
    if element.kind != "eventBasedGateway":
        return
    for key in view.successors(element):
        if view.process.elements[key].kind not in ("intermediateCatchEvent", "receiveTask"):
            yield hit("event-gateway-target", element.id, name=view.name(element.id), target=view.name(key))


def check_join(view: View, element: Element) -> Iterator[Hit]:
    """A task with several incoming flows runs once for each, which is seldom meant; of start events only one begins."""
    sources = [view.process.elements.get(view.process.flows[key].source) for key in element.incoming]
    starts = sum(source is not None and source.kind == "startEvent" for source in sources)
    if element.kind in HOSTS and len(sources) - max(0, starts - 1) > 1:
        yield hit("fake-join", element.id, name=view.name(element.id))
