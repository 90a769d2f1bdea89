"""The script engine handed to the library: FEEL only, over the variables of one call."""
# mypy: disallow-subclassing-any=False

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NoReturn, Protocol

from bpmn.dmn import Decision
from bpmn.errors import DecisionError, StepError
from bpmn.feel import FeelError
from bpmn.spiff import formula as formulas
from bpmn.spiff.formula import Formula
from bpmn.spiff.library import PythonScriptEngine
from bpmn.spiff.plain import plain
from bpmn.spiff.variables import Variables


class Sighted(Protocol):
    """Whatever stands in a running process, as a token does: it knows whose variables it sees."""

    @property
    def visible_scopes(self) -> tuple[str, ...]:
        """The scopes, innermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Everything a step may look at: variables by scope, the aware instant, read-only names and extra functions."""

    scopes: Mapping[str, Mapping[str, Any]]
    now: datetime
    context: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


class FeelScriptEngine(PythonScriptEngine):
    """Evaluates compiled formulas; whatever else the library may ask of a script engine is refused."""

    def __init__(self, call: Call) -> None:
        # The library's engine would make a Python environment here; there is none to reach.
        self.environment = None
        self.call = call
        self.variables = Variables(call.scopes, call.context)

    def evaluate(self, task: Sighted, expression: Formula, external_context: Mapping[str, Any] | None = None) -> Any:
        """Return the FEEL value of a formula (its text when static), seen from the task's scope.

        `external_context` lies over the variables. Raises StepError naming the element.
        """
        if expression.expression is None:
            return expression.text
        view = self.variables.view(task.visible_scopes)
        if external_context:
            view = view.new_child(dict(external_context))
        try:
            return expression.expression(view, now=self.call.now, functions=self.call.functions)
        except FeelError as error:
            raise formulas.broken(expression.text, expression.element_id, error) from error

    def plain(self, task: Sighted, expression: Formula, external_context: Mapping[str, Any] | None = None) -> Any:
        """Return the value of a formula as a plain value that may be stored; raises StepError naming the element."""
        value = self.evaluate(task, expression, external_context)
        try:
            return plain(value)
        except ValueError as error:
            raise StepError(
                f'"{expression.text}" of "{expression.element_id}": {error}',
                expression.element_id,
                message_vi=f"“{expression.text}” của “{expression.element_id}” cho giá trị không lưu được vào biến.",
            ) from error

    def decide(self, task: Sighted, element_id: str, decision: Decision | None, over: Mapping[str, Any]) -> Any:
        """Make a decision seen from the task's scopes under `over`; its result is a plain value.

        Raises StepError naming the task and the rule that is to blame.
        """
        assert decision is not None  # such a task is never compiled without
        view = self.variables.view(task.visible_scopes).new_child(dict(over))
        try:
            return plain(decision(view, now=self.call.now, functions=self.call.functions))
        except DecisionError as error:
            reason, reason_vi = error.message, error.message_vi
        except ValueError as error:
            reason, reason_vi = str(error), "kết quả không lưu được vào biến"
        raise StepError(
            f'"{element_id}" cannot decide "{decision.name}": {reason}',
            element_id,
            message_vi=f"“{element_id}” không quyết định được “{decision.name}”: {reason_vi}",
        )

    def mapped(self, task: Sighted, mappings: Iterable[formulas.Mapping], over: Mapping[str, Any]) -> dict[str, Any]:
        """Evaluate mappings in their order; each sees `over`, over what the ones before it made, over the variables."""
        made: dict[str, Any] = {}
        for each in mappings:
            made[each.target] = self.plain(task, each.formula, ChainMap(dict(over), made))
        return made

    def validate(self, expression: Any) -> NoReturn:
        """Scripts are not part of this language."""
        raise StepError("Scripts are not executed.")

    def execute(self, task: Any, script: Any, external_context: Any = None) -> NoReturn:
        """Scripts are not part of this language."""
        raise StepError("Scripts are not executed.")

    def call_service(self, task: Any, **kwargs: Any) -> NoReturn:
        """Services are called outside, as jobs."""
        raise StepError("Services are called by jobs only.")
