"""Many expressions over the same variables, with one budget: the cells of decision tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bpmn.feel.comparison import belongs, equal
from bpmn.feel.expression import Expression
from bpmn.feel.limits import MAX_STEPS
from bpmn.feel.scope import MISSING, Run, Scope
from bpmn.feel.values import Value

_CHARACTERS = 64  # of an expression that cost one more step


class Session:
    """Evaluates expressions one after the other: variables are converted once, an evaluation costs a step or more."""

    __slots__ = ("_root", "_run")

    def __init__(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> None:
        """Start with the variables, the only clock, the functions lent and the budget, as Expression is called."""
        self._run = Run(context, now, functions or {}, max_steps)
        self._root = Scope({}, None, self._run)

    def variable(self, name: str) -> Value:
        """Return a variable as a FEEL value, null when there is none."""
        value = self._root.find(name)
        return None if value is MISSING else value

    def scope(self, local: Mapping[str, Value]) -> Scope:
        """Return a scope in which these FEEL values lie over the variables."""
        return self._root.inner(dict(local))

    def evaluate(self, expression: Expression, scope: Scope) -> Value:
        """Return the value of an expression in a scope of this session; raises FeelError."""
        self._run.spend(1 + len(expression.text) // _CHARACTERS)
        return expression.within(scope)

    def equal(self, one: Value, other: Value) -> bool:
        """Tell whether two FEEL values are the same to FEEL."""
        self._run.spend()
        return equal(self._run, one, other) is True

    def belongs(self, value: Value, test: Value) -> bool:
        """Tell whether a value is the test, or in the range or list the test is."""
        self._run.spend()
        return belongs(self._run, value, test) is True
