"""One XML node of a diagram → its facts: names, texts, flags, timers, loops and zeebe extension data."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from lxml import etree

from bpmn.model import EventKind, IoMapping, LoopDefinition, LoopKind, TimerDefinition, TimerKind
from bpmn.parse_xml import BPMN_NS, ZEEBE_NS

B = f"{{{BPMN_NS}}}"
Z = f"{{{ZEEBE_NS}}}"

EVENT_KINDS: Final[Mapping[str, EventKind]] = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensate",
    "cancelEventDefinition": "cancel",
}
# What the standard lets be said of an element and nothing here acts on; attributes with the values that say nothing.
_UNREAD_ATTRIBUTES: Final = {
    "isForCompensation": ("false", "0"), "instantiate": ("false", "0"), "eventGatewayType": ("Exclusive",),
    "startQuantity": ("1",), "completionQuantity": ("1",), "behavior": ("All",),
}  # fmt: skip
_UNREAD_TAGS: Final = frozenset({
    "dataInputAssociation", "dataOutputAssociation", "loopDataInputRef", "loopDataOutputRef", "inputDataItem",
    "outputDataItem", "complexBehaviorDefinition", "performer", "humanPerformer", "potentialOwner", "resourceRole",
})  # fmt: skip
_TIMER_KINDS: Final[Mapping[str, TimerKind]] = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def local(node: etree._Element) -> str:
    """Return the local tag of a node in the BPMN namespace, "" for any other."""
    tag = node.tag
    return tag[len(B) :] if isinstance(tag, str) and tag.startswith(B) else ""


def resolve(reference: str, known: Mapping[str, Any]) -> str:
    """Return the id a reference means: QName prefixes ("tns:Message_1") are dropped unless the id is written so."""
    reference = reference.strip()
    return reference if reference in known else reference.rpartition(":")[2]


def name_of(node: etree._Element) -> str:
    # Desktop modelers on some systems write decomposed Vietnamese; group names are compared, so one form is kept.
    return unicodedata.normalize("NFC", " ".join((node.get("name") or "").split()))


def text_of(node: etree._Element | None) -> str:
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def attribute(node: etree._Element | None, name: str) -> str | None:
    """Return an attribute without outer blanks, None when it is absent or blank."""
    return (node.get(name) or "").strip() or None if node is not None else None


def flag(node: etree._Element | None, name: str, default: bool) -> bool:
    value = attribute(node, name)
    return default if value is None else value in ("true", "1")


def extension(node: etree._Element, path: str) -> list[etree._Element]:
    return node.findall(f"{B}extensionElements/" + "/".join(Z + step for step in path.split("/")))


def first(nodes: Iterable[etree._Element]) -> etree._Element | None:
    return next(iter(nodes), None)


def pairs(node: etree._Element, path: str, key: str) -> dict[str, str]:
    return {each.get(key) or "": each.get("value") or "" for each in extension(node, path) if each.get(key)}


def mappings(node: etree._Element, path: str) -> tuple[IoMapping, ...]:
    found = extension(node, path)
    return tuple(IoMapping(attribute(each, "source") or "", attribute(each, "target") or "") for each in found)


def loop(node: etree._Element) -> LoopKind:
    multiple = node.find(f"{B}multiInstanceLoopCharacteristics")
    if multiple is not None:
        return "sequential" if flag(multiple, "isSequential", False) else "parallel"
    return "none" if node.find(f"{B}standardLoopCharacteristics") is None else "standard"


def loop_definition(node: etree._Element) -> LoopDefinition | None:
    """Return what the loop marker of a node says; None without one."""
    standard = node.find(f"{B}standardLoopCharacteristics")
    multiple = node.find(f"{B}multiInstanceLoopCharacteristics")
    if multiple is not None:
        found = first(extension(multiple, "loopCharacteristics"))
        return LoopDefinition(
            condition=text_of(multiple.find(f"{B}completionCondition")) or None,
            cardinality=text_of(multiple.find(f"{B}loopCardinality")) or None,
            input_collection=attribute(found, "inputCollection"),
            input_element=attribute(found, "inputElement"),
            output_collection=attribute(found, "outputCollection"),
            output_element=attribute(found, "outputElement"),
        )
    if standard is None:
        return None
    return LoopDefinition(
        condition=text_of(standard.find(f"{B}loopCondition")) or None,
        test_before=flag(standard, "testBefore", False),
        maximum=attribute(standard, "loopMaximum"),
    )


def unread(node: etree._Element) -> tuple[str, ...]:
    """Return the names of the attributes and children of an element and its loop marker that would be passed over."""
    found: list[str] = []
    for each in (node, *node.findall(f"{B}multiInstanceLoopCharacteristics")):
        said = ((name, attribute(each, name)) for name in _UNREAD_ATTRIBUTES)
        found += [name for name, value in said if value is not None and value not in _UNREAD_ATTRIBUTES[name]]
        found += [tag for tag in map(local, each) if tag in _UNREAD_TAGS]
    return tuple(dict.fromkeys(found))


def triggers(root: etree._Element) -> dict[str, str]:
    """Return the codes of the errors and escalations and the names of the signals of a file, by their ids."""
    names = {"error": "errorCode", "escalation": "escalationCode", "signal": "name"}
    return {
        each.get("id") or "": attribute(each, name) or ""
        for tag, name in names.items()
        for each in root.findall(f"{B}{tag}[@id]")
    }


def trigger_of(definition: etree._Element | None, event: EventKind, known: Mapping[str, str]) -> str | None:
    """Return the code or name an event definition refers to; "" when it is missing, None without a reference."""
    if definition is None or event not in ("error", "escalation", "signal", "link"):
        return None
    if event == "link":
        return attribute(definition, "name") or ""
    reference = attribute(definition, f"{event}Ref")
    return None if reference is None else known.get(resolve(reference, known), "")


def timer_of(definition: etree._Element | None) -> TimerDefinition | None:
    """Return the timer as drawn; None when it has no text or several contradicting ones."""
    if definition is None:
        return None
    found = [each for each in definition if local(each) in _TIMER_KINDS]
    text = text_of(found[0]) if len(found) == 1 else ""
    return TimerDefinition(_TIMER_KINDS[local(found[0])], text) if text else None


def condition_of(definition: etree._Element | None) -> str | None:
    """Return the condition of a conditional event as written; None without one."""
    return text_of(definition.find(f"{B}condition")) or None if definition is not None else None


def zeebe_facts(node: etree._Element) -> dict[str, Any]:
    assignment = first(extension(node, "assignmentDefinition"))
    schedule = first(extension(node, "taskSchedule"))
    job = first(extension(node, "taskDefinition"))
    called = first(extension(node, "calledElement"))
    decision = first(extension(node, "calledDecision"))
    return {
        "candidate_groups": attribute(assignment, "candidateGroups"),
        "assignee": attribute(assignment, "assignee"),
        "due_date": attribute(schedule, "dueDate"),
        "follow_up_date": attribute(schedule, "followUpDate"),
        "priority": attribute(first(extension(node, "priorityDefinition")), "priority"),
        "form_id": attribute(first(extension(node, "formDefinition")), "formId"),
        "job_type": attribute(job, "type"),
        "job_retries": attribute(job, "retries"),
        "headers": pairs(node, "taskHeaders/header", "key"),
        "called_element": attribute(called, "processId") or attribute(node, "calledElement"),
        "decision_id": attribute(decision, "decisionId"),
        "result_variable": attribute(decision, "resultVariable"),
        "propagate_all_parent": flag(called, "propagateAllParentVariables", True),
        "propagate_all_child": flag(called, "propagateAllChildVariables", False),
        "inputs": mappings(node, "ioMapping/input"),
        "outputs": mappings(node, "ioMapping/output"),
        "properties": pairs(node, "properties/property", "name"),
    }
