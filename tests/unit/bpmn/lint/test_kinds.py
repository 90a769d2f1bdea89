"""What the runner does not execute is refused by name: kinds, events, markers."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bpmn.lint import LintContext, lint

END = "</bpmn:process>"
EVENTS = (
    "error",
    "escalation",
    "signal",
    "conditional",
    "link",
    "compensate",
    "cancel",
    "terminate",
    "timer",
    "message",
)
KINDS = (
    "task", "manualTask", "scriptTask", "businessRuleTask", "complexGateway", "inclusiveGateway", "eventBasedGateway",
    "subProcess", "transaction", "adHocSubProcess", "choreographyTask", "subChoreography", "callChoreography",
    "intermediateThrowEvent", "brandNewTask",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_refused_unless_the_runner_executes_them(kind: str, spoil: Callable[..., bytes]) -> None:
    data = spoil(('<bpmn:userTask id="verify_facts"', f'<bpmn:{kind} id="verify_facts"'))
    data = re.sub(
        rb'(<bpmn:\w+ id="verify_facts".*?)</bpmn:userTask>',
        rb"\1</bpmn:" + kind.encode() + b">",
        data,
        flags=re.DOTALL,
    )
    assert ("not-executed", "verify_facts") in found(data, LintContext(executed=frozenset()))
    assert ("not-executed", "verify_facts") not in found(data, LintContext(executed=frozenset({(kind, "none")})))


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("place", ["endEvent", "intermediateCatchEvent"])
def test_event_kinds_are_refused_unless_the_runner_executes_them(
    event: str, place: str, spoil: Callable[..., bytes]
) -> None:
    drawn = f'<bpmn:{place} id="e9"><bpmn:{event}EventDefinition/></bpmn:{place}>'
    data = spoil((END, drawn + END))
    assert ("not-executed", "e9") in found(data, LintContext(executed=frozenset()))
    assert ("not-executed", "e9") not in found(data, LintContext(executed=frozenset({(place, event)})))


@pytest.mark.parametrize(
    "definitions",
    ["<bpmn:timerEventDefinition/><bpmn:signalEventDefinition/>", "<bpmn:brandNewEventDefinition/>",
     "<bpmn:eventDefinitionRef>gone</bpmn:eventDefinitionRef>"],
)  # fmt: skip
def test_events_of_several_or_unknown_kinds_are_refused(definitions: str, spoil: Callable[..., bytes]) -> None:
    data = spoil((END, f'<bpmn:endEvent id="e9">{definitions}</bpmn:endEvent>' + END))
    assert ("not-executed", "e9") in found(data, LintContext())


@pytest.mark.parametrize(
    "marker",
    ["<bpmn:multiInstanceLoopCharacteristics/>", '<bpmn:multiInstanceLoopCharacteristics isSequential="true"/>',
     "<bpmn:standardLoopCharacteristics/>"],
)  # fmt: skip
def test_loop_markers_that_say_nothing_are_refused(
    marker: str, spoil: Callable[..., bytes], surroundings: LintContext
) -> None:
    data = spoil(("</bpmn:callActivity>", marker + "</bpmn:callActivity>"))
    assert ("cannot-run", "call_intake") in found(data, surroundings)


def test_compensation_marker_is_refused(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    data = spoil(('id="assess_fee"', 'id="assess_fee" isForCompensation="true"'))
    assert ("not-executed", "assess_fee") in found(data, surroundings)


def found(data: bytes, rules: LintContext) -> set[tuple[str, str]]:
    return {(each.rule, each.element_id) for each in lint(data, "p.bpmn", rules)}
