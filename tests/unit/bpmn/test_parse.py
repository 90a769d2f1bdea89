"""A diagram becomes exactly the facts that are drawn and set in it."""

from __future__ import annotations

import hashlib

import pytest

from bpmn.errors import UnreadableDiagramError
from bpmn.model import Element, IoMapping, MessageDefinition, ProcessDefinition, TimerDefinition
from bpmn.parse import definitions, parse, read

HEAD = (
    '<b:definitions xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:z="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:tns="urn:x">'
)
FLOW = '<b:sequenceFlow id="{}" sourceRef="{}" targetRef="{}"/>'


def file(process: str, beside: str = "", attributes: str = 'isExecutable="true"') -> bytes:
    return f'{HEAD}{beside}<b:process id="p" {attributes}>{process}</b:process></b:definitions>'.encode()


def parsed(process: str, beside: str = "") -> ProcessDefinition:
    return parse(file(process, beside))


def element(text: str, beside: str = "") -> Element:
    (found,) = parsed(text, beside).elements.values()
    return found


def extended(kind: str, extensions: str, attributes: str = "") -> Element:
    return element(f'<b:{kind} id="x" {attributes}><b:extensionElements>{extensions}</b:extensionElements></b:{kind}>')


def test_process_facts() -> None:
    data = file(
        "<b:documentation> Vì sao </b:documentation><b:extensionElements><z:properties>"
        '<z:property name="caseStatus" value="2"/></z:properties></b:extensionElements><b:startEvent id="s"/>',
        attributes='name="Khai  sinh&#10;" isExecutable="true"',
    )
    process = parse(data)
    assert (process.id, process.name, process.executable) == ("p", "Khai sinh", True)
    assert process.documentation == "Vì sao"
    assert process.properties == {"caseStatus": "2"}
    assert process.digest == hashlib.sha256(data).hexdigest()
    assert process.xml == data


def test_names_are_composed_and_ids_and_expressions_are_not_touched() -> None:
    decomposed = "Co\u0302ng chư\u0301c"
    found = extended("userTask", f'<z:assignmentDefinition assignee="{decomposed}"/>', f'name="{decomposed}"')
    assert found.name == "Công chức"
    assert found.assignee == decomposed


def test_flows_conditions_defaults_and_both_ends() -> None:
    process = parsed(
        '<b:startEvent id="s"/><b:exclusiveGateway id="g" default="f3"/><b:endEvent id="e"/>'
        + FLOW.format("f1", "s", "g")
        + '<b:sequenceFlow id="f2" name="Đủ" sourceRef="g" targetRef="e"><b:conditionExpression> =a &lt; 1\n'
        "</b:conditionExpression></b:sequenceFlow>" + FLOW.format("f3", "g", "tns:e")
    )
    assert [(flow.id, flow.source, flow.target) for flow in process.flows.values()] == [
        ("f1", "s", "g"), ("f2", "g", "e"), ("f3", "g", "e"),
    ]  # fmt: skip
    assert (process.flows["f2"].name, process.flows["f2"].condition) == ("Đủ", "=a < 1")
    assert process.flows["f3"].condition is None
    gateway = process.elements["g"]
    assert (gateway.incoming, gateway.outgoing, gateway.default_flow) == (("f1",), ("f2", "f3"), "f3")
    assert list(process.elements) == ["s", "g", "e"]


def test_user_task_settings() -> None:
    found = extended(
        "userTask",
        '<z:userTask/><z:assignmentDefinition candidateGroups=" a, b " assignee="=x"/><z:formDefinition formId="f"/>'
        '<z:taskSchedule dueDate="=d" followUpDate="2026-01-31"/><z:priorityDefinition priority="70"/>'
        '<z:properties><z:property name="helpVi" value="Xem kỹ"/><z:property value="lost"/></z:properties>'
        '<z:ioMapping><z:input source="=1" target="a"/><z:input source="=2" target="b"/>'
        '<z:output source="=c" target="d"/>'
        "</z:ioMapping>",
    )
    assert (found.candidate_groups, found.assignee, found.form_id) == ("a, b", "=x", "f")
    assert (found.due_date, found.follow_up_date, found.priority) == ("=d", "2026-01-31", "70")
    assert found.properties == {"helpVi": "Xem kỹ"}
    assert found.inputs == (IoMapping("=1", "a"), IoMapping("=2", "b"))
    assert found.outputs == (IoMapping("=c", "d"),)


def test_blank_settings_are_absent() -> None:
    found = extended("userTask", '<z:assignmentDefinition candidateGroups=" " assignee=""/><z:formDefinition/>')
    assert (found.candidate_groups, found.assignee, found.form_id, found.due_date) == (None, None, None, None)


def test_job_settings() -> None:
    found = extended(
        "serviceTask",
        '<z:taskDefinition type="fee.assess" retries="3"/>'
        '<z:taskHeaders><z:header key="kind" value="intake"/></z:taskHeaders>',
    )
    assert (found.job_type, found.job_retries, found.headers) == ("fee.assess", "3", {"kind": "intake"})


@pytest.mark.parametrize(
    ("attributes", "parent", "child"),
    [
        ("", True, False),
        ('propagateAllParentVariables="false" propagateAllChildVariables="true"', False, True),
        ('propagateAllParentVariables="true" propagateAllChildVariables="false"', True, False),
    ],
)
def test_call_settings(attributes: str, parent: bool, child: bool) -> None:
    found = extended("callActivity", f'<z:calledElement processId="intake" {attributes}/>')
    assert (found.called_element, found.propagate_all_parent, found.propagate_all_child) == ("intake", parent, child)


@pytest.mark.parametrize(("tag", "kind"), [("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")])
def test_timers(tag: str, kind: str) -> None:
    text = f"<b:timerEventDefinition><b:{tag}> =x + 1 </b:{tag}></b:timerEventDefinition>"
    found = element(f'<b:intermediateCatchEvent id="x">{text}</b:intermediateCatchEvent>')
    assert found.event == "timer"
    assert found.timer == TimerDefinition(kind, "=x + 1")  # type: ignore[arg-type]  # parametrised literals


@pytest.mark.parametrize("inside", ["", "<b:timeDate/>", "<b:timeDate>a</b:timeDate><b:timeCycle>b</b:timeCycle>"])
def test_timers_without_one_value_have_none(inside: str) -> None:
    found = element(f'<b:startEvent id="x"><b:timerEventDefinition>{inside}</b:timerEventDefinition></b:startEvent>')
    assert (found.event, found.timer) == ("timer", None)


@pytest.mark.parametrize(
    ("inside", "condition"),
    [('<b:condition a="b"> =x &gt; 1\n</b:condition>', "=x > 1"), ("<b:condition/>", None), ("", None)],
)
def test_conditions_of_events(inside: str, condition: str | None) -> None:
    text = f"<b:conditionalEventDefinition>{inside}</b:conditionalEventDefinition>"
    found = element(f'<b:intermediateCatchEvent id="x">{text}</b:intermediateCatchEvent>')
    assert (found.event, found.condition) == ("conditional", condition)


@pytest.mark.parametrize(
    ("attributes", "inside", "names"),
    [
        ("", "", ()),
        ('isForCompensation="false" startQuantity="1"', "<b:documentation/>", ()),
        ('isForCompensation="true"', "", ("isForCompensation",)),
        ('startQuantity="2"', "<b:potentialOwner/><b:potentialOwner/>", ("startQuantity", "potentialOwner")),
        ("", "<b:dataInputAssociation/>", ("dataInputAssociation",)),
        ("", '<b:multiInstanceLoopCharacteristics behavior="All"/>', ()),
        (
            "",
            '<b:multiInstanceLoopCharacteristics behavior="One"><b:inputDataItem/>'
            "</b:multiInstanceLoopCharacteristics>",
            ("behavior", "inputDataItem"),
        ),
    ],
)
def test_what_nothing_acts_on_is_kept_by_name(attributes: str, inside: str, names: tuple[str, ...]) -> None:
    assert element(f'<b:userTask id="x" {attributes}>{inside}</b:userTask>').unread == names


MESSAGE = (
    '<b:message id="m" name="payment_received"><b:extensionElements><z:subscription correlationKey="=case.code"/>'
    "</b:extensionElements></b:message>"
)


@pytest.mark.parametrize("reference", ["m", "tns:m"])
@pytest.mark.parametrize(
    "text",
    [
        '<b:receiveTask id="x" messageRef="{}"/>',
        '<b:intermediateCatchEvent id="x"><b:messageEventDefinition messageRef="{}"/></b:intermediateCatchEvent>',
    ],
)
def test_messages_with_their_correlation_key(reference: str, text: str) -> None:
    found = element(text.format(reference), MESSAGE)
    assert found.message == MessageDefinition("m", "payment_received", "=case.code")


def test_dangling_message_is_none() -> None:
    assert element('<b:receiveTask id="x" messageRef="gone"/>', MESSAGE).message is None
    assert element('<b:receiveTask id="x"/>', MESSAGE + '<b:message name="no_id"/>').message is None


@pytest.mark.parametrize(
    ("definition", "kind"),
    [
        ("", "none"), ("error", "error"), ("escalation", "escalation"), ("signal", "signal"), ("cancel", "cancel"),
        ("conditional", "conditional"), ("link", "link"), ("terminate", "terminate"), ("compensate", "compensate"),
        ("unheardOf", "multiple"),
    ],
)  # fmt: skip
def test_event_kinds(definition: str, kind: str) -> None:
    inside = f"<b:{definition}EventDefinition/>" if definition else ""
    assert element(f'<b:endEvent id="x">{inside}</b:endEvent>').event == kind


def test_event_definitions_kept_beside_the_process_are_followed() -> None:
    text = '<b:endEvent id="x"><b:eventDefinitionRef>tns:t</b:eventDefinitionRef>{}</b:endEvent>'
    beside = '<b:terminateEventDefinition id="t"/>'
    assert element(text.format(""), beside).event == "terminate"
    assert element(text.format("<b:signalEventDefinition/>"), beside).event == "multiple"
    assert element(text.format("")).event == "multiple"


def test_boundary_events() -> None:
    process = parsed(
        '<b:userTask id="t"/><b:boundaryEvent id="a" attachedToRef="t"/>'
        '<b:boundaryEvent id="c" attachedToRef="gone" cancelActivity="false"/>'
    )
    assert [(each.attached_to, each.interrupting) for each in process.elements.values()] == [
        (None, True), ("t", True), ("gone", False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("marker", "loop"),
    [
        ("", "none"),
        ("<b:standardLoopCharacteristics/>", "standard"),
        ("<b:multiInstanceLoopCharacteristics/>", "parallel"),
        ('<b:multiInstanceLoopCharacteristics isSequential="true"/>', "sequential"),
    ],
)
def test_loop_markers(marker: str, loop: str) -> None:
    assert element(f'<b:userTask id="x">{marker}</b:userTask>').loop == loop


def test_inner_lane_names_the_group_and_sub_processes_hand_it_down() -> None:
    process = parsed(
        '<b:laneSet><b:lane id="l1" name="Xã"><b:flowNodeRef>a</b:flowNodeRef><b:flowNodeRef> b </b:flowNodeRef>'
        '<b:childLaneSet><b:lane id="l2" name="Tư  pháp"><b:flowNodeRef>b</b:flowNodeRef></b:lane></b:childLaneSet>'
        "</b:lane></b:laneSet>"
        '<b:userTask id="a"/><b:subProcess id="b"><b:userTask id="c"/><b:subProcess id="d"><b:task id="e"/>'
        '</b:subProcess></b:subProcess><b:userTask id="f"/>'
    )
    assert {key: (each.lane, each.parent) for key, each in process.elements.items()} == {
        "a": ("Xã", None), "b": ("Tư pháp", None), "c": ("Tư pháp", "b"), "d": ("Tư pháp", "b"),
        "e": ("Tư pháp", "d"), "f": (None, None),
    }  # fmt: skip
    assert [(lane.id, lane.name, lane.element_ids) for lane in process.lanes] == [
        ("l1", "Xã", ("a", "b")), ("l2", "Tư pháp", ("b",)),
    ]  # fmt: skip


def test_drawn_ids_and_foreign_data() -> None:
    process = parsed(
        '<b:task id="a"/><x:task xmlns:x="urn:foreign" id="b"/><b:dataObject id="c"/><b:textAnnotation id="d"/>',
        '<di:BPMNShape bpmnElement="a"/><di:BPMNEdge bpmnElement="tns:f"/><di:BPMNShape/>',
    )
    assert process.shapes == {"a", "f"}
    assert list(process.elements) == ["a"]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"", "XML"),
        (file("", attributes=""), "0 executable"),
        (file("", '<b:process id="q" isExecutable="true"/>'), "2 executable"),
        (file('<b:task id="a"/><b:userTask id="a"/>'), '"a" is used twice'),
        (file('<b:task id="m"/>', '<b:message id="m"/>'), '"m" is used twice'),
        (file("<b:task/>"), "has no id"),
        (file("").replace(b' id="p"', b""), "A process has no id"),
        (file('<b:sequenceFlow sourceRef="a" targetRef="a"/><b:task id="a"/>'), "has no id"),
        (file('<b:task id="a"/>' + FLOW.format("f", "a", "z")), "not connected"),
        (file('<b:task id="a"/><b:sequenceFlow id="f" targetRef="a"/>'), "not connected"),
    ],
)
def test_what_cannot_run_is_refused_with_words(data: bytes, word: str) -> None:
    with pytest.raises(UnreadableDiagramError, match=word) as caught:
        parse(data)
    assert caught.value.message_vi != caught.value.message


def test_lenient_reading_keeps_what_parse_refuses() -> None:
    data = file(
        '<b:task id="a"/><b:userTask id="a"/><b:task/><b:brandNewTask id="n"/>' + FLOW.format("f", "a", "z"),
        '<b:process id="q"/>',
    )
    other, process = definitions(read(data), data)
    assert (other.id, other.executable, len(other.elements)) == ("q", False, 0)
    assert {key: each.kind for key, each in process.elements.items()} == {"a": "task", "n": "brandNewTask"}
    assert process.flows["f"].target == "z"
