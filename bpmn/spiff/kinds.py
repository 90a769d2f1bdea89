"""Which class executes which kind of element; what is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.model import Element
from bpmn.spiff import boundary, calls, conditional, deciding, gateways, inclusive, spec, throwing, waits
from bpmn.spiff.decisions import decides

SPECS: Mapping[tuple[str, str], type] = {
    ("startEvent", "none"): spec.NoneStart,
    ("endEvent", "none"): spec.NoneEnd,
    ("endEvent", "terminate"): spec.TerminateEnd,
    ("userTask", "none"): waits.UserWork,
    ("serviceTask", "none"): waits.ServiceJob,
    ("sendTask", "none"): waits.SendJob,
    ("manualTask", "none"): waits.ManualJob,
    ("businessRuleTask", "none"): waits.RuleJob,
    ("receiveTask", "none"): waits.ReceiveWork,
    ("intermediateCatchEvent", "message"): waits.CatchMessage,
    ("intermediateCatchEvent", "timer"): waits.CatchTimer,
    ("boundaryEvent", "message"): boundary.BoundaryMessage,
    ("boundaryEvent", "timer"): boundary.BoundaryTimer,
    ("exclusiveGateway", "none"): gateways.ExclusiveChoice,
    ("parallelGateway", "none"): gateways.ParallelJoin,
    ("inclusiveGateway", "none"): inclusive.InclusiveChoice,
    ("callActivity", "none"): calls.ProcessCall,
    ("subProcess", "none"): calls.SubProcess,
    ("endEvent", "error"): throwing.EndError,
    ("boundaryEvent", "error"): boundary.BoundaryError,
    ("endEvent", "escalation"): throwing.EndEscalation,
    ("intermediateThrowEvent", "escalation"): throwing.ThrowEscalation,
    ("boundaryEvent", "escalation"): boundary.BoundaryEscalation,
    ("endEvent", "signal"): throwing.EndSignal,
    ("intermediateThrowEvent", "signal"): throwing.ThrowSignal,
    ("intermediateCatchEvent", "signal"): waits.CatchSignal,
    ("boundaryEvent", "signal"): boundary.BoundarySignal,
    ("intermediateCatchEvent", "conditional"): conditional.CatchCondition,
    ("boundaryEvent", "conditional"): conditional.BoundaryCondition,
    ("intermediateThrowEvent", "link"): throwing.ThrowLink,
    ("intermediateCatchEvent", "link"): throwing.CatchLink,
    ("intermediateThrowEvent", "none"): throwing.ThrowNothing,
    ("intermediateThrowEvent", "message"): waits.ThrowMessage,
    ("endEvent", "message"): waits.EndMessage,
    ("eventBasedGateway", "none"): waits.EventChoice,
}


def spec_of(element: Element) -> type:
    """Return the class that executes an element: a business rule task is a job, or makes its decision itself."""
    return deciding.DecidedTask if decides(element) else SPECS[(element.kind, element.event)]


# Start events that only stand in event sub-processes, by event kind.
GUARDS: Mapping[str, type] = {
    "message": boundary.GuardMessage,
    "timer": boundary.GuardTimer,
    "error": boundary.GuardError,
    "escalation": boundary.GuardEscalation,
    "signal": boundary.GuardSignal,
    "conditional": conditional.GuardCondition,
}
# What may begin a process itself. A sub-process, and a process that is called, begins without a trigger.
STARTS: frozenset[str] = frozenset({"none", "message", "timer", "signal"})
LOOPS: frozenset[str] = frozenset({"standard", "parallel", "sequential"})
EXECUTED: frozenset[tuple[str, str]] = frozenset(SPECS)
