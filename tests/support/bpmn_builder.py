"""Writes small BPMN diagrams without layout, for probes: process("p", start(), user("a"), *chain("start", "a"))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from bpmn.model import ProcessDefinition
from bpmn.parse import parse

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="definitions" targetNamespace="http://test">'
)


@dataclass(frozen=True)
class Part:
    """A piece of XML; `top` when it stands beside the process and not inside."""

    xml: str
    top: bool = False


def process(process_id: str, *parts: Part) -> bytes:
    """Return the file of one executable process."""
    inside = "".join(part.xml for part in parts if not part.top)
    beside = "".join(part.xml for part in parts if part.top)
    text = (
        f'{_HEAD}{beside}<bpmn:process id="{process_id}" isExecutable="true">{inside}</bpmn:process></bpmn:definitions>'
    )
    return text.encode()


def define(process_id: str, *parts: Part) -> ProcessDefinition:
    """Return the parsed definition of one executable process."""
    return parse(process(process_id, *parts))


def element(kind: str, element_id: str, body: str = "", **attributes: str) -> Part:
    """Return any flow node: its tag, id, inner XML and attributes."""
    texts = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return Part(f'<bpmn:{kind} id="{element_id}"{texts}>{body}</bpmn:{kind}>')


def extensions(*inner: str) -> str:
    found = "".join(inner)
    return f"<bpmn:extensionElements>{found}</bpmn:extensionElements>" if found else ""


def mappings(inputs: Mapping[str, str] | None, outputs: Mapping[str, str] | None) -> str:
    rows = [("input", *row) for row in (inputs or {}).items()] + [("output", *row) for row in (outputs or {}).items()]
    inner = "".join(
        f"<zeebe:{tag} source={quoteattr(source)} target={quoteattr(target)}/>" for tag, target, source in rows
    )
    return f"<zeebe:ioMapping>{inner}</zeebe:ioMapping>" if inner else ""


def start(element_id: str = "start") -> Part:
    return element("startEvent", element_id)


def end(element_id: str = "end", *, terminate: bool = False) -> Part:
    return element("endEvent", element_id, "<bpmn:terminateEventDefinition/>" if terminate else "")


def user(
    element_id: str, inputs: Mapping[str, str] | None = None, outputs: Mapping[str, str] | None = None, zeebe: str = ""
) -> Part:
    return element("userTask", element_id, extensions(zeebe, mappings(inputs, outputs)))


def job(
    element_id: str,
    job_type: str = "notify",
    *,
    kind: str = "serviceTask",
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    zeebe: str = "",
) -> Part:
    task = f"<zeebe:taskDefinition type={quoteattr(job_type)}/>" if job_type else ""
    return element(kind, element_id, extensions(task, zeebe, mappings(inputs, outputs)))


def decide(
    element_id: str,
    decision_id: str,
    result: str = "result",
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    zeebe: str = "",
) -> Part:
    """Return a business rule task that makes a decision itself."""
    called = f"<zeebe:calledDecision decisionId={quoteattr(decision_id)} resultVariable={quoteattr(result)}/>"
    return element("businessRuleTask", element_id, extensions(called, zeebe, mappings(inputs, outputs)))


def message(name: str, key: str = "") -> Part:
    found = extensions(f"<zeebe:subscription correlationKey={quoteattr(key)}/>") if key else ""
    return Part(f'<bpmn:message id="m_{name}" name={quoteattr(name)}>{found}</bpmn:message>', top=True)


def receive(element_id: str, message_name: str, outputs: Mapping[str, str] | None = None) -> Part:
    return element("receiveTask", element_id, extensions(mappings(None, outputs)), messageRef=f"m_{message_name}")


def catch_message(element_id: str, message_name: str, outputs: Mapping[str, str] | None = None) -> Part:
    return element("intermediateCatchEvent", element_id, extensions(mappings(None, outputs)) + _message(message_name))


def catch_timer(element_id: str, *, date: str = "", duration: str = "", cycle: str = "") -> Part:
    return element("intermediateCatchEvent", element_id, _timer(date, duration, cycle))


def boundary_timer(
    element_id: str, host: str, *, date: str = "", duration: str = "", cycle: str = "", interrupting: bool = True
) -> Part:
    return _boundary(element_id, host, _timer(date, duration, cycle), interrupting)


def boundary_message(
    element_id: str,
    host: str,
    message_name: str,
    *,
    interrupting: bool = True,
    outputs: Mapping[str, str] | None = None,
) -> Part:
    return _boundary(element_id, host, extensions(mappings(None, outputs)) + _message(message_name), interrupting)


def begin(element_id: str, event: str, said: str = "", *, interrupting: bool = True) -> Part:
    """Return the start event of an event sub-process; `said` is its message, time, code, name or condition."""
    interrupts = str(interrupting).lower()
    if event == "message":
        return element("startEvent", element_id, _message(said), isInterrupting=interrupts)
    if event == "timer":
        body = _timer("", "" if said.startswith("R") else said, said if said.startswith("R") else "")
        return element("startEvent", element_id, body, isInterrupting=interrupts)
    if event == "none":
        return element("startEvent", element_id, isInterrupting=interrupts)
    if event == "conditional":
        return conditional("startEvent", element_id, said, isInterrupting=interrupts)
    return throwing("startEvent", element_id, event, said, isInterrupting=interrupts)


def conditional(kind: str, element_id: str, condition: str, **attributes: str) -> Part:
    """Return a conditional event of any kind."""
    body = f'<bpmn:condition xsi:type="bpmn:tFormalExpression">{_escape(condition)}</bpmn:condition>'
    return element(kind, element_id, f"<bpmn:conditionalEventDefinition>{body}</bpmn:conditionalEventDefinition>",
                   **attributes)  # fmt: skip


def boundary_condition(element_id: str, host: str, condition: str, *, interrupting: bool = True) -> Part:
    cancels = "true" if interrupting else "false"
    return conditional("boundaryEvent", element_id, condition, attachedToRef=host, cancelActivity=cancels)


def _boundary(element_id: str, host: str, body: str, interrupting: bool) -> Part:
    cancels = "true" if interrupting else "false"
    return element("boundaryEvent", element_id, body, attachedToRef=host, cancelActivity=cancels)


def _message(name: str) -> str:
    return f'<bpmn:messageEventDefinition messageRef="m_{name}"/>'


def _timer(date: str, duration: str, cycle: str) -> str:
    texts = {"timeDate": date, "timeDuration": duration, "timeCycle": cycle}
    inner = "".join(f"<bpmn:{tag}>{_escape(text)}</bpmn:{tag}>" for tag, text in texts.items() if text)
    return f"<bpmn:timerEventDefinition>{inner}</bpmn:timerEventDefinition>"


def xor(element_id: str, default: str = "") -> Part:
    return element("exclusiveGateway", element_id, **({"default": default} if default else {}))


def some(element_id: str, default: str = "") -> Part:
    return element("inclusiveGateway", element_id, **({"default": default} if default else {}))


def first_of(element_id: str) -> Part:
    return element("eventBasedGateway", element_id)


def sub(
    element_id: str,
    *parts: Part,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    loop: str = "",
    triggered: bool = False,
) -> Part:
    """Return an embedded sub-process, or an event sub-process; what its parts put beside the process is lost."""
    body = extensions(mappings(inputs, outputs)) + loop + "".join(part.xml for part in parts)
    return element("subProcess", element_id, body, **({"triggeredByEvent": "true"} if triggered else {}))


def each(
    collection: str = "=items",
    item: str = "item",
    results: tuple[str, str] | None = None,
    until: str = "",
    *,
    sequential: bool = False,
    times: str = "",
) -> str:
    """Return a multi-instance marker; results are the collection and the expression of one instance."""
    facts = {"inputCollection": collection, "inputElement": item} if not times else {}
    if results:
        facts |= {"outputCollection": results[0], "outputElement": results[1]}
    texts = "".join(f" {name}={quoteattr(value)}" for name, value in facts.items() if value)
    body = extensions(f"<zeebe:loopCharacteristics{texts}/>")
    body += f"<bpmn:loopCardinality>{_escape(times)}</bpmn:loopCardinality>" if times else ""
    body += f"<bpmn:completionCondition>{_escape(until)}</bpmn:completionCondition>" if until else ""
    tag = "bpmn:multiInstanceLoopCharacteristics"
    return f'<{tag} isSequential="{str(sequential).lower()}">{body}</{tag}>'


def again(condition: str = "", *, most: str = "", before: bool = False) -> str:
    """Return a standard loop marker."""
    most = f" loopMaximum={quoteattr(most)}" if most else ""
    body = f"<bpmn:loopCondition>{_escape(condition)}</bpmn:loopCondition>" if condition else ""
    tag = "bpmn:standardLoopCharacteristics"
    return f'<{tag} testBefore="{str(before).lower()}"{most}>{body}</{tag}>'


def looped(part: Part, marker: str) -> Part:
    """Return an activity with a loop marker at its end."""
    inner, _, tag = part.xml.rpartition("</")
    return Part(f"{inner}{marker}</{tag}")


def named(event: str, name: str) -> Part:
    """Return an error or escalation with this code, or a signal with this name; its id is the event and the name."""
    attribute = {"error": "errorCode", "escalation": "escalationCode", "signal": "name"}[event]
    return Part(f'<bpmn:{event} id="{event}_{name}" {attribute}={quoteattr(name)}/>', top=True)


def throwing(kind: str, element_id: str, event: str, name: str = "", **attributes: str) -> Part:
    """Return an event of any kind that throws or catches an error, escalation, signal or link."""
    said = "" if not name else f' name="{name}"' if event == "link" else f' {event}Ref="{event}_{name}"'
    return element(kind, element_id, f"<bpmn:{event}EventDefinition{said}/>", **attributes)


def both(element_id: str) -> Part:
    return element("parallelGateway", element_id)


def call(
    element_id: str,
    called: str,
    *,
    inputs: Mapping[str, str] | None = None,
    outputs: Mapping[str, str] | None = None,
    parent: bool = True,
    child: bool = False,
) -> Part:
    target = (
        f'<zeebe:calledElement processId="{called}" propagateAllParentVariables="{str(parent).lower()}"'
        f' propagateAllChildVariables="{str(child).lower()}"/>'
    )
    return element("callActivity", element_id, extensions(target, mappings(inputs, outputs)))


def flow(source: str, target: str, condition: str = "", flow_id: str = "") -> Part:
    """Return a sequence flow; its id is "source-target" unless given."""
    body = ""
    if condition:
        kind = 'xsi:type="bpmn:tFormalExpression"'
        body = f"<bpmn:conditionExpression {kind}>{_escape(condition)}</bpmn:conditionExpression>"
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return Part(f'<bpmn:sequenceFlow id="{flow_id or f"{source}-{target}"}" {ends}>{body}</bpmn:sequenceFlow>')


def chain(*element_ids: str) -> Iterable[Part]:
    """Return the flows of a sequence."""
    return [flow(source, target) for source, target in zip(element_ids, element_ids[1:], strict=False)]


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
