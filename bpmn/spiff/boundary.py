"""Boundary events, which watch an activity, and guards, which watch a scope: they end it or put a token beside it."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.spiff import open_wait
from bpmn.spiff.library import BoundaryEvent, StartEvent
from bpmn.spiff.spec import leave
from bpmn.spiff.token import Token
from bpmn.spiff.waits import InnerCatch, MessageCatch, TimerCatch, WaitSpec


class Boundary(WaitSpec):
    """What all kinds share; `end` is called when the event happens."""

    def end(self, token: Token, result: Mapping[str, Any]) -> None:
        """Let the event happen: an interrupting one cancels its activity first."""
        self.write(token, result)
        self._visit(token)
        if self.binding.element.interrupting:
            token.workflow.top_workflow.journal.close(token.id)
            token.resume()
            if token.host is not None:
                token.workflow.discard(token.host)
            token.advance()
        else:
            leave(token, self.binding)
            self.after(token)

    def after(self, token: Token) -> None:
        """What becomes of an event that does not interrupt: it stays open."""

    def _visit(self, token: Token) -> None:
        """Note the visit: the first time under the key of the wait, later under the next number."""
        workflow, element_id = token.workflow, self.name
        number = workflow.next_number(element_id) if token.fired else token.number
        workflow.visit(element_id, number, None)
        token.fired = True


class BoundaryMessage(Boundary, MessageCatch, BoundaryEvent):
    """A message that may come while an activity is open."""


class BoundaryTimer(Boundary, TimerCatch, BoundaryEvent):
    """An instant, or a cycle, that may come while an activity is open."""

    def after(self, token: Token) -> None:
        again(token)


class BoundaryError(Boundary, InnerCatch, BoundaryEvent):
    """An error thrown inside an activity."""

    catches = "error"


class BoundaryEscalation(Boundary, InnerCatch, BoundaryEvent):
    """An escalation thrown inside an activity."""

    catches = "escalation"


class BoundarySignal(Boundary, InnerCatch, BoundaryEvent):
    """A signal that may come while an activity is open."""

    catches = "signal"


def again(token: Token) -> None:
    """Open the next slot of a cycle under the same key; a timer without one is over."""
    cycle = open_wait.next_cycle(token)
    if cycle is None:
        token.workflow.discard(token)
    else:
        token.cycle = cycle
        token.workflow.top_workflow.journal.open(open_wait.timer_at(token, cycle.due))


class Guard(WaitSpec):
    """The start event of an event sub-process, watching the scope that holds it."""

    guards = True

    def end(self, token: Token, result: Mapping[str, Any]) -> None:
        """Let the event happen: an interrupting one cancels everything else in the scope first."""
        self.write(token, result)
        workflow, handler = token.workflow, str(self.binding.element.parent)
        if self.binding.element.interrupting:
            for other in workflow.live():
                workflow.discard(other)
            workflow.place(handler, None)
        else:
            workflow.place(handler, None)
            self.after(token)

    def after(self, token: Token) -> None:
        """What becomes of an event that does not interrupt: it stays open."""


class GuardMessage(Guard, MessageCatch, StartEvent):
    """A message that starts an event sub-process."""


class GuardTimer(Guard, TimerCatch, StartEvent):
    """An instant, or a cycle, that starts an event sub-process."""

    def after(self, token: Token) -> None:
        again(token)


class GuardError(Guard, InnerCatch, StartEvent):
    """An error that starts an event sub-process."""

    catches = "error"


class GuardEscalation(Guard, InnerCatch, StartEvent):
    """An escalation that starts an event sub-process."""

    catches = "escalation"


class GuardSignal(Guard, InnerCatch, StartEvent):
    """A signal that starts an event sub-process."""

    catches = "signal"
