"""What is thrown inside an instance and where it is caught: errors and escalations outward, signals everywhere."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.errors import StepError
from bpmn.model import Signal, SignalWait
from bpmn.spiff.library import EndEvent, IntermediateCatchEvent, IntermediateThrowEvent
from bpmn.spiff.open_wait import signal_wait
from bpmn.spiff.spec import TokenSpec, leave
from bpmn.spiff.token import Token, Top


def catcher(token: Token, event: str, code: str | None) -> Token | None:
    """Return the innermost boundary event or guard around a token that catches an error or escalation.

    In one place a boundary event comes before a guard, and the same code before one that catches all.
    """
    origin: Token | None = token
    while origin is not None:
        found = [each for each in origin.workflow.live() if _hears(each, origin, event, code)]
        if found:
            return min(found, key=lambda each: (each.task_spec.guards, each.task_spec.binding.element.trigger is None))
        origin = origin.workflow.host
    return None


def _hears(each: Token, origin: Token, event: str, code: str | None) -> bool:
    spec, element = each.task_spec, each.task_spec.binding.element
    if spec.catches != event or not each.waiting or element.trigger not in (None, code):
        return False
    # What an event sub-process throws is not for itself.
    return element.parent != origin.task_spec.name if spec.guards else each.host is origin


def throw_error(token: Token, code: str, payload: Mapping[str, Any]) -> None:
    """Hand an error to whoever catches it; raises StepError naming the element and the code when nobody does."""
    caught = catcher(token, "error", code)
    if caught is None:
        element_id = token.task_spec.name
        raise StepError(
            f'The error "{code}" of "{element_id}" is caught nowhere.',
            element_id,
            message_vi=f"Lỗi “{code}” của “{element_id}” không được xử lý ở đâu.",
        )
    caught.task_spec.end(caught, payload)


def throw_escalation(token: Token, code: str | None) -> None:
    """Hand an escalation to whoever catches it; when nobody does, nothing happens."""
    caught = catcher(token, "escalation", code)
    if caught is not None:
        caught.task_spec.end(caught, {})


def throw_signal(top: Top, name: str, payload: Mapping[str, Any]) -> None:
    """Hand a signal to everything in the instance that waits for it now."""
    for token in _signal_tokens(top):
        # One that was caught before may have cancelled this one.
        if token.task_spec.binding.element.trigger == name and token.alive and token.waiting:
            token.task_spec.end(token, payload)


def listening(top: Top) -> tuple[SignalWait, ...]:
    """Return everything in the instance that waits for a signal, by key."""
    waits = (signal_wait(token) for token in _signal_tokens(top) if token.waiting)
    return tuple(sorted(waits, key=lambda wait: wait.key))


def _signal_tokens(top: Top) -> list[Token]:
    return [token for scope in top.scopes() for token in scope.live() if token.task_spec.catches == "signal"]


class Throwing(TokenSpec):
    """Throws when a token arrives; the token goes on unless that has cancelled it."""

    def _on_complete_hook(self, my_task: Token) -> None:
        self.throw(my_task)
        if my_task.alive:
            leave(my_task, self.binding)

    def throw(self, token: Token) -> None:
        """Throw."""
        raise NotImplementedError


class EndError(Throwing, EndEvent):
    """An end event that throws an error."""

    def throw(self, token: Token) -> None:
        throw_error(token, str(self.binding.element.trigger), {})


class Escalating(Throwing):
    """What both escalating events share."""

    def throw(self, token: Token) -> None:
        throw_escalation(token, self.binding.element.trigger)


class ThrowEscalation(Escalating, IntermediateThrowEvent):
    """An intermediate event that throws an escalation."""


class EndEscalation(Escalating, EndEvent):
    """An end event that throws an escalation."""


class Signalling(Throwing):
    """What both signalling events share: the signal carries what their input mappings make."""

    def throw(self, token: Token) -> None:
        top, engine = token.workflow.top_workflow, token.workflow.script_engine
        signal = Signal(str(self.binding.element.trigger), engine.mapped(token, self.binding.inputs, {}))
        top.journal.signal(signal)
        throw_signal(top, signal.name, signal.payload)


class ThrowSignal(Signalling, IntermediateThrowEvent):
    """An intermediate event that throws a signal."""


class EndSignal(Signalling, EndEvent):
    """An end event that throws a signal."""


class ThrowNothing(TokenSpec, IntermediateThrowEvent):
    """An intermediate event without a trigger: a milestone that is passed."""


class ThrowLink(TokenSpec, IntermediateThrowEvent):
    """A link: its token goes on where the link of the same name is caught on the same level; `target` is that event."""

    target: str

    def _on_complete_hook(self, my_task: Token) -> None:
        my_task.workflow.place(self.target, None)


class CatchLink(TokenSpec, IntermediateCatchEvent):
    """Where a link goes on."""
