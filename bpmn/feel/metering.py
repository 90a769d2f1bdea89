"""What is evaluated again and again pays by its size: bodies of loops and functions, and conditions of filters."""

from __future__ import annotations

from collections.abc import Callable

from bpmn.feel import syntax
from bpmn.feel.limits import CALL_WEIGHT, POWER_WEIGHT, WEIGHT_PER_STEP
from bpmn.feel.scope import Evaluate, Scope
from bpmn.feel.values import Value


def metered(node: syntax.Node, build: Callable[[syntax.Node], Evaluate]) -> Evaluate:
    """Return the function that evaluates the node; a large one takes steps from the budget each time."""
    evaluate, steps = build(node), weight(node) // WEIGHT_PER_STEP
    if not steps:
        return evaluate

    def paid(scope: Scope) -> Value:
        scope.run.spend(steps)
        return evaluate(scope)

    return paid


def weight(node: syntax.Node) -> int:
    """Return how many nodes there are, calls and powers counted as several."""
    own = CALL_WEIGHT if isinstance(node, syntax.Call) else 1
    if isinstance(node, syntax.Arithmetic):
        own += POWER_WEIGHT * sum(sign == "**" for sign, _ in node.rest)
    return own + sum(map(weight, syntax.parts(node)))
