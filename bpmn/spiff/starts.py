"""How a process begins: its start events as facts, the one that is chosen, and the slots of its start timers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bpmn.errors import StepError
from bpmn.model import Element, ProcessDefinition, StartFacts
from bpmn.spiff.cycle import Cycle
from bpmn.spiff.engine import Call
from bpmn.spiff.scope import CaseWorkflow
from bpmn.spiff.timing import Timing


def start_facts(definition: ProcessDefinition) -> tuple[StartFacts, ...]:
    """Return the start events of the process itself, in document order."""
    starts = (each for each in definition.elements.values() if (each.kind, each.parent) == ("startEvent", None))
    return tuple(_facts(each) for each in starts)


def _facts(element: Element) -> StartFacts:
    name = (element.message.name if element.message else element.trigger) or ""
    kind: Any = element.event  # checked: none, message, timer or signal
    return StartFacts(element_id=element.id, kind=kind, name=name, timer=element.timer)


def begin_at(
    workflow: CaseWorkflow, starts: Iterable[StartFacts], element_id: str | None, payload: Mapping[str, Any]
) -> None:
    """Put the first token at a start event; None: at the one without a trigger. Raises StepError."""
    found = _found(workflow, starts, element_id)
    if found.kind != "none":
        binding, engine = workflow.spec.task_specs[found.element_id].binding, workflow.script_engine
        # What begins the process is known to everything in it, to its event sub-processes, too.
        workflow.write(engine.mapped(workflow, binding.outputs, payload) if binding.outputs else payload)
    workflow.begin(found.element_id)


def slot_after(
    workflow: CaseWorkflow, starts: Iterable[StartFacts], element_id: str, after: datetime
) -> datetime | None:
    """Return the first slot of a start timer later than `after` and not before this call's instant, or None."""
    found = _found(workflow, starts, element_id)
    if found.timer is None:
        raise StepError(f'"{element_id}" is no timer.', element_id, message_vi=f"“{element_id}” không phải hẹn giờ.")
    engine = workflow.script_engine
    binding = workflow.spec.task_specs[element_id].binding
    value = engine.evaluate(workflow, binding.timer)
    if found.timer.kind != "cycle":
        due: datetime = binding.timing.instant(value, engine.call, element_id)
        return due if _ahead(due, after, engine.call.now) else None
    # The cycle may have an anchor long ago: it is read at its first slot not before it took effect.
    cycle: Cycle = binding.timing.cycle(str(value).strip(), engine.call, element_id)
    return _cycle_slot(binding.timing, cycle, after, engine.call, element_id)


def _cycle_slot(timing: Timing, cycle: Cycle, after: datetime, call: Call, element_id: str) -> datetime | None:
    if _ahead(cycle.due, after, call.now):
        return cycle.due
    later = timing.next(cycle, replace(call, now=after.astimezone(call.now.tzinfo)), element_id)
    return later.due if later is not None and _ahead(later.due, after, call.now) else None


def _ahead(due: datetime, after: datetime, effect: datetime) -> bool:
    due = due.astimezone(UTC)  # where clocks go back, wall times do not tell which is later
    return due > after.astimezone(UTC) and due >= effect.astimezone(UTC)


def _found(workflow: CaseWorkflow, starts: Iterable[StartFacts], element_id: str | None) -> StartFacts:
    for each in starts:
        if each.element_id == element_id or (element_id is None and each.kind == "none"):
            return each
    process = workflow.spec.process_id
    if element_id is None:
        raise StepError(
            f'The process "{process}" is begun by events only.',
            message_vi=f"Quy trình “{process}” chỉ bắt đầu bằng sự kiện, không bắt đầu khi nộp hồ sơ.",
        )
    raise StepError(
        f'The process "{process}" has no start event "{element_id}".',
        element_id,
        message_vi=f"Quy trình “{process}” không có sự kiện bắt đầu “{element_id}”.",
    )
