"""The values of FEEL that Python does not have, and what every value is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.syntax import TypeName

Value = Any


@dataclass(frozen=True, slots=True, order=True)
class YearsMonths:
    """A duration of whole months, negative or not."""

    months: int


@dataclass(frozen=True, slots=True)
class Range:
    """Values between two ends; one-sided ranges keep the operator they were written with."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    operator: str | None = None


class Function:
    """A function value: built in, written in FEEL, or lent by the host."""

    __slots__ = ("invoke", "name", "parameters", "types")

    def __init__(
        self,
        parameters: tuple[str, ...],
        invoke: Callable[..., Value],
        *,
        types: tuple[TypeName | None, ...] = (),
        name: str = "",
    ) -> None:
        """Keep invoke(run, arguments), which takes as many arguments as there are parameters."""
        self.parameters = parameters
        self.invoke = invoke
        self.types = types or (None,) * len(parameters)
        self.name = name


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    str: "string",
    list: "list",
    dict: "context",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
    Function: "function",
}


def kind_of(value: Value) -> str:
    """Return the FEEL name of the value's type."""
    return _KINDS.get(type(value), "unknown")
