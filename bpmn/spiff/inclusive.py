"""The inclusive gateway: takes every flow whose condition holds, joins what may still come and no more."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from bpmn.errors import StepError
from bpmn.model import ProcessDefinition
from bpmn.spiff.binding import Link
from bpmn.spiff.gateways import holds
from bpmn.spiff.library import InclusiveGateway, TaskState
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Scope, Token


class InclusiveChoice(TokenSpec, InclusiveGateway):
    """Waits, when it joins, until `released` lets it go; then takes every flow whose condition holds, or the default.

    `feeders` has for each incoming flow the elements from which a token may come over it without passing this gateway.
    """

    joins = True
    feeders: Mapping[str, frozenset[str]]

    def _update_hook(self, my_task: Token) -> bool:
        if len(self.binding.element.incoming) > 1:
            my_task._set_state(TaskState.WAITING)
            return False
        return True

    def _on_complete_hook(self, my_task: Token) -> None:
        for link in self._choose(my_task):
            my_task.workflow.place(link.target, link.flow_id)

    def _choose(self, token: Token) -> list[Link]:
        default = self.binding.default
        asked = [link for link in self.binding.links if link is not default]
        # All conditions are looked at before any flow is taken.
        chosen = [link for link in asked if link.condition is None or holds(token, link, link.condition)]
        if not chosen and default is None and self.binding.links:
            raise StepError(
                f'No condition of "{self.name}" holds and it has no default flow.',
                self.name,
                message_vi=f"Không điều kiện nào của “{self.name}” đúng và không có luồng mặc định.",
            )
        return chosen or ([default] if default is not None else [])


def released(scope: Scope) -> Token | None:
    """Return a token that may leave its inclusive gateway now, after taking one of each other flow with it.

    As the standard says: a gateway waits while some token may still come over a flow that has none, unless that token
    may come over a flow that has one as well.
    """
    tokens = scope.live()
    waiting: dict[str, dict[str | None, Token]] = defaultdict(dict)
    for token in tokens:
        if isinstance(token.task_spec, InclusiveChoice) and token.waiting:
            waiting[token.task_spec.name].setdefault(token.flow_id, token)
    for gateway_id, arrived in waiting.items():
        if not any(_blocks(token, gateway_id, arrived) for token in tokens):
            first, *rest = arrived.values()
            for token in rest:
                scope.discard(token)
            return first
    return None


def _blocks(token: Token, gateway_id: str, arrived: Mapping[str | None, Token]) -> bool:
    element_id = token.task_spec.name
    if element_id == gateway_id:
        return False
    gateway = next(iter(arrived.values())).task_spec
    open_ways = [flow_id for flow_id, feeders in gateway.feeders.items() if element_id in feeders]
    return bool(open_ways) and not any(flow_id in arrived for flow_id in open_ways)


def feeders_of(gateway_id: str, definition: ProcessDefinition) -> dict[str, frozenset[str]]:
    """Return for each incoming flow of a gateway the elements from which it can be reached without passing it."""
    return {
        flow_id: _before(definition.flows[flow_id].source, gateway_id, definition)
        for flow_id in definition.elements[gateway_id].incoming
    }


def _before(element_id: str, gateway_id: str, definition: ProcessDefinition) -> frozenset[str]:
    found: set[str] = set()
    ahead = [element_id]
    while ahead:
        key = ahead.pop()
        if key in found or key == gateway_id:
            continue
        found.add(key)
        element = definition.elements[key]
        ahead += [definition.flows[each].source for each in element.incoming]
        # A boundary event that watches counts for itself; a token at a link goes on where the link is caught.
        ahead += _links(key, definition)
    return frozenset(found)


def _links(element_id: str, definition: ProcessDefinition) -> list[str]:
    catch = definition.elements[element_id]
    if (catch.kind, catch.event) != ("intermediateCatchEvent", "link"):
        return []
    thrown = ("intermediateThrowEvent", "link", catch.parent, catch.trigger)
    everything = definition.elements.values()
    return [each.id for each in everything if (each.kind, each.event, each.parent, each.trigger) == thrown]
