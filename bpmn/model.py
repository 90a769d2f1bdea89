"""Frozen facts of a diagram, and what a step of its run opens, closes and visits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

EventKind = Literal[
    "none", "message", "timer", "error", "escalation", "signal", "conditional", "link", "terminate", "compensate",
    "cancel", "multiple",
]  # fmt: skip
LoopKind = Literal["none", "standard", "parallel", "sequential"]
TimerKind = Literal["date", "duration", "cycle"]


@dataclass(frozen=True, slots=True)
class IoMapping:
    """zeebe:input or zeebe:output: `source` is FEEL behind "=" (or a static text), `target` a variable name."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class TimerDefinition:
    """A timer as drawn: its kind and its text (ISO 8601, or FEEL with a leading '=')."""

    kind: TimerKind
    expression: str


@dataclass(frozen=True, slots=True)
class MessageDefinition:
    """bpmn:message with its zeebe:subscription correlation key (FEEL with a leading '='), if any."""

    id: str
    name: str
    correlation_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopDefinition:
    """What a loop marker says. Expressions keep their leading "="; instances count in `loopCounter` from 1."""

    condition: str | None = None  # standard loop: goes on while it holds; multi-instance: over as soon as it holds
    test_before: bool = False
    maximum: str | None = None  # as written
    cardinality: str | None = None
    input_collection: str | None = None  # zeebe:loopCharacteristics
    input_element: str | None = None
    output_collection: str | None = None
    output_element: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; `condition` is FEEL with its leading '=', or None."""

    id: str
    name: str
    source: str
    target: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its name is the Vietnamese name of a group of catalog/_shared/groups.toml."""

    id: str
    name: str
    element_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """A flow node. Expressions keep their leading '='; a text without it is static."""

    id: str
    kind: str  # local tag: startEvent, endEvent, userTask, serviceTask, sendTask, receiveTask, exclusiveGateway, ...
    name: str = ""
    event: EventKind = "none"
    loop: LoopKind = "none"
    loop_definition: LoopDefinition | None = None
    trigger: str | None = None  # code of an error or escalation, name of a signal or link; None: any; "": none is given
    triggered: bool = False  # an event sub-process
    lane: str | None = None  # name of its lane
    parent: str | None = None  # id of the embedding subProcess, None at process level
    incoming: tuple[str, ...] = ()  # flow ids, in document order of the flows
    outgoing: tuple[str, ...] = ()
    default_flow: str | None = None
    attached_to: str | None = None  # boundary events
    interrupting: bool = True  # boundary events and event sub-process starts
    timer: TimerDefinition | None = None
    message: MessageDefinition | None = None
    condition: str | None = None  # of a conditional event
    candidate_groups: str | None = None  # zeebe:assignmentDefinition, "a, b" or FEEL
    assignee: str | None = None
    due_date: str | None = None  # zeebe:taskSchedule
    follow_up_date: str | None = None
    priority: str | None = None  # zeebe:priorityDefinition, 0..100
    form_id: str | None = None  # zeebe:formDefinition formId
    job_type: str | None = None  # zeebe:taskDefinition type
    job_retries: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # zeebe:taskHeaders
    called_element: str | None = None  # zeebe:calledElement processId
    decision_id: str | None = None  # zeebe:calledDecision
    result_variable: str | None = None
    propagate_all_parent: bool = True
    propagate_all_child: bool = False
    inputs: tuple[IoMapping, ...] = ()
    outputs: tuple[IoMapping, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)  # zeebe:properties
    documentation: str = ""
    unread: tuple[str, ...] = ()  # tags and attributes of the standard on it that nothing here acts on


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessDefinition:
    """One process of one diagram. `xml` is the source; `digest` its SHA-256 in hex."""

    id: str
    name: str
    executable: bool
    elements: Mapping[str, Element]  # in document order
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...]
    shapes: frozenset[str]  # ids of elements and flows that are drawn (have a shape or an edge)
    properties: Mapping[str, str]
    documentation: str
    digest: str
    xml: bytes = field(repr=False)

    def __hash__(self) -> int:
        return hash((self.id, self.digest))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProcessDefinition) and (self.id, self.digest) == (other.id, other.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartFacts:
    """A start event of a process itself: by what it begins. `name`: of the message or signal; a timer as drawn."""

    element_id: str
    kind: Literal["none", "message", "timer", "signal"]
    name: str = ""
    timer: TimerDefinition | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of lint; `message` is Vietnamese, `message_en` English; `element_id` is "" for the file itself."""

    file: str
    element_id: str
    rule: str
    severity: Literal["error", "warning"]
    message: str
    message_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserWait:
    """A person has to act. `scope` is the innermost variable scope it sees ("" = the case's own)."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    lane: str | None
    candidate_groups: tuple[str, ...]  # empty: the lane decides
    assignee: str | None
    due: datetime | None
    follow_up: datetime | None
    priority: int
    form_id: str | None
    inputs: Mapping[str, Any]
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWait:
    """A machine has to act: service, send, business rule or manual task."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    type: str
    headers: Mapping[str, str]
    retries: int
    inputs: Mapping[str, Any]
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerWait:
    """Time has to pass. After a cycle fired the timer is re-opened under the same key with a later `due`."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    due: datetime  # aware
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWait:
    """A message has to come: name and correlation value (as text) must match."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    message: str
    correlation: str
    properties: Mapping[str, str]


Wait = UserWait | JobWait | TimerWait | MessageWait


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalWait:
    """A signal of this name has to be thrown, here or elsewhere. It comes to all who wait; none is ended by its key."""

    key: str
    scope: str
    process_id: str
    element_id: str
    name: str
    signal: str
    properties: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal that was thrown, and what it carries."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Visit:
    """A token reached an element, over `flow_id` unless it began there. `key` = element path with visit number."""

    key: str
    process_id: str
    element_id: str
    flow_id: str | None


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """Variables written in a scope; `dropped` when the scope ended (its called process is over)."""

    scope: str
    values: Mapping[str, Any]
    dropped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What one call of the runner did, in order. `snapshot` replaces the one handed in."""

    snapshot: str
    opened: tuple[Wait, ...]
    closed: tuple[str, ...]  # keys of waits that are no longer open (completed or cancelled)
    path: tuple[Visit, ...]
    variables: tuple[ScopeChange, ...]
    ended: bool
    signals: tuple[str, ...] = ()  # names of the signals thrown, already caught within this instance
    conditional: bool = False  # whether something waits for a condition, which no key could end
    thrown: tuple[Signal, ...] = ()  # the same with what they carry
    listens: tuple[SignalWait, ...] = ()  # everything that waits for a signal now, by key; not only what is new
