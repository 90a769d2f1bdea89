"""The one door to SpiffWorkflow: every class of the library that is extended or used here, and its silenced loggers."""

from __future__ import annotations

import logging

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.defaults import (
    BoundaryEvent,
    CallActivity,
    EndEvent,
    ExclusiveGateway,
    InclusiveGateway,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    ParallelGateway,
    ReceiveTask,
    SendTask,
    ServiceTask,
    StartEvent,
    SubWorkflowTask,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import (
    EventDefinition,
)
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

# The library logs every change of state, which costs a fifth of a step; the case's own history says it better.
for _name in ("spiff.task", "spiff.workflow", "spiff.data"):
    logging.getLogger(_name).disabled = True

__all__ = [
    "BoundaryEvent",
    "BpmnParser",
    "BpmnProcessSpec",
    "BpmnStartTask",
    "BpmnSubWorkflow",
    "BpmnWorkflow",
    "CallActivity",
    "EndEvent",
    "EventDefinition",
    "ExclusiveGateway",
    "InclusiveGateway",
    "IntermediateCatchEvent",
    "IntermediateThrowEvent",
    "ManualTask",
    "ParallelGateway",
    "ProcessParser",
    "PythonScriptEngine",
    "ReceiveTask",
    "SendTask",
    "ServiceTask",
    "StartEvent",
    "SubWorkflowTask",
    "Task",
    "TaskParser",
    "TaskState",
    "UserTask",
    "full_tag",
]
