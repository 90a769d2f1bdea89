"""The one door to SpiffWorkflow: every class of the library that is extended or used here, and its silenced loggers."""

from __future__ import annotations

import logging

# The library ships no types; this is the only module that imports it, so the marks stand in one place.
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.parser.util import full_tag  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.specs import BpmnProcessSpec  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.specs.control import BpmnStartTask  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.specs.defaults import (  # type: ignore[import-untyped]  # untyped library
    BoundaryEvent,
    CallActivity,
    EndEvent,
    ExclusiveGateway,
    IntermediateCatchEvent,
    ParallelGateway,
    ReceiveTask,
    SendTask,
    ServiceTask,
    StartEvent,
    UserTask,
)
from SpiffWorkflow.bpmn.specs.event_definitions.base import (  # type: ignore[import-untyped]  # untyped library
    EventDefinition,
)
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.task import Task  # type: ignore[import-untyped]  # untyped library
from SpiffWorkflow.util.task import TaskState  # type: ignore[import-untyped]  # untyped library

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
    "IntermediateCatchEvent",
    "ParallelGateway",
    "ProcessParser",
    "PythonScriptEngine",
    "ReceiveTask",
    "SendTask",
    "ServiceTask",
    "StartEvent",
    "Task",
    "TaskParser",
    "TaskState",
    "UserTask",
    "full_tag",
]
