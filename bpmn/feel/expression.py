"""The compiled expression and the functions that make one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from bpmn.feel.compiler import compile_node
from bpmn.feel.errors import FeelError, FeelLimitError, list_too_long
from bpmn.feel.library import REGISTRY
from bpmn.feel.limits import MAX_STEPS, MAX_VALUE_NODES
from bpmn.feel.parser import Parser
from bpmn.feel.scope import Run, Scope
from bpmn.feel.syntax import Node
from bpmn.feel.values import Value

_CACHED = 2_048
function_names = frozenset(REGISTRY)


class Expression:
    """A FEEL expression, compiled once and called as often as wanted."""

    __slots__ = ("_evaluate", "functions", "item_names", "names", "text")

    def __init__(self, text: str, node: Node, parser: Parser) -> None:
        """Build the closures of the nodes and keep what the parser noted.

        names are all variables it may read; item_names those of them that are read only inside a filter, where they
        may as well be members of the items; functions the calls that are not built in.
        """
        self.text = text
        self.names = frozenset(parser.free | parser.filtered)
        self.item_names = frozenset(parser.filtered - parser.free)
        self.functions = frozenset(parser.called) - function_names
        self._evaluate = compile_node(node)

    def __repr__(self) -> str:
        """Show the text."""
        return f"Expression({self.text!r})"

    def __call__(
        self,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
        max_steps: int = MAX_STEPS,
    ) -> Value:
        """Return the value of the expression over the variables; raises FeelLimitError or FeelError.

        Unknown variables and mistakes of types are null. now is the only clock: without it now() and today()
        are null. functions are called with FEEL values and cannot replace a built-in function.
        """
        return self.within(Scope({}, None, Run(context, now, functions or {}, max_steps)))

    def within(self, scope: Scope) -> Value:
        """Return the value in a scope that other expressions share; raises as a call does."""
        try:
            return _bounded(self._evaluate(scope))
        except FeelError as error:
            error.text = error.text or self.text
            raise
        except RecursionError:
            raise _too_deep(self.text) from None


def compile(text: str, names: Iterable[str] = ()) -> Expression:
    """Return the compiled expression; raises FeelSyntaxError or FeelLimitError.

    names are variable names known to exist; only names that hold operators need to be given.
    """
    return _compile(text, tuple(sorted(names)), False)


def compile_unary_tests(text: str, names: Iterable[str] = ()) -> Expression:
    """Return the compiled cell of a decision table; the value tested is the variable named "?"."""
    return _compile(text, tuple(sorted(names)), True)


def evaluate(text: str, context: Mapping[str, Any]) -> Value:
    """Compile and call in one go, without a clock."""
    return compile(text)(context)


def strip_marker(text: str) -> str | None:
    """Return the expression behind a leading "=", or None when the text is a plain value."""
    stripped = text.strip()
    return stripped[1:].strip() if stripped.startswith("=") else None


@lru_cache(maxsize=_CACHED)
def _compile(text: str, names: tuple[str, ...], unary: bool) -> Expression:
    try:
        parser = Parser(text, (*REGISTRY, *names))
        node = parser.parse_unary_tests() if unary else parser.parse()
        return Expression(text, node, parser)
    except RecursionError:
        raise _too_deep(text) from None


def _bounded(value: Value) -> Value:
    """Return a result; raises FeelLimitError when written out in full it would be too large for any reader."""
    pending, seen = [value], 0
    while pending:
        part = pending.pop()
        if isinstance(part, list | dict):
            seen += len(part)
            if seen > MAX_VALUE_NODES:
                raise list_too_long()
            pending.extend(part.values() if isinstance(part, dict) else part)
    return value


def _too_deep(text: str) -> FeelLimitError:
    return FeelLimitError(
        "The expression is nested too deeply.", None, text, message_vi="Biểu thức lồng nhau quá nhiều lớp."
    )
