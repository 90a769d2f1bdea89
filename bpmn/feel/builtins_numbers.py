"""Built-in functions over numbers."""

from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)

from bpmn.feel.arithmetic import negate
from bpmn.feel.numbers import NUMBERS, round_to
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Value, YearsMonths

_ZERO = Decimal(0)


def _rounding(name: str, rounding: str, parameters: str) -> None:
    @builtin(name, parameters)
    def rounded(_: Run, number: Decimal, scale: Decimal = _ZERO) -> Decimal | None:
        return round_to(number, scale, rounding)


_rounding("decimal", ROUND_HALF_EVEN, "n:number, scale:number")
_rounding("floor", ROUND_FLOOR, "n:number, scale?:number")
_rounding("ceiling", ROUND_CEILING, "n:number, scale?:number")
_rounding("round up", ROUND_UP, "n:number, scale:number")
_rounding("round down", ROUND_DOWN, "n:number, scale:number")
_rounding("round half up", ROUND_HALF_UP, "n:number, scale:number")
_rounding("round half down", ROUND_HALF_DOWN, "n:number, scale:number")


@builtin("abs", "n:number")
def absolute(_: Run, number: Decimal) -> Decimal:
    """Return the distance from zero."""
    return NUMBERS.abs(number)


@builtin("abs", "n:duration")
def absolute_duration(_: Run, span: timedelta | YearsMonths) -> Value:
    """Return the duration without its sign."""
    size = span.months if isinstance(span, YearsMonths) else span // timedelta.resolution
    return negate(span) if size < 0 else span


@builtin("modulo", "dividend:number, divisor:number")
def modulo(_: Run, dividend: Decimal, divisor: Decimal) -> Decimal:
    """Return dividend - divisor * floor(dividend / divisor)."""
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@builtin("sqrt", "number:number")
def square_root(_: Run, number: Decimal) -> Decimal:
    """Return the square root; fails below zero."""
    return NUMBERS.sqrt(number)


@builtin("log", "number:number")
def logarithm(_: Run, number: Decimal) -> Decimal | None:
    """Return the natural logarithm; null for zero and below."""
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp", "number:number")
def exponential(_: Run, number: Decimal) -> Decimal:
    """Return e to the power of the number."""
    return NUMBERS.exp(number)


@builtin("odd", "number:number")
def odd(_: Run, number: Decimal) -> bool | None:
    """Tell whether a whole number is odd; null for other numbers."""
    return NUMBERS.remainder(NUMBERS.abs(number), Decimal(2)) == 1 if number == number.to_integral_value() else None


@builtin("even", "number:number")
def even(_: Run, number: Decimal) -> bool | None:
    """Tell whether a whole number is even; null for other numbers."""
    return NUMBERS.remainder(number, Decimal(2)) == 0 if number == number.to_integral_value() else None
