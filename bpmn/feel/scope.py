"""Where names get their values while an expression runs, and what the run may still spend."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bpmn.feel.convert import is_single, to_feel
from bpmn.feel.errors import FeelLimitError
from bpmn.feel.limits import MAX_CALL_DEPTH
from bpmn.feel.values import Value

MISSING: Any = object()
Evaluate = Callable[["Scope"], Value]


class Run:
    """One evaluation: its budget, its clock and the functions lent to it."""

    __slots__ = ("calls", "context", "functions", "now", "steps")

    def __init__(
        self,
        context: Mapping[str, Any],
        now: datetime | None,
        functions: Mapping[str, Callable[..., Any]],
        steps: int,
    ) -> None:
        """Start with the full budget of steps."""
        self.context = context
        self.now = now
        self.functions = functions
        self.steps = steps
        self.calls = 0

    def spend(self, steps: int = 1) -> None:
        """Take steps from the budget; raises FeelLimitError when it is used up."""
        self.steps -= steps
        if self.steps < 0:
            raise FeelLimitError("The expression takes too many steps.", message_vi="Biểu thức chạy quá nhiều bước.")

    def enter_call(self) -> None:
        """Count a call of a function written in FEEL."""
        self.spend()
        self.calls += 1
        if self.calls > MAX_CALL_DEPTH:
            raise FeelLimitError("A function calls itself too often.", message_vi="Hàm tự gọi lại quá nhiều lần.")

    def leave_call(self) -> None:
        """End a call of a function written in FEEL."""
        self.calls -= 1

    def read(self, name: str) -> Value:
        """Return a variable of the host as a FEEL value, or MISSING."""
        if name in self.context:
            return to_feel(self.context[name])
        if not name.isascii():
            for key, value in self.context.items():
                if isinstance(key, str) and not key.isascii() and unicodedata.normalize("NFC", key) == name:
                    return to_feel(value)
        return MISSING

    def read_inside(self, name: str, members: tuple[str, ...]) -> Value:
        """Return a single value inside a variable without copying the whole variable, or MISSING."""
        value = self.context.get(name, MISSING)
        for member in members:
            if type(value) is not dict:
                return MISSING
            value = value.get(member, MISSING)
        return to_feel(value) if is_single(value) else MISSING


class Scope:
    """A chain of name tables; the outermost one remembers variables read from the host."""

    __slots__ = ("local", "parent", "run")

    def __init__(self, local: dict[str, Value], parent: Scope | None, run: Run) -> None:
        """Put local in front of the parent's names."""
        self.local = local
        self.parent = parent
        self.run = run

    def inner(self, local: dict[str, Value]) -> Scope:
        """Return a scope in which local hides the names of this one."""
        return Scope(local, self, self.run)

    def find(self, name: str) -> Value:
        """Return the value of a name, or MISSING."""
        scope = self
        while True:
            value = scope.local.get(name, MISSING)
            if value is not MISSING:
                return value
            if scope.parent is None:
                break
            scope = scope.parent
        value = scope.local[name] = self.run.read(name)
        return value

    def reads_outside(self, name: str) -> bool:
        """Tell whether only the host can give the name a value, and has not been asked yet."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.local:
                return False
            scope = scope.parent
        return True
