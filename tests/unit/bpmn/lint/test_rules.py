"""Every rule bites on the diagram that breaks it, names the element, and is silent on the one that keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from bpmn.lint import RULES, LintContext, lint
from bpmn.parse import parse
from bpmn.runner import problems

DI_WITHDRAW = 'bpmnElement="withdraw"'
END = "</bpmn:process>"
NS = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SECOND = '<bpmn:process id="second" isExecutable="true"><bpmn:startEvent id="s2"/></bpmn:process>'
TASK = '<bpmn:userTask id="do_more" name="Làm thêm"/>'
SUB = (
    '<bpmn:subProcess id="sub" name="Phần con"><bpmn:startEvent id="in1"/><bpmn:userTask id="inner_task"/>'
    '<bpmn:endEvent id="in2"/><bpmn:sequenceFlow id="i1" sourceRef="in1" targetRef="inner_task"/>{}</bpmn:subProcess>'
)
WITHDRAWN = '<bpmn:messageEventDefinition id="withdraw_def" messageRef="case_withdrawn"/>'
TIMER = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
ERROR = '<bpmn:error id="lost" errorCode="lost"/>'
ERROR_END = '<bpmn:endEvent id="refused" name="Bị từ chối"><bpmn:errorEventDefinition{}/></bpmn:endEvent>'
LEAP = '<bpmn:intermediateThrowEvent id="leap"><bpmn:linkEventDefinition name="B"/></bpmn:intermediateThrowEvent>'
CALLED = '<zeebe:calledDecision decisionId="{}" resultVariable="{}"/>'
DECIDE = (
    f'<bpmn:businessRuleTask id="decide_fee" name="Tính phí"><bpmn:extensionElements>{CALLED}{{}}'
    "</bpmn:extensionElements></bpmn:businessRuleTask>"
)
ASSESS = '<zeebe:taskDefinition type="fee.assess" retries="3"/>'
NOTIFY = '<zeebe:taskDefinition type="notify"/>'
ROUND = (
    '<bpmn:sequenceFlow id="d1" sourceRef="decide_fee" targetRef="again"/><bpmn:exclusiveGateway id="again"/>'
    '<bpmn:sequenceFlow id="d2" sourceRef="again" targetRef="decide_fee"/>'
)
TELL = '<bpmn:endEvent id="tell_them"><bpmn:messageEventDefinition/></bpmn:endEvent>'
CALL_END = "</bpmn:callActivity>"
FIRST = (
    '<bpmn:eventBasedGateway id="what_comes" name="Điều gì đến trước?"/>'
    '<bpmn:receiveTask id="await_answer" name="Chờ trả lời" messageRef="payment_received"/>'
    '<bpmn:sequenceFlow id="e1" sourceRef="what_comes" targetRef="wait_reply"/>'
    '<bpmn:sequenceFlow id="e2" sourceRef="what_comes" targetRef="await_answer"/>'
    '<bpmn:sequenceFlow id="e3" sourceRef="await_answer" targetRef="done"/>'
)
MANY = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics inputCollection="=case.papers" inputElement="paper" outputCollection="found"'
    ' outputElement="=decision"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
)
ITEM = 'source="=paper.code + loopCounter" target="code"'
ROUNDS = (
    '<bpmn:standardLoopCharacteristics loopMaximum="3"><bpmn:loopCondition>=decision</bpmn:loopCondition>'
    "</bpmn:standardLoopCharacteristics>"
)
HANDLER = (
    '<bpmn:subProcess id="sub" name="Quá hạn" triggeredByEvent="true"><bpmn:startEvent id="in1">{}</bpmn:startEvent>'
    '<bpmn:endEvent id="in2"/><bpmn:sequenceFlow id="i1" sourceRef="in1" targetRef="in2"/></bpmn:subProcess>'
)
CONDITION = "<bpmn:conditionalEventDefinition>{}</bpmn:conditionalEventDefinition>"
TRUE = CONDITION.format('<bpmn:condition xsi:type="bpmn:tFormalExpression">={}</bpmn:condition>')
SET = (
    '<bpmn:extensionElements><zeebe:properties><zeebe:property name="{}" value="{}"/></zeebe:properties>'
    "</bpmn:extensionElements>"
)
WAIT = '<bpmn:timerEventDefinition id="wait_def">'
REMIND = '<bpmn:timerEventDefinition id="remind_def">'
FILTER = '<bpmn:extensionElements><zeebe:conditionalFilter variableNames="decision"/></bpmn:extensionElements>'
LOOP = (
    '<bpmn:exclusiveGateway id="again" default="g1"/><bpmn:exclusiveGateway id="back"/>'
    '<bpmn:sequenceFlow id="g1" sourceRef="again" targetRef="back"/>'
    '<bpmn:sequenceFlow id="g2" sourceRef="back" targetRef="again"/>'
)

OUT = 'sourceRef="complete" targetRef="fork"'
NO = 'sourceRef="complete" targetRef="refused"'
REPLIED = 'sourceRef="wait_reply" targetRef="join"'
NO_DEFAULT = (' default="to_refused"', "")
FIRST_INPUT = 'source="=case.code" target="shown_code"'
ASSIGNEE = '<zeebe:assignmentDefinition assignee="=case.code"/>'

BY_MESSAGE = '<bpmn:startEvent id="{}"><bpmn:messageEventDefinition messageRef="payment_received"/></bpmn:startEvent>'
STARTS = (
    BY_MESSAGE.format("by_message")
    + f'<bpmn:startEvent id="by_time">{TIMER}</bpmn:startEvent>'
    + '<bpmn:sequenceFlow id="b1" sourceRef="by_message" targetRef="call_intake"/>'
    + '<bpmn:sequenceFlow id="b2" sourceRef="by_time" targetRef="call_intake"/>'
)

# rule, element, changes that break the rule
BITES = [
    ("unreadable", "", [("</bpmn:definitions>", "")]),
    ("unreadable", "", [("bpmn:definitions", "bpmn:other")]),
    ("no-process", "", [("bpmn:process", "bpmn:choreography")]),
    ("not-executable", "sample", [('isExecutable="true"', 'isExecutable="false"')]),
    ("several-processes", "second", [("</bpmn:definitions>", SECOND + "</bpmn:definitions>")]),
    ("missing-id", "sample", [(END, "<bpmn:userTask/>" + END)]),
    ("missing-id", "sample", [('<bpmn:sequenceFlow id="f1"', "<bpmn:sequenceFlow")]),
    ("duplicate-id", "fork", [(END, '<bpmn:parallelGateway id="fork"/>' + END)]),
    ("duplicate-id", "f1", [('id="payment_received"', 'id="f1"')]),
    ("no-start", "sample", [('<bpmn:startEvent id="started"', '<bpmn:userTask id="started"')]),
    ("no-start", "sub", [(END, SUB.format("").replace("startEvent", "userTask") + END)]),
    ("several-starts", "sample", [(END, '<bpmn:startEvent id="other"/>' + END)]),
    ("several-starts", "sample", [(END, BY_MESSAGE.format("x") + BY_MESSAGE.format("y") + END)]),
    ("no-end", "sample", [("bpmn:endEvent", "bpmn:manualTask")]),
    ("unreachable", "do_more", [(END, TASK + END)]),
    ("unreachable", "refused", [('sourceRef="complete" targetRef="refused"', 'sourceRef="complete" targetRef="fork"')]),
    ("dead-end", "send_result", [('sourceRef="send_result"', 'sourceRef="join"')]),
    ("dead-end", "withdraw", [('sourceRef="withdraw" targetRef', 'sourceRef="join" targetRef')]),
    ("flow-dangling", "f1", [('sourceRef="started"', 'sourceRef="nowhere"')]),
    ("flow-dangling", "f1", [('sourceRef="started" targetRef="call_intake"', "")]),
    ("flow-crosses-border", "f11", [(END, SUB.format("") + END), ('targetRef="done"', 'targetRef="in2"')]),
    ("flow-not-allowed", "started", [('targetRef="done"', 'targetRef="started"')]),
    ("flow-not-allowed", "remind", [('targetRef="done"', 'targetRef="remind"')]),
    ("flow-not-allowed", "refused", [('sourceRef="send_result"', 'sourceRef="refused"')]),
    ("boundary-no-host", "withdraw", [('attachedToRef="check_documents"', 'attachedToRef="gone"')]),
    ("boundary-no-host", "withdraw", [('attachedToRef="check_documents"', "")]),
    ("boundary-bad-host", "withdraw", [('attachedToRef="check_documents"', 'attachedToRef="complete"')]),
    ("endless-loop", "again", [(END, LOOP + END)]),
    ("endless-loop", "fork", [('targetRef="assess_fee"', 'targetRef="fork"')]),
    ("fake-join", "send_result", [('targetRef="done"', 'targetRef="send_result"')]),
    ("shape-missing", "withdraw", [(DI_WITHDRAW, "")]),
    ("shape-missing", "f1", [('bpmnElement="f1"', 'bpmnElement="f99"')]),
    ("gateway-no-default", "complete", [NO_DEFAULT]),
    (
        "gateway-no-default",
        "complete",
        [NO_DEFAULT, (NO, "")],
    ),
    ("gateway-no-default", "complete", [NO_DEFAULT, ("bpmn:exclusiveGateway", "bpmn:inclusiveGateway")]),
    ("default-unknown", "complete", [('default="to_refused"', 'default="f1"')]),
    ("default-ignored", "fork", [('id="fork"/>', 'id="fork" default="f4"/>')]),
    ("default-with-condition", "to_fork", [('default="to_refused"', 'default="to_fork"')]),
    ("condition-missing", "to_refused", [('default="to_refused"', 'default="to_fork"')]),
    ("condition-ignored", "to_fork", [("bpmn:exclusiveGateway", "bpmn:parallelGateway")]),
    (
        "condition-ignored",
        "to_fork",
        [(OUT, 'sourceRef="started" targetRef="fork"')],
    ),
    (
        "parallel-needless",
        "join",
        [(REPLIED, 'sourceRef="wait_reply" targetRef="done"')],
    ),
    ("event-gateway-target", "fork", [('bpmn:parallelGateway id="fork"', 'bpmn:eventBasedGateway id="fork"')]),
    ("user-task-no-group", "verify_facts", [("<bpmn:flowNodeRef>verify_facts</bpmn:flowNodeRef>", "")]),
    ("user-task-no-group", "verify_facts", [('name="Công chức tư pháp"', 'name=" "')]),
    ("unknown-group", "lane_officer", [('name="Công chức tư pháp"', 'name="Công an"')]),
    ("unknown-group", "check_documents", [('"one_stop, justice_officer"', '"one_stop, police"')]),
    ("unknown-group", "withdraw", [('name="messageGroups" value="one_stop"', 'name="messageGroups" value="all"')]),
    ("user-task-no-form", "verify_facts", [('<zeebe:formDefinition formId="verify"/>', "")]),
    ("unknown-form", "verify_facts", [('formId="verify"', 'formId="verfy"')]),
    ("unknown-form", "withdraw", [('value="withdrawal"', 'value="gone"')]),
    ("priority-invalid", "check_documents", [('priority="60"', 'priority="101"')]),
    ("priority-invalid", "check_documents", [('priority="60"', 'priority="-1"')]),
    ("priority-invalid", "check_documents", [('priority="60"', 'priority="cao"')]),
    ("schedule-invalid", "check_documents", [("2026-01-31T17:00:00+07:00", "2026-02-30T17:00:00+07:00")]),
    ("schedule-invalid", "check_documents", [("2026-01-31T17:00:00+07:00", "mai")]),
    ("name-not-vietnamese", "verify_facts", [('name="Xác minh"', "")]),
    ("name-not-vietnamese", "verify_facts", [('name="Xác minh"', 'name="Verify the facts now"')]),
    ("name-not-vietnamese", "verify_facts", [('name="Xác minh"', 'name="Verify facts"')]),
    ("name-not-vietnamese", "complete", [('name="Hồ sơ đầy đủ?"', 'name="?"')]),
    ("id-style", "Activity_0x1", [("check_documents", "Activity_0x1")]),
    ("id-style", "check", [("check_documents", "check")]),
    ("expression-invalid", "to_fork", [('=decision = "accepted"', '=decision = "accepted')]),
    ("expression-invalid", "check_documents", [("=add_working_days(case.received_at, 1)", "=add_working_days(")]),
    ("expression-invalid", "remind", [(">R3/P1D<", ">=1 +<")]),
    ("expression-invalid", "call_intake", [('source="=intake_decision"', 'source="=if"')]),
    ("expression-invalid", "assess_fee", [('value="=case.channel"', 'value="=[1,"')]),
    ("expression-invalid", "await_payment", [('correlationKey="=case.code"', 'correlationKey="="')]),
    ("expressions-too-long", "", [('=decision = "accepted"', '=decision = "' + "a" * 100_000 + '"')]),
    ("condition-not-feel", "to_fork", [('=decision = "accepted"', "accepted")]),
    ("condition-not-feel", "withdraw", [(WITHDRAWN, TRUE.format("").replace(">=<", ">decision<"))]),
    ("event-condition-missing", "withdraw", [(WITHDRAWN, CONDITION.format(""))]),
    ("event-condition-missing", "in1", [(END, HANDLER.format(CONDITION.format("<bpmn:condition/>")) + END)]),
    ("expression-invalid", "withdraw", [(WITHDRAWN, TRUE.format("decision ="))]),
    ("unknown-variable", "withdraw", [(WITHDRAWN, TRUE.format('decsion = "no"'))]),
    ("unknown-function", "withdraw", [(WITHDRAWN, TRUE.format("has_paid(case)"))]),
    (
        "extension-ignored",
        "withdraw",
        [(WITHDRAWN, CONDITION.format(FILTER + "<bpmn:condition>=true</bpmn:condition>"))],
    ),
    ("unknown-variable", "to_fork", [("=decision = ", "=decsion = ")]),
    (
        "unknown-variable",
        "check_documents",
        [(FIRST_INPUT, 'source="=twice" target="x1"')],
    ),
    ("unknown-variable", "await_payment", [('correlationKey="=case.code"', 'correlationKey="=the_case.code"')]),
    ("unknown-function", "check_documents", [("add_working_days(", "add_work_days(")]),
    ("mapping-incomplete", "call_intake", [(' target="decision"', "")]),
    ("mapping-incomplete", "call_intake", [(' target="decision"', ' target="a-b"')]),
    ("mapping-incomplete", "call_intake", [(' source="=intake_decision"', "")]),
    ("called-process-unset", "call_intake", [('processId="intake" ', "")]),
    ("called-process-unknown", "call_intake", [('processId="intake" ', 'processId="intak" ')]),
    ("called-process-unknown", "call_intake", [('processId="intake" ', 'processId="=case.code" ')]),
    ("timer-invalid", "wait_reply", [(">P5D<", "><")]),
    ("timer-invalid", "wait_reply", [(">P5D<", ">5 days<")]),
    ("timer-invalid", "remind", [(">R3/P1D<", ">P1D<")]),
    ("timer-invalid", "wait_reply", [(">P5D<", ">0 0 9 * * MON-FRI<")]),
    ("timer-invalid", "remind", [(">R3/P1D<", ">R/2026-01-31T08:00:00@Europe/Saigon/P1D<")]),
    ("cannot-run", "verify_facts", [('id="verify_facts" name', 'id="verify_facts" startQuantity="2" name')]),
    (
        "cannot-run",
        "verify_facts",
        [
            (
                '<zeebe:formDefinition formId="verify"/></bpmn:extensionElements>',
                '<zeebe:formDefinition formId="verify"/></bpmn:extensionElements><bpmn:dataOutputAssociation/>',
            )
        ],
    ),
    ("timer-cron", "remind", [(">R3/P1D<", ">0 0 9 * * MON-FRI<")]),
    ("timer-cron", "remind", [(">R3/P1D<", ">@daily<")]),
    ("timer-setting-invalid", "wait_reply", [(WAIT, SET.format("timerZone", "Saigon") + WAIT)]),
    ("timer-setting-invalid", "wait_reply", [(WAIT, SET.format("timerCalendar", "lunar") + WAIT)]),
    (
        "timer-working-hours",
        "remind",
        [(REMIND, SET.format("timerCalendar", "working") + REMIND), (">R3/P1D<", ">R3/P1DT4H<")],
    ),
    (
        "extension-ignored",
        "refused",
        [
            (
                '<bpmn:endEvent id="refused" name="Bị từ chối"/>',
                f'<bpmn:endEvent id="refused" name="Bị từ chối">{SET.format("timerZone", "Z")}</bpmn:endEvent>',
            )
        ],
    ),
    ("message-missing", "await_payment", [(' messageRef="payment_received"', "")]),
    ("message-missing", "await_payment", [(' messageRef="payment_received"', ' messageRef="gone"')]),
    ("message-missing", "withdraw", [('name="case_withdrawn"', "")]),
    ("message-no-correlation", "await_payment", [('<zeebe:subscription correlationKey="=case.code"/>', "")]),
    ("job-type-missing", "assess_fee", [('type="fee.assess" ', "")]),
    ("job-type-missing", "send_result", [('<zeebe:taskDefinition type="notify"/>', "")]),
    ("job-type-missing", "count_papers", [(END, '<bpmn:manualTask id="count_papers"/>' + END)]),
    ("job-type-missing", "decide_fee", [(END, '<bpmn:businessRuleTask id="decide_fee"/>' + END)]),
    ("called-decision-unknown", "decide_fee", [(END, DECIDE.format("fees", "fee", "") + END)]),
    ("cannot-run", "decide_fee", [(END, DECIDE.format("fee", "fee", NOTIFY) + END)]),
    ("cannot-run", "decide_fee", [(END, DECIDE.format("fee", "", "") + END)]),
    ("cannot-run", "decide_fee", [(END, DECIDE.format("fee", "case.fee", "") + END)]),
    ("cannot-run", "decide_fee", [(END, DECIDE.format("=fee", "fee", "") + END)]),
    (
        "cannot-run",
        "withdraw",
        [('attachedToRef="check_documents"', 'attachedToRef="decide_fee"'), (END, DECIDE.format("fee", "a", "") + END)],
    ),
    ("endless-loop", "decide_fee", [(END, DECIDE.format("fee", "fee", "") + ROUND + END)]),
    ("extension-ignored", "verify_facts", [('formId="verify"/>', 'formId="verify"/>' + CALLED.format("fee", "fee"))]),
    ("cannot-run", "withdraw", [(WITHDRAWN, '<bpmn:errorEventDefinition id="withdraw_def" errorRef="gone"/>')]),
    ("cannot-run", "refused", [('<bpmn:endEvent id="refused" name="Bị từ chối"/>', ERROR_END.format(""))]),
    ("not-executed", "in1", [(END, SUB.format("").replace('id="in1"/>', f'id="in1">{TIMER}</bpmn:startEvent>') + END)]),
    ("several-starts", "sub", [(END, SUB.format('<bpmn:startEvent id="in9"/>') + END)]),
    ("cannot-run", "leap", [(END, LEAP + END)]),
    ("not-executed", "in1", [(END, HANDLER.format("") + END)]),
    ("cannot-run", "in1", [(END, HANDLER.format("<bpmn:signalEventDefinition/>") + END)]),
    (
        "boundary-bad-host",
        "withdraw",
        [('attachedToRef="check_documents"', 'attachedToRef="sub"'), (END, HANDLER.format(TIMER) + END)],
    ),
    ("cannot-run", "call_intake", [(CALL_END, MANY.replace("=case.papers", "papers") + CALL_END)]),
    ("expression-invalid", "call_intake", [(CALL_END, MANY.replace("=case.papers", "=[1,") + CALL_END)]),
    ("unknown-variable", "call_intake", [(CALL_END, MANY.replace("=case.papers", "=heap") + CALL_END)]),
    ("not-executed", "fork", [('id="fork"/>', f'id="fork">{ROUNDS}</bpmn:parallelGateway>')]),
    ("job-type-missing", "tell_them", [(END, TELL + END)]),
    ("retries-invalid", "assess_fee", [('retries="3"', 'retries="many"')]),
    ("retries-invalid", "assess_fee", [('retries="3"', 'retries="-3"')]),
    ("extension-ignored", "verify_facts", [('formId="verify"', 'formId="verify" formKey="old"')]),
    ("extension-ignored", "verify_facts", [('<zeebe:formDefinition formId="verify"/>', "<zeebe:taskListeners/>")]),
]

KEPT = [
    ("nothing changed", []),
    ("a short name without marks", [('name="Xác minh"', 'name="Giao cho ai"')]),
    ("decomposed group name", [('name="Công chức tư pháp"', 'name="Co\u0302ng chư\u0301c tư pha\u0301p"')]),
    ("FEEL groups", [('"one_stop, justice_officer"', '"=[case.code]"')]),
    ("FEEL priority", [('priority="60"', 'priority="=decision"')]),
    ("lowest priority", [('priority="60"', 'priority="0"')]),
    ("highest priority", [('priority="60"', 'priority="100"')]),
    ("a term instead of a date", [("2026-01-31T17:00:00+07:00", "P5D")]),
    ("FEEL timer", [(">P5D<", ">=case.due_at<")]),
    ("FEEL retries", [('retries="3"', 'retries="=1 + 1"')]),
    ("bound names", [('=decision = "accepted"', "=some d in [decision] satisfies d = 1")]),
    (
        "assignee instead of lane",
        [('formId="verify"/>', 'formId="verify"/>' + ASSIGNEE)],
    ),
    ("unknown name in an output, which reads the result", [('"=intake_decision"', '"=fresh_result"')]),
    ("foreign extension data", [("<bpmn:documentation>", '<x:y xmlns:x="urn:x" a="b"/><bpmn:documentation>')]),
    ("a pool that only stands by", [("</bpmn:definitions>", '<bpmn:process id="other"/></bpmn:definitions>')]),
    ("a manual task", [("bpmn:serviceTask", "bpmn:manualTask")]),
    ("a business rule task", [("bpmn:serviceTask", "bpmn:businessRuleTask")]),
    ("a decision", [("bpmn:serviceTask", "bpmn:businessRuleTask"), (ASSESS, CALLED.format("fee", "fee"))]),
    ("an inclusive choice", [("bpmn:exclusiveGateway", "bpmn:inclusiveGateway")]),
    ("an inclusive join", [('bpmn:parallelGateway id="join"', 'bpmn:inclusiveGateway id="join"')]),
    (
        "an error end and a boundary event for any error",
        [
            ('<bpmn:endEvent id="refused" name="Bị từ chối"/>', ERROR_END.format(' errorRef="lost"')),
            ("<bpmn:process ", ERROR + "<bpmn:process "),
            (WITHDRAWN, '<bpmn:errorEventDefinition id="withdraw_def"/>'),
        ],
    ),
    ("a multi-instance call", [(CALL_END, MANY + CALL_END)]),
    ("a loop", [(CALL_END, ROUNDS + CALL_END)]),
    (
        "names of a loop in what it repeats",
        [(CALL_END, MANY + CALL_END), ('source="=case.code" target="code"', ITEM)],
    ),
    ("several ways to begin", [(END, STARTS + END)]),
    ("an event sub-process", [(END, HANDLER.format(TIMER) + END)]),
    ("a condition at the border of a task, over its inputs", [(WITHDRAWN, TRUE.format('shown_code = "7"'))]),
    ("a condition that starts an event sub-process", [(END, HANDLER.format(TRUE.format("case.paid")) + END)]),
    ("a zone and a date in it", [(WAIT, SET.format("timerZone", "Europe/Berlin") + WAIT), (">P5D<", ">P1M<")]),
    (
        "what is said of a task and changes nothing",
        [
            (
                'id="verify_facts" name',
                'id="verify_facts" startQuantity="1" completionQuantity="1" isForCompensation="false" name',
            )
        ],
    ),
    ("five working days", [(WAIT, SET.format("timerCalendar", "working") + WAIT)]),
    (
        "every working day, in a zone",
        [
            (REMIND, SET.format("timerCalendar", "working") + REMIND),
            (">R3/P1D<", ">R/2026-01-31T08:00:00[Asia/Ho_Chi_Minh]/P1D<"),
        ],
    ),
    (
        "an event gateway",
        [
            ('sourceRef="verify_facts" targetRef="wait_reply"', 'sourceRef="verify_facts" targetRef="what_comes"'),
            (END, FIRST + END),
        ],
    ),
    ("a comment", [("<bpmn:documentation>", "<!-- <!DOCTYPE x> --><bpmn:documentation>")]),
]

GOOD = "nothing changed"  # it holds what most rules look at
# Where each rule is shown to stay silent on what it looks at: a diagram of KEPT, or a test of this module.
SILENT = {
    **dict.fromkeys(
        [
            "boundary-bad-host",
            "boundary-no-host",
            "called-process-unknown",
            "called-process-unset",
            "condition-ignored",
            "condition-missing",
            "condition-not-feel",
            "dead-end",
            "default-ignored",
            "default-unknown",
            "default-with-condition",
            "duplicate-id",
            "expression-invalid",
            "expressions-too-long",
            "fake-join",
            "flow-dangling",
            "flow-not-allowed",
            "gateway-no-default",
            "id-style",
            "internal",
            "job-type-missing",
            "mapping-incomplete",
            "message-missing",
            "message-no-correlation",
            "missing-id",
            "more-findings",
            "name-not-vietnamese",
            "no-end",
            "no-process",
            "no-start",
            "not-executable",
            "not-executed",
            "parallel-needless",
            "priority-invalid",
            "retries-invalid",
            "schedule-invalid",
            "shape-missing",
            "timer-invalid",
            "unknown-form",
            "unknown-function",
            "unknown-group",
            "unreachable",
            "unreadable",
            "user-task-no-form",
            "user-task-no-group",
        ],
        GOOD,
    ),
    "called-decision-unknown": "a decision",
    "cannot-run": "an error end and a boundary event for any error",
    "endless-loop": "test_loop_through_a_task_is_no_endless_loop",
    "event-condition-missing": "a condition that starts an event sub-process",
    "event-gateway-target": "an event gateway",
    "extension-ignored": "foreign extension data",
    "flow-crosses-border": "an event sub-process",
    "several-processes": "a pool that only stands by",
    "several-starts": "several ways to begin",
    "timer-cron": "every working day, in a zone",
    "timer-setting-invalid": "every working day, in a zone",
    "timer-working-hours": "five working days",
    "unknown-variable": "bound names",
}


def found(data: bytes, rules: LintContext) -> set[tuple[str, str]]:
    return {(each.rule, each.element_id) for each in lint(data, "p.bpmn", rules)}


@pytest.mark.parametrize(("rule", "element_id", "changes"), BITES)
def test_rule_bites_on_what_breaks_it_and_not_before(
    rule: str,
    element_id: str,
    changes: list[tuple[str, str]],
    good: str,
    spoil: Callable[..., bytes],
    surroundings: LintContext,
) -> None:
    assert rule not in {each for each, _ in found(good.encode(), surroundings)}
    hits = [each for each in lint(spoil(*changes), "p.bpmn", surroundings) if each.rule == rule]
    assert element_id in {each.element_id for each in hits}
    assert all(each.severity == RULES[rule].severity for each in hits)


@pytest.mark.parametrize(("what", "changes"), KEPT, ids=[what for what, _ in KEPT])
def test_silent_on_correct_diagrams(
    what: str, changes: list[tuple[str, str]], spoil: Callable[..., bytes], surroundings: LintContext
) -> None:
    findings = lint(spoil(*changes), "p.bpmn", surroundings)
    assert [each for each in findings if each.rule != "shape-missing"] == []


def test_every_rule_has_a_case_that_it_bites_on() -> None:
    # The others have their own tests below and in test_hostile.py.
    assert set(RULES) - {rule for rule, _, _ in BITES} == {"internal", "more-findings"}


def test_every_rule_has_a_case_that_it_stays_silent_on() -> None:
    assert set(SILENT) == set(RULES)
    kept = {what for what, _ in KEPT}
    assert [rule for rule, where in SILENT.items() if where not in kept and where not in globals()] == []


def test_messages_are_filled_in_both_languages(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    for _, _, changes in BITES:
        for each in lint(spoil(*changes), "p.bpmn", surroundings):
            assert each.file == "p.bpmn"
            assert each.message
            assert each.message_en
            assert each.message != each.message_en
            assert not re.search(r"\{\w*\}", each.message + each.message_en)


def test_checks_without_knowledge_are_off(spoil: Callable[..., bytes]) -> None:
    data = spoil(
        ('name="Công chức tư pháp"', 'name="Công an"'),
        ('"one_stop, justice_officer"', '"police"'),
        ('formId="verify"', 'formId="other"'),
        ('processId="intake"', 'processId="other"'),
        ("=decision = ", "=no_name = "),
    )
    assert found(data, LintContext(functions=frozenset({"add_working_days"}))) == set()


def test_loop_through_a_task_is_no_endless_loop(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    data = spoil(('sourceRef="complete" targetRef="refused"', 'sourceRef="complete" targetRef="check_documents"'))
    assert "endless-loop" not in {rule for rule, _ in found(data, surroundings)}


def test_loop_through_a_sub_process_that_waits_is_no_endless_loop(
    spoil: Callable[..., bytes], surroundings: LintContext
) -> None:
    around = '<bpmn:sequenceFlow id="a1" sourceRef="sub" targetRef="sub"/>'
    waiting = spoil((END, SUB.format("") + around + END))
    passing = spoil((END, SUB.format("").replace("userTask", "task") + around + END))
    assert ("endless-loop", "sub") not in found(waiting, surroundings)
    assert ("endless-loop", "sub") in found(passing, surroundings)


def test_host_inputs_are_known_to_its_boundary_events(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    timer = "<bpmn:timerEventDefinition><bpmn:timeDate>={}</bpmn:timeDate></bpmn:timerEventDefinition>"
    old = '<bpmn:messageEventDefinition id="withdraw_def" messageRef="case_withdrawn"/>'
    known = spoil((old, timer.format("shown_code")))
    unknown = spoil((old, timer.format("hidden_code")))
    assert ("unknown-variable", "withdraw") not in found(known, surroundings)
    assert ("unknown-variable", "withdraw") in found(unknown, surroundings)


def test_expression_position_counts_from_one(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    data = spoil(('=decision = "accepted"', "=decision = )"))
    (hit,) = lint(data, "p.bpmn", surroundings)
    assert "at character 12:" in hit.message_en
    assert "tại ký tự 12:" in hit.message


def test_findings_follow_the_document_and_then_the_rule(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    data = spoil(('name="Xác minh"', ""), ('formId="verify"', 'formId="gone"'), ('priority="60"', 'priority="900"'))
    order = [(each.element_id, each.rule) for each in lint(data, "p.bpmn", surroundings)]
    assert order == [
        ("check_documents", "priority-invalid"),
        ("verify_facts", "name-not-vietnamese"),
        ("verify_facts", "unknown-form"),
    ]


def test_more_findings_than_anyone_reads_are_counted(spoil: Callable[..., bytes], surroundings: LintContext) -> None:
    many = "".join(f'<bpmn:manualTask id="m{number}"/>' for number in range(300))
    findings = lint(spoil((END, many + END)), "p.bpmn", surroundings)
    assert len(findings) == 500
    assert findings[-1].rule == "more-findings"
    assert findings[-1].message_en.startswith("1001 more")
    assert "1001" in findings[-1].message


def test_what_lint_accepts_the_runner_accepts(
    good: str, surroundings: LintContext, spoil: Callable[..., bytes]
) -> None:
    library = {"intake": parse(good.encode())}
    for _, changes in KEPT:
        assert problems(parse(spoil(*changes)), library) == ()
    # And what lint refuses for being outside the executed set is refused by the runner as well.
    data = spoil(('<bpmn:serviceTask id="assess_fee"', '<bpmn:serviceTask id="assess_fee" default="f5"'))
    assert any(rule == "default-ignored" for rule, _ in found(data, replace(surroundings, groups=None)))
    assert problems(parse(data), library)
