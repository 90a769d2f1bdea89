"""How a process begins: its start events as facts, the one that is chosen, and the slots of its start timers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bpmn.errors import StepError
from bpmn.model import Element, ProcessDefinition, StartFacts
from bpmn.spiff.cycle import read_cycle, read_instant, told
from bpmn.spiff.scope import CaseWorkflow


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
    value = engine.evaluate(workflow, workflow.spec.task_specs[element_id].binding.timer)
    cyclic = found.timer.kind == "cycle"

    def read(value: Any, now: datetime) -> datetime | None:
        if not cyclic:
            due: datetime | None = read_instant(value, now)
            return due if due is not None and due > after and due >= now else None
        return _cycle_slot(value, now, after)

    return told(read, value, engine.call.now, element_id)


def _cycle_slot(value: Any, effect: datetime, after: datetime) -> datetime | None:
    """The cycle may have an anchor long ago: it is read at its first slot not before it took effect."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a repeating interval such as R3/P1D")
    cycle = read_cycle(value.strip(), effect).at_zone(effect.tzinfo)
    if cycle.due > after and cycle.due >= effect:
        return cycle.due
    later = cycle.next_after(after)
    return later.due if later is not None and later.due >= effect else None


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
