"""Elements where a token waits for the world: people, jobs, messages and time, and the boundary events that watch."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping
from typing import Any

from bpmn.model import Wait
from bpmn.spiff import open_wait
from bpmn.spiff.instances import collect, forget
from bpmn.spiff.library import (
    EndEvent,
    IntermediateCatchEvent,
    IntermediateThrowEvent,
    ManualTask,
    ReceiveTask,
    SendTask,
    ServiceTask,
    TaskState,
    UserTask,
)
from bpmn.spiff.spec import TokenSpec
from bpmn.spiff.token import Token


class WaitSpec(TokenSpec):
    """Opens a wait when a token arrives; ended by its key."""

    def _update_hook(self, my_task: Token) -> bool:
        inputs = self.inputs(my_task)
        self.open(my_task, inputs)
        watch(my_task, inputs)
        return False

    def open(self, token: Token, inputs: Mapping[str, Any]) -> None:
        """Let the token wait here, and tell the outside what for."""
        token._set_state(TaskState.WAITING)
        if self.wait_kind is not None:
            token.workflow.top_workflow.journal.open(self.describe(token, inputs))

    def _on_complete_hook(self, my_task: Token) -> None:
        unwatch(my_task)
        super()._on_complete_hook(my_task)

    def _on_cancel(self, my_task: Token) -> None:
        my_task.workflow.top_workflow.journal.close(my_task.id)
        unwatch(my_task)
        forget(my_task)

    def inputs(self, token: Token) -> dict[str, Any]:
        return dict(token.workflow.script_engine.mapped(token, self.binding.inputs, {}))

    def describe(self, token: Token, inputs: Mapping[str, Any]) -> Wait:
        """Return the wait as the outside sees it; expressions see the inputs over the variables."""
        raise NotImplementedError

    def end(self, token: Token, result: Mapping[str, Any]) -> None:
        """End the wait: write the result, close, and let the token go on."""
        self.write(token, result)
        token.workflow.top_workflow.journal.close(token.id)
        token.resume()
        collect(token, result)
        forget(token)
        if token.host is not None:
            # Behind an event gateway: only what happens is visited, and the others are closed.
            token.workflow.visit(self.name, token.number, self.binding.element.incoming[0])
            token.workflow.discard(token.host)
        token.advance()

    def write(self, token: Token, result: Mapping[str, Any]) -> None:
        """Write every name of the result into the scope, or what the output mappings make of it over the inputs."""
        engine, values = token.workflow.script_engine, result
        if self.binding.outputs:
            values = engine.mapped(token, self.binding.outputs, ChainMap(dict(result), self.inputs(token)))
        token.write(values)


def watch(host: Token, inputs: Mapping[str, Any]) -> None:
    """Open what watches while a token is here: boundary events, or the events behind an event gateway."""
    for element_id in host.task_spec.binding.boundaries:
        token = host.workflow.put(element_id, host.workflow.next_number(element_id))
        token.host = host
        token.task_spec.open(token, inputs)


def unwatch(host: Token) -> None:
    """Close what watched a token that goes."""
    if host.task_spec.binding.boundaries:
        for token in host.workflow.live():
            if token.host is host and token.waiting:
                host.workflow.discard(token)


class UserWork(WaitSpec, UserTask):
    """A person has to act."""

    wait_kind = "task"

    def describe(self, token: Token, inputs: Mapping[str, Any]) -> Wait:
        return open_wait.user_wait(token, inputs)


class Job(WaitSpec):
    """A machine has to act; the engine's outbox does, and completes it."""

    wait_kind = "task"

    def describe(self, token: Token, inputs: Mapping[str, Any]) -> Wait:
        return open_wait.job_wait(token, inputs)


class ServiceJob(Job, ServiceTask):
    """A service task."""


class SendJob(Job, SendTask):
    """A send task."""


class ManualJob(Job, ManualTask):
    """A manual task: whoever serves its job type learns that something has to be done by hand, and says when it is."""


class RuleJob(Job, ServiceTask):
    """A business rule task: its rules are kept by whoever serves its job type."""


class ThrowMessage(Job, IntermediateThrowEvent):
    """An intermediate event that sends a message: as a job of its type."""


class EndMessage(Job, EndEvent):
    """An end event that sends a message: as a job of its type."""


class MessageCatch(WaitSpec):
    """A message has to come."""

    wait_kind = "message"

    def describe(self, token: Token, inputs: Mapping[str, Any]) -> Wait:
        return open_wait.message_wait(token, inputs)


class ReceiveWork(MessageCatch, ReceiveTask):
    """A receive task."""


class CatchMessage(MessageCatch, IntermediateCatchEvent):
    """An intermediate event that waits for a message."""


class TimerCatch(WaitSpec):
    """Time has to pass."""

    wait_kind = "timer"

    def describe(self, token: Token, inputs: Mapping[str, Any]) -> Wait:
        wait, cycle = open_wait.timer_wait(token, inputs)
        token.cycle = cycle
        return wait


class CatchTimer(TimerCatch, IntermediateCatchEvent):
    """An intermediate event that waits for an instant; of a cycle it takes the first slot."""


class EventChoice(TokenSpec, IntermediateCatchEvent):
    """An event gateway: waits until the first of the events behind it happens; the others are closed then.

    The library's gateway would take the events out of the elements behind it; here they stay where they are drawn.
    """

    catches = "choice"

    def _update_hook(self, my_task: Token) -> bool:
        my_task._set_state(TaskState.WAITING)
        watch(my_task, {})
        return False

    def _on_cancel(self, my_task: Token) -> None:
        unwatch(my_task)


class InnerCatch(WaitSpec):
    """Something thrown inside the instance has to come: nothing the outside could bring by a key."""


class CatchSignal(InnerCatch, IntermediateCatchEvent):
    """An intermediate event that waits for a signal."""

    catches = "signal"
