"""What an element of a diagram means to its spec, compiled once: its flows, expressions and boundary events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bpmn.dmn import Decision, DecisionModel
from bpmn.errors import UnsupportedElementError
from bpmn.model import Element, IoMapping, LoopDefinition, ProcessDefinition, TimerDefinition
from bpmn.spiff import formula as formulas
from bpmn.spiff.cycle import read_cycle
from bpmn.spiff.decisions import compiled
from bpmn.spiff.formula import Formula, read_formula
from bpmn.spiff.instant import read_instant, told
from bpmn.spiff.period import ADD_DAYS, ADD_HOURS, EVERY_DAY, WorkingDays
from bpmn.spiff.timing import Timing, timing_of

_TEXTS = ("candidate_groups", "assignee", "due_date", "follow_up_date", "priority", "job_type", "job_retries")
_PATH = re.compile(r"=\s*([^\W\d]\w*)(?:\.\w+)*\s*")
_SOME_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_SOME_CALENDAR = WorkingDays(
    {
        ADD_DAYS: lambda day, count: datetime.combine(day, time(), UTC) + timedelta(days=count),
        ADD_HOURS: lambda at, hours: at + timedelta(hours=float(hours)),
    }
)
_NO_TIMING = Timing()


@dataclass(frozen=True, slots=True)
class Link:
    """An outgoing flow; `condition` only where the element chooses by it."""

    flow_id: str
    target: str
    condition: Formula | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The compiled loop marker of an element; `maximum` None: without end."""

    condition: Formula | None = None
    test_before: bool = False
    maximum: int | None = None
    cardinality: Formula | None = None
    collection: Formula | None = None
    element: str | None = None
    results: str | None = None
    result: Formula | None = None

    @property
    def local(self) -> frozenset[str]:
        """The variables every instance has for itself: its counter, its element, and the one its result is made of."""
        found = {"loopCounter", *([self.element] if self.element else [])}
        path = _PATH.fullmatch(self.result.text) if self.result else None
        return frozenset(found | ({path[1]} if path else set()))


_NO_LOOP = Loop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """The compiled facts of one element; `texts` holds the formulas of its zeebe attributes by field name."""

    element: Element
    process_id: str
    links: tuple[Link, ...]
    default: Link | None
    texts: Mapping[str, Formula]
    inputs: tuple[formulas.Mapping, ...]
    outputs: tuple[formulas.Mapping, ...]
    timer: Formula | None
    correlation: Formula | None
    condition: Formula | None
    boundaries: tuple[str, ...]  # what watches while a token is here: boundary events, events behind an event gateway
    watches: str | None = None  # the element this one watches likewise
    loop: Loop = _NO_LOOP
    decision: Decision | None = None  # of a business rule task that makes it itself
    repeated: bool = False  # an instance of a loop
    local: frozenset[str] = frozenset()  # variables of such an instance alone
    timing: Timing = _NO_TIMING
    position: int = 0  # of a conditional event: its place in the document


def bind(
    element: Element,
    definition: ProcessDefinition,
    watchers: Mapping[str, list[str]],
    decisions: Mapping[str, DecisionModel],
) -> Binding:
    """Compile one element. Raises StepError or UnsupportedElementError naming it."""
    links = tuple(_link(flow_id, element, definition) for flow_id in element.outgoing)
    message, timer = element.message, element.timer
    timing = timing_of(element.properties) if timer else _NO_TIMING
    key = message.correlation_key if message else None
    return Binding(
        element=element,
        process_id=definition.id,
        links=links,
        default=next((link for link in links if link.flow_id == element.default_flow), None),
        texts={name: read_formula(text, element.id) for name in _TEXTS if (text := getattr(element, name))},
        inputs=_mappings(element.inputs, element.id),
        outputs=_mappings(element.outputs, element.id),
        timer=_timer(timer, element.id, timing) if timer else None,
        timing=timing,
        correlation=read_formula(key, element.id) if key else None,
        condition=read_formula(element.condition, element.id) if element.condition else None,
        boundaries=tuple(watchers.get(element.id, ())),
        watches=watched(element, definition),
        loop=_loop(element.loop_definition, element.id) if element.loop_definition else _NO_LOOP,
        decision=compiled(element, decisions),
        position=tuple(definition.elements).index(element.id) if element.condition else 0,
    )


def _loop(drawn: LoopDefinition, element_id: str) -> Loop:
    def read(text: str | None) -> Formula | None:
        return read_formula(text, element_id) if text else None

    return Loop(
        condition=read(drawn.condition),
        test_before=drawn.test_before,
        maximum=int(drawn.maximum) if drawn.maximum else None,
        cardinality=read(drawn.cardinality),
        collection=read(drawn.input_collection),
        element=drawn.input_element,
        results=drawn.output_collection,
        result=read(drawn.output_element),
    )


def watched(element: Element, definition: ProcessDefinition) -> str | None:
    """Return the activity a boundary event sits on, or the event gateway that leads to an element."""
    sources = (definition.elements[definition.flows[flow_id].source] for flow_id in element.incoming)
    return element.attached_to or next((each.id for each in sources if each.kind == "eventBasedGateway"), None)


def _timer(timer: TimerDefinition, element_id: str, timing: Timing) -> Formula:
    """Compile a timer; a static text is tried out, so that a misprint is found before a case waits on it."""
    formula = read_formula(timer.expression, element_id)
    if formula.expression is None:
        read = read_cycle if timer.kind == "cycle" else read_instant
        days = _SOME_CALENDAR if timing.working else EVERY_DAY
        told(lambda text, now: read(text, now, days), formula.text, _SOME_DAY, element_id)
    return formula


def _link(flow_id: str, element: Element, definition: ProcessDefinition) -> Link:
    flow = definition.flows[flow_id]
    # BPMN ignores a condition on the default flow.
    asked = flow.condition is not None and flow_id != element.default_flow
    return Link(flow_id, flow.target, read_formula(flow.condition or "", element.id) if asked else None)


def _mappings(found: tuple[IoMapping, ...], element_id: str) -> tuple[formulas.Mapping, ...]:
    for each in found:
        if not each.target.isidentifier():
            raise UnsupportedElementError(
                f'"{element_id}" maps into "{each.target}"; only plain variable names are written.',
                element_id,
                message_vi=f"“{element_id}” ghi vào “{each.target}”; chỉ ghi được vào tên biến đơn.",
            )
    return tuple(formulas.Mapping(each.target, read_formula(each.source, element_id)) for each in found)
