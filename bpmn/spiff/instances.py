"""The instances of a repeated activity: variables of their own, results that are collected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bpmn.errors import StepError
from bpmn.spiff.engine import FeelScriptEngine, Sighted
from bpmn.spiff.formula import Formula
from bpmn.spiff.token import Scope, Token

ITEMS = "#items"  # kept among the variables of the loop's scope; no name of FEEL can be equal to it


def own(inner: Scope) -> dict[str, Any]:
    """Return the variables of a loop's scope."""
    return inner.script_engine.variables.own(inner.scope)


def items_of(inner: Scope) -> list[Any]:
    """Return what a multi-instance activity runs for. Raises StepError when the caller has not kept its variables."""
    found = own(inner).get(ITEMS)
    if isinstance(found, list):
        return found
    raise StepError(
        f'The variables of "{inner.scope}" are missing.',
        inner.spec.entry,
        message_vi=f"Thiếu các biến của “{inner.scope}”.",
    )


def open_instance(inner: Scope, element_id: str) -> None:
    """Open the next instance with the variables that are its own."""
    token = inner.place(element_id, None)
    binding, items = token.task_spec.binding, own(inner).get(ITEMS)
    values: dict[str, Any] = dict.fromkeys(sorted(binding.local))
    values["loopCounter"] = token.number
    if binding.loop.element and items is not None:
        values[binding.loop.element] = items[token.number - 1]
    inner.script_engine.variables.write(token.id, values)


def collect(token: Token, result: Mapping[str, Any]) -> None:
    """Keep what an instance that is done brings and ask whether others follow; does nothing outside of loops."""
    binding, inner = token.task_spec.binding, token.workflow
    if not binding.repeated or inner.host is None:
        return
    loop, engine = binding.loop, inner.script_engine
    if loop.results and loop.result is not None and ITEMS in own(inner):
        found = list(own(inner)[loop.results])
        found[token.number - 1] = engine.plain(token, loop.result, result)
        engine.variables.write(inner.scope, {loop.results: found})
    inner.over = inner.host.task_spec.over(token, result)


def forget(token: Token) -> None:
    """Drop the variables of an instance that is gone; does nothing outside of loops."""
    if token.task_spec.binding.repeated:
        token.workflow.script_engine.variables.drop(token.id)


def holds(
    engine: FeelScriptEngine, seer: Sighted, condition: Formula | None, over: Mapping[str, Any], *, default: bool
) -> bool:
    """Tell whether the condition of a loop holds; null counts as no. Raises StepError when it is no yes or no."""
    if condition is None:
        return default
    value = engine.evaluate(seer, condition, over)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise StepError(
        f'"{condition.text}" of "{condition.element_id}" gives {value!r}, which is neither true nor false.',
        condition.element_id,
        message_vi=f"“{condition.text}” của “{condition.element_id}” cho giá trị {value!r}, không phải đúng hay sai.",
    )
