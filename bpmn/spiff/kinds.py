"""Which class executes which kind of element; what is not here is refused."""

from __future__ import annotations

from collections.abc import Mapping

from bpmn.spiff import boundary, calls, gateways, inclusive, spec, throwing, waits

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
}
# Start events that only stand in event sub-processes, by event kind.
GUARDS: Mapping[str, type] = {}
LOOPS: frozenset[str] = frozenset()
EXECUTED: frozenset[tuple[str, str]] = frozenset(SPECS)
