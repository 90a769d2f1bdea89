"""Built-in functions: how one is declared, and how a call finds the signature that fits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from bpmn.feel.errors import list_too_long, text_too_long
from bpmn.feel.limits import CHARACTERS_PER_STEP, ITEMS_PER_STEP, MAX_ITEMS, MAX_STRING
from bpmn.feel.scope import Run
from bpmn.feel.values import Function, Range, Value, YearsMonths

F = TypeVar("F", bound=Callable[..., Value])
_MISFIT: Any = object()
_TYPES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "string": (str,),
    "boolean": (bool,),
    "context": (dict,),
    "date": (date,),
    "time": (time,),
    "datetime": (datetime,),
    "day": (date, datetime),
    "span": (timedelta,),
    "duration": (timedelta, YearsMonths),
    "range": (Range,),
    "function": (Function,),
    "point": (Decimal, str, date, time, datetime, timedelta, YearsMonths),
    "key": (str, list),
    "contexts": (list, dict),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; nullable ones take null as a value, the others make the call null."""

    name: str
    type: str
    optional: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function; rest tells that all arguments go into one list."""

    parameters: tuple[Parameter, ...]
    function: Callable[..., Value]
    rest: bool

    def accepts(self, count: int) -> bool:
        """Tell whether so many positional arguments fit."""
        required = sum(not parameter.optional for parameter in self.parameters)
        return count >= 1 if self.rest else required <= count <= len(self.parameters)

    def place(self, names: Sequence[str], values: Sequence[Value]) -> list[Value] | None:
        """Return named arguments in order, null for those left out; None when a name does not fit."""
        given = dict(zip(names, values, strict=True))
        ordered: list[Value] = []
        for parameter in self.parameters:
            if parameter.name in given:
                ordered.append(given.pop(parameter.name))
            elif parameter.optional and not given:
                break
            else:
                ordered.append(None)
        return None if given or len(set(names)) < len(names) else ordered


@dataclass(slots=True)
class Builtin:
    """A built-in function with all its signatures."""

    name: str
    signatures: list[Signature] = field(default_factory=list)

    def call(self, run: Run, values: Sequence[Value]) -> Value:
        """Call with positional arguments; null when no signature fits or the function fails."""
        for signature in self.signatures:
            if signature.accepts(len(values)):
                result = self._try(run, signature, [list(values)] if signature.rest else values)
                if result is not _MISFIT:
                    return result
        return None

    def call_named(self, run: Run, names: Sequence[str], values: Sequence[Value]) -> Value:
        """Call with named arguments; null when no signature fits or the function fails."""
        for signature in self.signatures:
            ordered = None if signature.rest else signature.place(names, values)
            if ordered is not None:
                result = self._try(run, signature, ordered)
                if result is not _MISFIT:
                    return result
        return None

    def as_value(self) -> Function:
        """Return the built-in as a function value."""
        parameters = tuple(parameter.name for parameter in self.signatures[0].parameters)
        return Function(parameters, self.call, name=self.name)

    def _try(self, run: Run, signature: Signature, values: Sequence[Value]) -> Value:
        arguments = []
        for parameter, value in zip(signature.parameters, values, strict=False):
            fitted = fit(run, parameter, value)
            if fitted is _MISFIT:
                return _MISFIT
            arguments.append(fitted)
        try:
            return _bounded(run, signature.function(run, *arguments))
        except (ArithmeticError, ValueError, TypeError, LookupError):
            return None


REGISTRY: dict[str, Builtin] = {}


def builtin(name: str, parameters: str) -> Callable[[F], F]:
    """Register a function(run, ...) under a FEEL name.

    parameters are "name:type" separated by commas; "name?" may be left out, "type|null" may be null,
    a leading "*" takes all arguments as one list.
    """

    def register(function: F) -> F:
        rest = parameters.startswith("*")
        read = tuple(_parameter(part) for part in parameters.lstrip("*").split(",") if part)
        REGISTRY.setdefault(name, Builtin(name)).signatures.append(Signature(read, function, rest))
        return function

    return register


def fit(run: Run, parameter: Parameter, value: Value) -> Value:
    """Return the value as the parameter wants it, charging its size; _MISFIT when it cannot be."""
    if value is None:
        return None if parameter.nullable else _MISFIT
    if parameter.type == "any":
        return value
    if parameter.type == "list":
        value = value if isinstance(value, list) else [value]
        run.spend(len(value) // ITEMS_PER_STEP + 1)
        return value
    wanted = _TYPES[parameter.type]
    if type(value) not in wanted and isinstance(value, list) and len(value) == 1:
        value = value[0]
    if type(value) is str:
        run.spend(len(value) // CHARACTERS_PER_STEP)
    return value if type(value) in wanted else _MISFIT


def _parameter(text: str) -> Parameter:
    name, _, kind = text.strip().partition(":")
    return Parameter(
        name.rstrip("?"), kind.removesuffix("|null"), name.endswith("?"), kind.endswith("|null") or kind == "any"
    )


def _bounded(run: Run, value: Value) -> Value:
    """Return a result unchanged, charging its size; raises FeelLimitError when it is too large."""
    if isinstance(value, str):
        if len(value) > MAX_STRING:
            raise text_too_long()
        run.spend(len(value) // CHARACTERS_PER_STEP)
    elif isinstance(value, list | dict):
        if len(value) > MAX_ITEMS:
            raise list_too_long()
        run.spend(len(value) // ITEMS_PER_STEP)
    return value
