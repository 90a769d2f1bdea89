"""Draws random blocks as BPMN: one diagram for the process, one for everything it calls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from tests.support.bpmn_builder import (
    Part,
    again,
    begin,
    both,
    boundary_message,
    boundary_timer,
    call,
    catch_message,
    catch_timer,
    chain,
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
    process,
    receive,
    some,
    start,
    sub,
    throwing,
    user,
    xor,
)
from tests.support.random_blocks import ACTIVITIES, CODES, SIGNALS, Block, Watcher

WORKER = '<zeebe:assignmentDefinition candidateGroups="one_stop"/><zeebe:formDefinition formId="any"/>'
SENDS = extensions('<zeebe:taskDefinition type="notify"/>') + "<bpmn:messageEventDefinition/>"
JOBS = {"service": "serviceTask", "send": "sendTask", "rule": "businessRuleTask", "manual": "manualTask"}
DI = 'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
DRAWN = re.compile(r'<bpmn:(?:\w+(?:Event|Task|Gateway|Activity)|subProcess|sequenceFlow) id="([^"]+)"')
GATES = {"and": both, "xor": xor, "or": some}

Ends = tuple[str, str]


@dataclass
class Sheet:
    """One file in the making, and the files it calls."""

    top: list[Part] = field(default_factory=list)
    called: dict[str, bytes] = field(default_factory=dict)

    def message(self, name: str) -> str:
        self.top.append(message(name, "=case.code"))
        return name


def files(block: Block, process_id: str) -> dict[str, bytes]:
    """Return the diagram of a process by its id, and those of all it calls."""
    sheet = Sheet()
    parts = _level(block, sheet)
    for name in CODES:
        sheet.top += [named("error", name), named("escalation", name)]
    pairs = {f"pair_{each.id}" for each in block.walk() if each.kind == "signal pair"}
    sheet.top += [named("signal", name) for name in sorted({*SIGNALS, *pairs})]
    return {process_id: drawn(process(process_id, *sheet.top, *parts)), **sheet.called}


def drawn(data: bytes) -> bytes:
    """Return a diagram in which everything has a shape, without a place: nobody looks at it."""
    text = data.decode()
    shapes = "".join(f'<bpmndi:BPMNShape bpmnElement="{found}"/>' for found in DRAWN.findall(text))
    plane = f"<bpmndi:BPMNDiagram {DI}><bpmndi:BPMNPlane>{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    return text.replace("</bpmn:definitions>", f"{plane}</bpmn:definitions>").encode()


def _level(block: Block, sheet: Sheet) -> list[Part]:
    """Return the parts of a process or sub-process: guards, start, body, end."""
    name = block.id
    parts: list[Part] = []
    for guard in block.guards:
        if guard.event == "message":
            sheet.message(guard.id)
        said = guard.id if guard.event == "message" else guard.said
        trigger = "timer" if guard.event == "cycle" else guard.event
        inside: list[Part] = [begin(guard.id, trigger, said, interrupting=guard.interrupting), end(f"{guard.id}_end")]
        first, last = _draw(guard.body, sheet, inside)
        inside += [*chain(guard.id, first), *chain(last, f"{guard.id}_end")]
        parts.append(sub(f"{guard.id}_handler", *inside, triggered=True))
    first, last = _draw(block.parts[0], sheet, parts)
    start_id, end_id = f"{name}_start", f"{name}_end"
    path = [start_id, first], [last, end_id]
    if block.ending in ("signal", "escalation"):
        parts.append(user(f"{name}_before", zeebe=WORKER))
        path[1].insert(1, f"{name}_before")
    parts += [start(start_id), _ending(block, end_id), *chain(*path[0]), *chain(*path[1])]
    return parts


def _ending(block: Block, end_id: str) -> Part:
    if block.ending == "message":
        return element("endEvent", end_id, SENDS)
    if block.ending in ("signal", "escalation"):
        return throwing("endEvent", end_id, block.ending, SIGNALS[0] if block.ending == "signal" else CODES[0])
    return end(end_id, terminate=block.ending == "terminate")


def _draw(block: Block, sheet: Sheet, parts: list[Part]) -> Ends:
    """Append the elements and flows of a block; return its first and its last element."""
    if block.kind in ACTIVITIES:
        return _activity(block, sheet, parts)
    if block.kind in ("sequence", "xor", "and", "or", "first", "loop"):
        return _composed(block, sheet, parts)
    return _leaf(block, sheet, parts)


def _activity(block: Block, sheet: Sheet, parts: list[Part]) -> Ends:
    name = block.id
    if block.kind == "user":
        part = user(name, zeebe=WORKER)
    elif block.kind == "receive":
        part = receive(name, sheet.message(name))
    elif block.kind == "sub":
        part = sub(name, *_level(block, sheet))
    elif block.kind == "call":
        sheet.called |= files(block, f"{name}_process")
        part = call(name, f"{name}_process")
    else:
        part = job(name, kind=JOBS[block.kind])
    parts.append(looped(part, _marker(block)) if block.loop != "none" else part)
    merges = any(watcher.interrupting for watcher in block.watchers)
    for watcher in block.watchers:
        parts.append(_boundary(watcher, name, sheet))
        first, last = _draw(watcher.body, sheet, parts)
        parts += chain(watcher.id, first)
        after = f"{name}_merge" if watcher.interrupting else f"{watcher.id}_end"
        parts += [*chain(last, after), *([] if watcher.interrupting else [end(after)])]
    if not merges:
        return name, name
    parts += [xor(f"{name}_merge"), *chain(name, f"{name}_merge")]
    return name, f"{name}_merge"


def _marker(block: Block) -> str:
    if block.loop == "standard":
        return {
            "counted": again(f"=loopCounter < {block.times}"),
            "maximum": again(most=str(block.times)),
            "before": again("=true", most=str(block.times), before=True),
            "never": again("=false", before=True),
        }[block.style]
    until = f"=numberOfCompletedInstances >= {block.until}" if block.until else ""
    if block.style == "number":
        return each(times=f"={block.times}", until=until, sequential=block.loop == "sequential")
    items = f"={[10 * (at + 1) for at in range(block.times)]}"
    results = f"{block.id}_results", f"={block.id}_item + loopCounter"
    return each(items, f"{block.id}_item", results, until, sequential=block.loop == "sequential")


def _boundary(watcher: Watcher, host: str, sheet: Sheet) -> Part:
    name, said, interrupting = watcher.id, watcher.said, watcher.interrupting
    if watcher.event == "message":
        return boundary_message(name, host, sheet.message(name), interrupting=interrupting)
    if watcher.event == "timer":
        return boundary_timer(name, host, duration=said, interrupting=interrupting)
    if watcher.event == "cycle":
        return boundary_timer(name, host, cycle=said, interrupting=interrupting)
    cancels = str(interrupting).lower()
    return throwing("boundaryEvent", name, watcher.event, said, attachedToRef=host, cancelActivity=cancels)


def _leaf(block: Block, sheet: Sheet, parts: list[Part]) -> Ends:
    name, before = block.id, f"{block.id}_before"
    if block.kind == "catch message":
        parts.append(catch_message(name, sheet.message(name)))
    elif block.kind == "catch timer":
        parts.append(catch_timer(name, duration=block.said))
    elif block.kind == "milestone":
        parts.append(element("intermediateThrowEvent", name))
    elif block.kind == "throw message":
        parts.append(element("intermediateThrowEvent", name, SENDS))
    elif block.kind == "link":
        parts.append(throwing("intermediateThrowEvent", name, "link", name))
        parts.append(throwing("intermediateCatchEvent", f"{name}_land", "link", name))
        return name, f"{name}_land"
    elif block.kind == "signal pair":
        return _pair(block, parts)
    elif block.kind in ("terminate", "error"):
        return _way_out(block, parts)
    else:
        parts.append(user(before, zeebe=WORKER))
        parts.append(throwing("intermediateThrowEvent", name, block.kind.removeprefix("throw "), block.said))
        parts += chain(before, name)
        return before, name
    return name, name


def _way_out(block: Block, parts: list[Part]) -> Ends:
    """Ask somebody whether to end here, else go on."""
    name, asked, choice = block.id, f"{block.id}_asked", f"{block.id}_choice"
    parts += [user(asked, zeebe=WORKER), xor(choice, default=f"{choice}-{name}_on"), xor(f"{name}_on")]
    out = throwing("endEvent", name, "error", block.said) if block.kind == "error" else end(name, terminate=True)
    parts += [out, *chain(asked, choice, f"{name}_on"), flow(choice, name, f"={name}_d")]
    return asked, f"{name}_on"


def _pair(block: Block, parts: list[Part]) -> Ends:
    """One branch waits for the signal that the other one throws."""
    name, said = block.id, f"pair_{block.id}"
    parts += [both(f"{name}_in"), both(f"{name}_out"), user(f"{name}_before", zeebe=WORKER)]
    parts += [throwing("intermediateCatchEvent", f"{name}_caught", "signal", said)]
    parts += [throwing("intermediateThrowEvent", f"{name}_thrown", "signal", said)]
    parts += chain(f"{name}_in", f"{name}_caught", f"{name}_out")
    parts += chain(f"{name}_in", f"{name}_before", f"{name}_thrown", f"{name}_out")
    return f"{name}_in", f"{name}_out"


def _composed(block: Block, sheet: Sheet, parts: list[Part]) -> Ends:
    name = block.id
    if block.kind == "first":
        return _first(block, sheet, parts)
    ends = [_draw(part, sheet, parts) for part in block.parts]
    if block.kind == "sequence":
        parts.extend(flow(ends[at][1], ends[at + 1][0]) for at in range(len(ends) - 1))
        return ends[0][0], ends[-1][1]
    first, last, asked = f"{name}_in", f"{name}_out", f"{name}_asked"
    if block.kind == "loop":
        parts += [xor(first), user(asked, zeebe=WORKER), xor(last, default=f"{last}-{name}_done"), xor(f"{name}_done")]
        parts += [*chain(first, ends[0][0]), *chain(ends[0][1], asked, last, f"{name}_done")]
        parts += [flow(last, first, f"={name}_d", f"{name}_again")]
        return first, f"{name}_done"
    default = "" if block.kind == "and" else f"{first}-{ends[-1][0]}"
    parts += [GATES[block.kind](first, *([default] if default else [])), GATES[block.kind](last)]
    for at, (begins, finishes) in enumerate(ends):
        condition = _condition(block, at) if block.kind != "and" and at < len(ends) - 1 else ""
        parts += [flow(first, begins, condition), flow(finishes, last)]
    if block.kind == "and" or block.style != "asked":
        return first, last
    parts += [user(asked, zeebe=WORKER), *chain(asked, first)]
    return asked, last


def _condition(block: Block, at: int) -> str:
    """Say when a branch is taken; the last one is the default."""
    if block.kind == "xor":
        return f"={block.id}_d = {at}" if block.style == "asked" else f"={str(at == block.times).lower()}"
    return f"={block.id}_d[{at + 1}]" if block.style == "asked" else f"={str(block.taken[at]).lower()}"


def _first(block: Block, sheet: Sheet, parts: list[Part]) -> Ends:
    gate, merge = f"{block.id}_in", f"{block.id}_out"
    parts += [first_of(gate), xor(merge)]
    for branch in block.parts:
        if branch.style == "message":
            parts.append(catch_message(branch.id, sheet.message(branch.id)))
        elif branch.style == "receive":
            parts.append(receive(branch.id, sheet.message(branch.id)))
        elif branch.style == "timer":
            parts.append(catch_timer(branch.id, duration="PT3H"))
        else:
            parts.append(throwing("intermediateCatchEvent", branch.id, "signal", branch.said))
        begins, finishes = _draw(branch.parts[0], sheet, parts)
        parts += chain(gate, branch.id, begins)
        parts += chain(finishes, merge)
    return gate, merge


def shown(block: Block) -> str:
    """Return a tree as one line a person can read, for the message of a failure."""
    facts = [block.kind, block.id, block.loop if block.loop != "none" else "", quoteattr(block.said)]
    inside = ", ".join(shown(part) for part in block.parts)
    return " ".join(each for each in facts if each and each != '""') + (f" ({inside})" if inside else "")
