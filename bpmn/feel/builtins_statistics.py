"""Built-in functions that sum up a list: count, extremes, sums, averages and quantifiers."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from bpmn.feel.comparison import compare, sorted_values
from bpmn.feel.numbers import NUMBERS
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Value

Numbers = list[Decimal]


Summary = Callable[[Run, list[Any]], Value]


def summary(name: str, *, numeric: bool) -> Callable[[Summary], Summary]:
    """Register a function of one list, also callable with the items as arguments; numeric refuses anything else."""

    def register(function: Summary) -> Summary:
        def checked(run: Run, values: list[Any]) -> Value:
            if numeric and not all(type(value) is Decimal for value in values):
                return None
            return function(run, values)

        builtin(name, "list:list")(checked)
        builtin(name, "*list:list")(checked)
        return function

    return register


@builtin("count", "list:list")
def count(_: Run, values: list[Value]) -> Decimal:
    """Return the number of items."""
    return Decimal(len(values))


def _extreme(sign: str) -> Callable[[Run, list[Value]], Value]:
    def extreme(_: Run, values: list[Value]) -> Value:
        if not values or compare(sign, values[0], values[0]) is None:
            return None
        best = values[0]
        for value in values[1:]:
            better = compare(sign, value, best)
            if better is None:
                return None
            best = value if better else best
        return best

    return extreme


summary("min", numeric=False)(_extreme("<"))
summary("max", numeric=False)(_extreme(">"))


@summary("sum", numeric=True)
def total(_: Run, values: Numbers) -> Decimal | None:
    """Return the sum; null for an empty list."""
    return reduce(NUMBERS.add, values) if values else None


@summary("product", numeric=True)
def product(_: Run, values: Numbers) -> Decimal | None:
    """Return the product; null for an empty list."""
    return reduce(NUMBERS.multiply, values) if values else None


@summary("mean", numeric=True)
def mean(_: Run, values: Numbers) -> Decimal | None:
    """Return the average; null for an empty list."""
    return NUMBERS.divide(reduce(NUMBERS.add, values), Decimal(len(values))) if values else None


@summary("median", numeric=True)
def median(_: Run, values: Numbers) -> Decimal | None:
    """Return the middle value, or the mean of the two middle ones; null for an empty list."""
    if not values:
        return None
    ranked, middle = sorted(values), len(values) // 2
    if len(ranked) % 2:
        return ranked[middle]
    return NUMBERS.divide(NUMBERS.add(ranked[middle - 1], ranked[middle]), Decimal(2))


@summary("stddev", numeric=True)
def standard_deviation(run: Run, values: Numbers) -> Decimal | None:
    """Return the standard deviation of a sample; null for fewer than two values."""
    average = mean(run, values)
    if average is None or len(values) < 2:
        return None
    squares = [NUMBERS.power(NUMBERS.subtract(value, average), 2) for value in values]
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(values) - 1)))


@summary("mode", numeric=True)
def mode(_: Run, values: Numbers) -> Numbers:
    """Return the most frequent values in ascending order."""
    counts: dict[Decimal, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, number in counts.items() if number == most)


def _quantify(decisive: bool) -> Callable[[Run, list[Value]], Value]:
    def quantify(_: Run, values: list[Value]) -> bool | None:
        if any(value is decisive for value in values):
            return decisive
        return not decisive if all(value is (not decisive) for value in values) else None

    return quantify


summary("all", numeric=False)(_quantify(False))
summary("any", numeric=False)(_quantify(True))


@builtin("sort", "list:list")
def sort_naturally(run: Run, values: list[Value]) -> list[Value] | None:
    """Return the values in ascending order; null when they have none."""
    return sorted_values(run, values) if values else []
