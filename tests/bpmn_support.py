"""Write docs/bpmn-support.md from probes: each construct is run to its end, or refused when the diagram is compiled.

    python -m tests.bpmn_support

A probe that does neither, or does not visit what it is about, stops the script.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bpmn import dmn
from bpmn.errors import UnsupportedElementError
from bpmn.model import MessageWait, ProcessDefinition, TimerWait
from bpmn.runner import Runner
from tests.support.bpmn_builder import (
    Part,
    again,
    begin,
    both,
    boundary_condition,
    boundary_message,
    boundary_timer,
    call,
    catch_message,
    catch_timer,
    chain,
    conditional,
    decide,
    define,
    each,
    element,
    end,
    extensions,
    first_of,
    flow,
    job,
    looped,
    message,
    named,
    receive,
    some,
    start,
    sub,
    throwing,
    user,
    xor,
)
from tests.support.dmn_builder import file, table
from tests.support.forgetful import Forgetful

FILE = Path(__file__).parents[1] / "docs" / "bpmn-support.md"
MOST = 50  # steps of one probe

NAMES = (message("m"), message("k", "=key"), named("error", "E"), named("escalation", "E"), named("signal", "S"))
SENDS = extensions('<zeebe:taskDefinition type="notify"/>') + "<bpmn:messageEventDefinition/>"
INSIDE = (start("i"), user("inner"), end("o"), *chain("i", "inner", "o"))
RULES = file(table("d", [(["-"], ["1"])]))
DECISIONS = dmn.by_decision([dmn.parse(RULES)])
CALLED = define("called", start(), user("inner"), end(), *chain("start", "inner", "end"))
# What a process that is called may do to itself and to its caller.
RAISER = define("raiser", *NAMES, start(), throwing("endEvent", "end", "error", "E"), *chain("start", "end"))
CRIER = define("crier", *NAMES, start(), throwing("intermediateThrowEvent", "t", "escalation", "E"), user("u"),
               end(), *chain("start", "t", "u", "end"))  # fmt: skip
STOPPER = define("stopper", start(), both("f"), user("u"), end("stop", terminate=True), user("left"),
                 *chain("start", "f", "u", "stop"), *chain("f", "left"))  # fmt: skip
LIBRARY = (CALLED, RAISER, CRIER, STOPPER)
VARIABLES = {"key": "7"}


def next_weekday(day: date, count: int) -> datetime:
    """The end of the count-th weekday after a day; 0: the day itself, or the next weekday."""
    while count > 0 or day.weekday() > 4:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return datetime.combine(day, time(17), UTC)


LENT = {"add_working_days": next_weekday}


@dataclass(frozen=True)
class Probe:
    """A construct, the element it is about, and the parts of its process beside the start event "start"."""

    group: str
    name: str
    about: str
    parts: tuple[Part, ...]
    begin: str | None = None
    also: tuple[str, ...] = ()  # elements that have to be visited, each as often as it stands here
    never: tuple[str, ...] = ()  # elements that must not be

    @property
    def definition(self) -> ProcessDefinition:
        return define("p", *NAMES, start(), *self.parts)


def begun(name: str, event: Part) -> Probe:
    """Return the probe of a start event "x" of the process itself, beside the one without a trigger."""
    return Probe("Start event", name, "x", (event, end(), *chain("start", "end"), *chain("x", "end")), begin="x")


def row(
    group: str, name: str, part: Part, *more: Part, tail: bool = True, led: bool | None = None,
    also: tuple[str, ...] = (), never: tuple[str, ...] = (),
) -> Probe:  # fmt: skip
    """Return the probe of an element "x" right behind the start event, or inside or beside the first part."""
    onward = (end(), *chain("x", "end")) if tail else ()
    led = 'id="x"' in part.xml.partition(">")[0] if led is None else led
    found = Probe(group, name, "x", (part, *(chain("start", "x") if led else ()), *onward, *more))
    return replace(found, also=also, never=never)


def beside(name: str, event: Part, *more: Part, thrown: tuple[Part, ...] = ()) -> Probe:
    """Return the probe of a boundary event "x" of a sub-process, in which something may be thrown."""
    host = sub("host", *(thrown or INSIDE))
    ends = (end(), *chain("start", "host", "end"), user("y"), end("z"), *chain("x", "y", "z"))
    return Probe("Boundary event", name, "x", (host, event, *ends, *more))


def handled(name: str, event: str, said: str, *thrown: Part, interrupting: bool = True) -> Probe:
    """Return the probe of an event sub-process "x"."""
    handler = sub("x", begin("b", event, said, interrupting=interrupting), end("h"), *chain("b", "h"), triggered=True)
    return Probe("Event sub-process", name, "x", (handler, user("a"), *chain("start", "a"), *thrown))


def raising(event: str, name: str) -> tuple[Part, ...]:
    return (start("i"), throwing("endEvent", "t", event, name), *chain("i", "t"))


def watching(event: str, name: str, interrupting: bool = True) -> Part:
    cancels = str(interrupting).lower()
    return throwing("boundaryEvent", "x", event, name, attachedToRef="host", cancelActivity=cancels)


def behind(event: str, name: str) -> tuple[Part, ...]:
    return (throwing("endEvent", "t", event, name), *chain("a", "t"))


def calling(name: str, process: str, event: Part, also: tuple[str, ...]) -> Probe:
    """Return the probe of a boundary event "x" of a call activity."""
    ends = (end(), *chain("start", "host", "end"), user("y"), end("z"), *chain("x", "y", "z"))
    return Probe("Boundary event", f"on a call activity: {name}", "x", (call("host", process), event, *ends), also=also)


def properties(**said: str) -> str:
    rows = "".join(f'<zeebe:property name="{name}" value="{value}"/>' for name, value in said.items())
    return extensions(f"<zeebe:properties>{rows}</zeebe:properties>")


def timed(kind: str, text: str, **said: str) -> Part:
    """Return an intermediate timer with properties."""
    body = f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"
    return element("intermediateCatchEvent", "x", properties(**said) + body)


def bare(kind: str, event: str = "", **attributes: str) -> Part:
    return element(kind, "x", f"<bpmn:{event}EventDefinition/>" if event else "", **attributes)


SEVERAL = '<bpmn:messageEventDefinition messageRef="m_m"/><bpmn:timerEventDefinition/>'
SHOUT = (user("w"), throwing("endEvent", "t", "signal", "S"), *chain("start", "w", "t"))
LINK = (throwing("intermediateCatchEvent", "land", "link", "L"), end(), *chain("land", "end"))
FORK = (user("a"), user("b"), some("j"), *chain("x", "a", "j", "end"), flow("x", "b", "=true"), flow("b", "j"))
DONE = "=done"
BESIDE = (user("w"), *chain("start", "w"))
STEPS = (start("i"), user("inner"), user("more"), *chain("i", "inner", "more"))
MORE = (user("more"), *chain("a", "more"))
TWO = (user("b"), *chain("start", "b", "x"))
AFTER_CHOICE = (catch_message("c", "m"), catch_timer("d", duration="P1D"), end(), *chain("x", "c", "end"),
                *chain("x", "d", "end"))  # fmt: skip

PROBES = (
    Probe("Start event", "none", "start", (end(), *chain("start", "end"))),
    begun("message", begin("x", "message", "m")),
    begun("timer (date, duration, cycle)", begin("x", "timer", "R/P1D")),
    begun("signal", begin("x", "signal", "S")),
    begun("conditional", begin("x", "conditional")),
    begun("error", begin("x", "error", "E")),
    begun("a second one without a trigger", start("x")),
    begun("several triggers (multiple)", element("startEvent", "x", SEVERAL)),
    begun("several triggers in parallel (parallel multiple)",
          element("startEvent", "x", SEVERAL, parallelMultiple="true")),
    row("End event", "none", end("x"), tail=False),
    row("End event", "terminate", end("x", terminate=True), user("b"), *chain("start", "b"), tail=False),
    row("End event", "terminate, in a sub-process: it alone is ended", sub("host", start("i"), both("f"), user("inner"),
        end("x", terminate=True), user("left"), user("lost"), *chain("i", "f", "inner", "x"),
        *chain("f", "left", "lost")), user("on"), end(), *chain("start", "host", "on", "end"), tail=False,
        also=("x", "on", "end"), never=("lost",)),
    row("End event", "terminate, in a called process: its caller goes on", call("x", "stopper"), user("on"),
        *chain("x", "on"), also=("x", "stop", "on", "end"), tail=True),
    row("End event", "message (as a job)", element("endEvent", "x", SENDS), tail=False),
    Probe("End event", "error", "x", (sub("host", start("i"), throwing("endEvent", "x", "error", "E"),
          *chain("i", "x")), throwing("boundaryEvent", "y", "error", "E", attachedToRef="host"), end(),
          *chain("start", "host", "end"), *chain("y", "end"))),
    row("End event", "escalation", throwing("endEvent", "x", "escalation", "E"), tail=False),
    row("End event", "signal", throwing("endEvent", "x", "signal", "S"), tail=False),
    row("End event", "several triggers (multiple)", element("endEvent", "x", SEVERAL), tail=False),
    row("End event", "compensation", bare("endEvent", "compensate"), tail=False),
    row("End event", "cancel", bare("endEvent", "cancel"), tail=False),
    row("Task", "user", user("x")),
    row("Task", "service (as a job)", job("x")),
    row("Task", "send (as a job)", job("x", kind="sendTask")),
    row("Task", "business rule (as a job)", job("x", kind="businessRuleTask")),
    row("Task", "business rule (by a decision of the procedure)", decide("x", "d")),
    row("Task", "manual (as a job)", job("x", kind="manualTask")),
    row("Task", "receive", receive("x", "m")),
    row("Task", "receive, by key", receive("x", "k")),
    row("Task", "receive that begins a process", element("receiveTask", "x", messageRef="m_m", instantiate="true")),
    row("Task", "with several flows in and out", user("x"), user("b"), *chain("start", "b", "x"), user("c"),
        *chain("x", "c"), also=("x", "x", "c", "c", "end", "end", "b")),
    row("Task", "choreography task", bare("choreographyTask")),
    row("Task", "of compensation (isForCompensation)", bare("userTask", isForCompensation="true")),
    row("Task", "performers in BPMN's own words (zeebe:assignmentDefinition is read)", element("userTask", "x",
        "<bpmn:potentialOwner/>")),
    row("Task", "with data associations", element("userTask", "x",
        "<bpmn:dataInputAssociation><bpmn:targetRef>x</bpmn:targetRef></bpmn:dataInputAssociation>")),
    row("Task", "undefined", bare("task")),
    row("Task", "script", bare("scriptTask")),
    row("Activity", "call activity", call("x", "called")),
    row("Activity", "call activity of what is not there", call("x", "nowhere")),
    row("Activity", "call activity by an expression", call("x", "=key")),
    row("Activity", "call of a choreography", bare("callChoreography")),
    row("Activity", "sub-choreography", bare("subChoreography")),
    row("Activity", "embedded sub-process", sub("x", *INSIDE)),
    row("Activity", "embedded sub-process in another", sub("host", start("h"), sub("x", *INSIDE), end("e"),
        *chain("h", "x", "e")), end(), *chain("start", "host", "end"), tail=False,
        also=("x", "inner", "o", "e", "end")),
    row("Activity", "embedded sub-process without a start event", sub("x", user("inner"))),
    row("Activity", "embedded sub-process with several start events", sub("x", *INSIDE, start("i2"),
        *chain("i2", "inner"))),
    row("Activity", "flow over the border of a sub-process", user("x"), sub("host", *INSIDE),
        *chain("start", "host", "end"), *chain("x", "inner")),
    row("Activity", "transaction", element("transaction", "x", "".join(part.xml for part in INSIDE))),
    row("Activity", "ad-hoc sub-process", element("adHocSubProcess", "x", user("i").xml)),
    row("Loop marker", "standard loop", looped(user("x"), again("=loopCounter < 2"))),
    row("Loop marker", "standard loop with a maximum", looped(user("x"), again("=true", most="2")),
        also=("x", "x", "x", "end")),
    row("Loop marker", "standard loop, tested before", looped(user("x"), again("=false", before=True)),
        also=("x", "end")),
    row("Loop marker", "standard loop without an end", looped(user("x"), again())),
    row("Loop marker", "parallel multi-instance, tasks", looped(user("x"), each("=[1, null]"))),
    row("Loop marker", "sequential multi-instance, tasks", looped(user("x"), each("=[1, null]", sequential=True))),
    row("Loop marker", "multi-instance sub-process", sub("x", *INSIDE, loop=each("=[1, null]"))),
    row("Loop marker", "multi-instance call activity", looped(call("x", "called"), each("=[1, null]"))),
    row("Loop marker", "multi-instance with a completion condition", looped(user("x"), each("=[1, 2, 3]",
        until="=numberOfCompletedInstances = 2", sequential=True)), also=("x", "x", "x", "end")),
    row("Loop marker", "multi-instance with data of each instance", looped(user("x", outputs={"got": "=item * 2"}),
        each("=[1, 2]", results=("all", "=got"))), xor("check", "check-end"), end(), user("right"),
        *chain("x", "check", "end"), flow("check", "right", "=all = [2, 4]"), also=("x", "x", "x", "check", "right"),
        never=("end",), tail=False),
    row("Loop marker", "multi-instance by a number", looped(user("x"), each(times="=2")), also=("x", "x", "x", "end")),
    row("Loop marker", "multi-instance over a data object", looped(user("x"), each("=[1]").replace(
        "</bpmn:multi", "<bpmn:loopDataInputRef>d</bpmn:loopDataInputRef></bpmn:multi"))),
    row("Loop marker", "multi-instance that throws events (behavior)", looped(user("x"), each("=[1]").replace(
        "isSequential", 'behavior="One" isSequential'))),
    row("Loop marker", "on an event sub-process", sub("x", begin("b", "timer", "P1D"), end("o"), *chain("b", "o"),
        loop=each("=[1]"), triggered=True), user("a"), *chain("start", "a"), tail=False, led=False),
    row("Gateway", "exclusive", xor("x")),
    row("Gateway", "exclusive, with conditions and a default flow", xor("x", "x-end"), user("a"), user("b"),
        flow("x", "a", '=key = "8"'), flow("x", "b", '=key = "7"'), also=("x", "b"), never=("a", "end")),
    row("Gateway", "flow with a condition out of a task", user("x"), user("a"), flow("x", "a", "=true")),
    row("Gateway", "parallel", both("x"), *TWO),
    row("Gateway", "inclusive", some("x", "x-a"), end(), *FORK, tail=False),
    row("Gateway", "event-based", first_of("x"), *AFTER_CHOICE, tail=False),
    row("Gateway", "event-based, with a condition", first_of("x"), *AFTER_CHOICE, conditional(
        "intermediateCatchEvent", "e", DONE), *chain("x", "e", "end"), *BESIDE, tail=False),
    row("Gateway", "event-based, with a receive task", first_of("x"), *AFTER_CHOICE, receive("e", "k"),
        *chain("x", "e", "end"), tail=False),
    row("Gateway", "event-based, before a task", first_of("x"), *AFTER_CHOICE, user("e"), *chain("x", "e", "end"),
        tail=False),
    row("Gateway", "event-based, for all events (parallel)", bare("eventBasedGateway", eventGatewayType="Parallel"),
        *AFTER_CHOICE, tail=False),
    row("Gateway", "event-based, that begins a process", bare("eventBasedGateway", instantiate="true"), *AFTER_CHOICE,
        tail=False),
    row("Gateway", "complex", bare("complexGateway")),
    row("Intermediate event", "none (milestone)", bare("intermediateThrowEvent")),
    row("Intermediate event", "message, catching", catch_message("x", "m")),
    row("Intermediate event", "message, catching, by key", catch_message("x", "k")),
    row("Intermediate event", "message, throwing (as a job)", element("intermediateThrowEvent", "x", SENDS)),
    row("Intermediate event", "timer, duration", catch_timer("x", duration="P1D")),
    row("Intermediate event", "timer, date", catch_timer("x", date="2026-02-01T08:00:00")),
    row("Intermediate event", "timer, cycle: its first slot", catch_timer("x", cycle="R3/P1D")),
    row("Intermediate event", "timer, by FEEL", catch_timer("x", date='=now() + duration("P1D")')),
    row("Intermediate event", "timer in a zone", timed("timeDate", "2026-03-29T02:30:00", timerZone="Europe/Berlin")),
    row("Intermediate event", "timer by working days", timed("timeDuration", "P5D", timerCalendar="working")),
    row("Intermediate event", "timer in an unknown zone", timed("timeDuration", "P5D", timerZone="Middle/Earth")),
    row("Intermediate event", "signal, catching",
        throwing("intermediateCatchEvent", "x", "signal", "S"), *SHOUT),
    row("Intermediate event", "signal, throwing", throwing("intermediateThrowEvent", "x", "signal", "S")),
    row("Intermediate event", "escalation, throwing", throwing("intermediateThrowEvent", "x", "escalation", "E")),
    row("Intermediate event", "link, throwing", throwing("intermediateThrowEvent", "x", "link", "L"), *LINK,
        tail=False),
    Probe("Intermediate event", "link, catching", "land",
          (throwing("intermediateThrowEvent", "x", "link", "L"), *chain("start", "x"), *LINK)),
    row("Intermediate event", "link caught on another level", throwing("intermediateThrowEvent", "x", "link", "L"),
        sub("host", start("i"), throwing("intermediateCatchEvent", "land", "link", "L"), end("o"), end("o2"),
        *chain("i", "o2"), *chain("land", "o")), end(), *chain("start", "host", "end"), tail=False),
    row("Intermediate event", "link caught nowhere", throwing("intermediateThrowEvent", "x", "link", "L"), tail=False),
    row("Intermediate event", "conditional", conditional("intermediateCatchEvent", "x", DONE), *BESIDE),
    row("Intermediate event", "several triggers, catching (multiple, parallel multiple)",
        element("intermediateCatchEvent", "x", SEVERAL, parallelMultiple="true")),
    row("Intermediate event", "several triggers, throwing (multiple)",
        element("intermediateThrowEvent", "x", SEVERAL)),
    row("Intermediate event", "error or cancel, catching", bare("intermediateCatchEvent", "error")),
    row("Intermediate event", "compensation", bare("intermediateThrowEvent", "compensate")),
    beside("message", boundary_message("x", "host", "m")),
    beside("message, not interrupting", boundary_message("x", "host", "m", interrupting=False)),
    beside("timer", boundary_timer("x", "host", duration="P1D")),
    beside("timer cycle, not interrupting", boundary_timer("x", "host", cycle="R2/P1D", interrupting=False)),
    beside("error", watching("error", "E"), thrown=raising("error", "E")),
    beside("error, any code", watching("error", ""), thrown=raising("error", "E")),
    beside("escalation", watching("escalation", "E"), thrown=raising("escalation", "E")),
    beside("escalation, not interrupting", watching("escalation", "E", False), thrown=raising("escalation", "E")),
    beside("signal", watching("signal", "S"), thrown=raising("signal", "S")),
    beside("signal, not interrupting", watching("signal", "S", False), thrown=raising("signal", "S")),
    beside("conditional", boundary_condition("x", "host", DONE), thrown=STEPS),
    beside("conditional, not interrupting", boundary_condition("x", "host", DONE, interrupting=False), thrown=STEPS),
    calling("message, not interrupting", "called", boundary_message("x", "host", "m", interrupting=False),
            ("x", "inner", "y", "z", "end", "end", "start", "start")),
    calling("timer", "called", boundary_timer("x", "host", duration="P1D"), ("x", "y", "z")),
    calling("conditional", "crier", boundary_condition("x", "host", '=key = "7"'), ("x", "y", "z")),
    calling("error thrown in the called process", "raiser", watching("error", "E"), ("x", "y", "z")),
    calling("escalation thrown in the called process, not interrupting", "crier", watching("escalation", "E", False),
            ("x", "u", "y", "z", "end", "end")),
    beside("error, not interrupting", watching("error", "E", False), thrown=raising("error", "E")),
    beside("several triggers (multiple, parallel multiple)",
           element("boundaryEvent", "x", SEVERAL, attachedToRef="host")),
    row("Boundary event", "on a gateway", both("host"), boundary_timer("x", "host", duration="P1D"), end(), end("z"),
        *chain("start", "host", "end"), *chain("x", "z"), tail=False, led=False),
    beside("compensation", bare("boundaryEvent", "compensate", attachedToRef="host")),
    beside("cancel", bare("boundaryEvent", "cancel", attachedToRef="host")),
    handled("message", "message", "m"),
    handled("message, not interrupting", "message", "m", interrupting=False),
    handled("timer", "timer", "P1D"),
    handled("timer cycle, not interrupting", "timer", "R2/P1D", interrupting=False),
    handled("error", "error", "E", *behind("error", "E")),
    handled("escalation", "escalation", "E", *behind("escalation", "E")),
    handled("escalation, not interrupting", "escalation", "E", *behind("escalation", "E"), interrupting=False),
    handled("signal", "signal", "S", *behind("signal", "S")),
    handled("signal, not interrupting", "signal", "S", *behind("signal", "S"), interrupting=False),
    handled("error, any code", "error", "", *behind("error", "E")),
    handled("conditional", "conditional", DONE, *MORE),
    handled("conditional, not interrupting", "conditional", DONE, *MORE, interrupting=False),
    row("Event sub-process", "in an embedded sub-process", sub("host", *INSIDE, sub("x", begin("b", "message", "m"),
        end("h"), *chain("b", "h"), triggered=True)), end(), *chain("start", "host", "end"), tail=False, led=False,
        also=("x", "b", "h", "end"), never=("o",)),
    handled("compensation", "compensate", ""),
    handled("none", "none", ""),
    row("Event sub-process", "several triggers (multiple, parallel multiple)", sub("x", element("startEvent", "b",
        SEVERAL), end("h"), *chain("b", "h"), triggered=True), user("a"), *chain("start", "a"), tail=False, led=False),
)  # fmt: skip


def outcome(probe: Probe) -> str:
    """Run a probe to its end, forgetting everything between two steps; say "executed", or "refused" by its own id.

    Raises AssertionError for anything in between.
    """
    definition = probe.definition
    blamed = _refused(definition)
    if blamed is not None:
        inside = definition.elements[blamed].parent
        assert probe.about in (blamed, inside), f"{probe.group}, {probe.name}: {blamed} is blamed"
        return "refused"
    more = {"begin": probe.begin, "decisions": DECISIONS, "functions": LENT}
    case = Forgetful(definition, *LIBRARY, variables=VARIABLES, **more)  # type: ignore[arg-type]  # as it takes them
    for _ in range(MOST):
        if case.last.ended:
            break
        _move(case)
    assert case.last.ended, f"{probe.group}, {probe.name}: stuck at {sorted(case.open)}"
    visited = Counter(key.rpartition("/")[2].partition("#")[0] for key, _ in case.walked)
    wanted = Counter(probe.also) or Counter([probe.about])
    missing = {
        each for each, times in wanted.items() if visited[each] < times or (probe.also and visited[each] > times)
    }
    assert probe.about in visited, f"{probe.group}, {probe.name}: {probe.about} was never visited"
    assert not missing, f"{probe.group}, {probe.name}: {sorted(missing)} visited {visited}"
    assert not visited.keys() & set(probe.never), f"{probe.group}, {probe.name}: visited {visited}"
    return "executed"


def _refused(definition: ProcessDefinition) -> str | None:
    try:
        Runner(definition, {each.id: each for each in LIBRARY}, DECISIONS)
    except UnsupportedElementError as error:
        return error.element_id or ""
    return None


def _move(case: Forgetful) -> None:
    """End one wait: an event that watches comes first, so that it happens at all."""
    waits = sorted(case.waits.values(), key=lambda wait: (not isinstance(wait, MessageWait | TimerWait), wait.key))
    fresh = [wait for wait in waits if not _happened(case, wait.element_id)]
    wait = (fresh or waits)[0]
    scope, _, name = wait.key.rpartition("/")
    element_id, _, number = name.partition("#")
    if isinstance(wait, MessageWait):
        assert wait.correlation == ("7" if wait.message == "k" else "")
        case.deliver(element_id, number=int(number), scope=scope)
    elif isinstance(wait, TimerWait):
        case.fire(element_id, number=int(number), scope=scope)
    else:
        case.complete(element_id, number=int(number), scope=scope, done=True)


def _happened(case: Forgetful, element_id: str) -> bool:
    visited = {key.rpartition("/")[2].partition("#")[0] for key, _ in case.walked}
    return element_id in ("x", "b") and element_id in visited


def render() -> str:
    """Return the text of the document."""
    rows = "\n".join(f"| {probe.group} | {probe.name} | {outcome(probe)} |" for probe in PROBES)
    return f"""# BPMN elements: executed or refused

Written by `python -m tests.bpmn_support`: every row is a process that was run to its end by a runner that forgets all
but its snapshot between two steps, or that was refused with the id of the element when it was compiled. There is
nothing in between; what is not listed is refused. Lint says the same before a diagram is deployed.

| element | kind | |
|---|---|---|
{rows}

Notes.

- A join of an inclusive gateway waits as long as a token, or a boundary event that still watches, may come over a flow
  that has none yet and over none that has one.
- A sub-process and an instance of a loop read and write the variables around them; names made by input mappings, the
  element of a collection and `loopCounter` are their own.
- A parallel multi-instance activity opens at most 5,000 instances, a step reaches at most 10,000 elements, a diagram
  has at most 5,000 flow nodes and flows; more is refused, never cut.
- Of a multi-instance activity the collection is looked at once; `numberOfInstances`, `numberOfActiveInstances` and
  `numberOfCompletedInstances` are known to its completion condition. Boundary events watch all instances together.
- Errors and escalations go outward to the nearest boundary event or event sub-process, through called processes too; an
  error caught nowhere is an error of the step, an escalation caught nowhere is passed over.
- A process has at most one start event without a trigger, and begins by each message and signal once. A called process
  begins at the one without a trigger.
- A condition is looked at when a token arrives or its scope opens, and again whenever nothing else moves: after every
  step, and when `case` or `application` changed without one. What turns from false to true happens, in the order of the
  document; an event that does not interrupt happens again only after its condition was false. A boundary event sees the
  variables inside its sub-process, or the inputs of its task or call. Time that passes changes nothing: use a timer.
- Data objects and stores, annotations, groups and pools are drawn and carry nothing; an activity that reads or writes
  one by a data association is refused.
- A message is matched by its name and its correlation key: `=case.code` reaches one case.
- A signal reaches whatever waits for it in the same case within the step; the engine brings it to all other cases of
  the unit that wait.
- A business rule task with `zeebe:calledDecision` makes its decision inside the step, from the DMN files of the
  procedure's version: decision tables (U, A, F, P, O, R, C and its aggregations) and FEEL expressions that require each
  other. Nothing waits there, so no event may watch it. What a decision file may hold stands in catalog-format.md.
"""


if __name__ == "__main__":
    FILE.write_text(render(), "utf-8")
