"""Conditional events: they happen as soon as their condition turns from false to true."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from bpmn.spiff.boundary import Boundary, Guard
from bpmn.spiff.engine import Sighted
from bpmn.spiff.instances import holds
from bpmn.spiff.library import BoundaryEvent, IntermediateCatchEvent, StartEvent
from bpmn.spiff.token import Scope, Token
from bpmn.spiff.waits import InnerCatch

CONDITION: Final = "condition"


class ConditionCatch(InnerCatch):
    """Looks at its condition when a token arrives, and again whenever nothing else moves (see `came_true`)."""

    catches = CONDITION

    def open(self, token: Token, inputs: Mapping[str, Any]) -> None:
        """Let the token wait here; what holds already happens in its turn, even if it should not hold then."""
        super().open(token, inputs)
        if self.turned(token):
            token.workflow.top_workflow.ready.append(token)

    def turned(self, token: Token) -> bool:
        """Look at the condition and tell whether it has turned from false to true; null counts as false."""
        seer, over = _seen(token)
        engine, before = token.workflow.script_engine, token.held
        token.held = holds(engine, seer, self.binding.condition, over, default=False)
        return token.held and not before


def _seen(token: Token) -> tuple[Sighted, Mapping[str, Any]]:
    """Return from where a condition is seen, and what lies over the variables there.

    A boundary event sees the variables inside a sub-process or around the instances of a loop, and the inputs of a task
    or call; what a called process keeps is its own.
    """
    engine, host = token.workflow.script_engine, token.host
    inner = token.workflow.top_workflow.subprocesses.get(host.id) if host is not None else None
    if inner is not None and inner.spec.kind != "process":
        return inner, {}
    owner = token if host is None else host
    return token, engine.mapped(owner, owner.task_spec.binding.inputs, {})


class CatchCondition(ConditionCatch, IntermediateCatchEvent):
    """An intermediate event that waits until something is true."""


class BoundaryCondition(Boundary, ConditionCatch, BoundaryEvent):
    """Something that may come true while an activity is open."""


class GuardCondition(Guard, ConditionCatch, StartEvent):
    """Something that starts an event sub-process when it comes true."""


def listening(scopes: Iterable[Scope]) -> Iterator[Token]:
    """Yield the tokens that wait for a condition."""
    for scope in scopes:
        if scope.spec.conditional:
            yield from (each for each in scope.live() if each.task_spec.catches == CONDITION and each.waiting)


def came_true(scopes: Iterable[Scope]) -> list[Token]:
    """Look at every condition that is waited for and return the tokens where it turned true.

    All are looked at before any of them happens; they come in the order of the document, then of their keys.
    """
    return [token for token in sorted(listening(scopes), key=_order) if token.task_spec.turned(token)]


def _order(token: Token) -> tuple[str, int, str, int]:
    return token.workflow.spec.process_id, token.task_spec.binding.position, token.workflow.scope, token.number
