"""Built-in functions that take lists apart and put them together."""

from decimal import Decimal
from functools import cmp_to_key

from bpmn.feel.comparison import equal
from bpmn.feel.errors import list_too_long
from bpmn.feel.limits import ITEMS_PER_STEP, MAX_ITEMS
from bpmn.feel.numbers import to_index
from bpmn.feel.scope import Run
from bpmn.feel.signatures import builtin
from bpmn.feel.values import Function, Value

Values = list[Value]


def _offset(values: Values, position: Decimal, *, room: int = 0) -> int | None:
    """Return the 0-based index of a FEEL position (1 is first, -1 is last), or None outside the list."""
    index = to_index(position)
    if not index or not -len(values) - room <= index <= len(values) + room:
        return None
    return index - 1 if index > 0 else len(values) + index


def _find(run: Run, values: Values, wanted: Value) -> list[int]:
    run.spend(len(values) // ITEMS_PER_STEP + 1)
    return [index for index, value in enumerate(values) if equal(run, value, wanted)]


@builtin("list contains", "list:list, element:any")
def list_contains(run: Run, values: Values, element: Value) -> bool:
    """Tell whether an item equals the element."""
    return bool(_find(run, values, element))


@builtin("sublist", "list:list, start position:number, length?:number")
def sublist(_: Run, values: Values, start: Decimal, length: Decimal | None = None) -> Values | None:
    """Return items from a position on, at most length many."""
    first = _offset(values, start)
    size = len(values) if length is None else to_index(length)
    if first is None or size is None or size < 0:
        return None
    return values[first : first + size] if length is None or first + size <= len(values) else None


@builtin("append", "*list:list")
def append(_: Run, arguments: list[Value]) -> Values | None:
    """Return the first argument as a list, with all further arguments as items after it."""
    first, *items = arguments
    return None if first is None or not items else [*(first if isinstance(first, list) else [first]), *items]


@builtin("insert before", "list:list, position:number, newItem:any")
def insert_before(_: Run, values: Values, position: Decimal, item: Value) -> Values | None:
    """Return the list with an item put in front of a position."""
    index = _offset(values, position)
    return None if index is None else [*values[:index], item, *values[index:]]


@builtin("remove", "list:list, position:number")
def remove(_: Run, values: Values, position: Decimal) -> Values | None:
    """Return the list without the item at a position."""
    index = _offset(values, position)
    return None if index is None else values[:index] + values[index + 1 :]


@builtin("reverse", "list:list")
def reverse(_: Run, values: Values) -> Values:
    """Return the items from last to first."""
    return values[::-1]


@builtin("index of", "list:list, match:any")
def index_of(run: Run, values: Values, match: Value) -> list[Decimal]:
    """Return the positions of all items that equal match."""
    return [Decimal(index + 1) for index in _find(run, values, match)]


def _distinct(run: Run, values: Values) -> Values:
    kept: Values = []
    for value in values:
        if not _find(run, kept, value):
            kept.append(value)
    return kept


@builtin("distinct values", "list:list")
def distinct_values(run: Run, values: Values) -> Values:
    """Return the first of each group of equal items."""
    return _distinct(run, values)


@builtin("duplicate values", "list:list")
def duplicate_values(run: Run, values: Values) -> Values:
    """Return one of each group of equal items that has more than one."""
    return [value for value in _distinct(run, values) if len(_find(run, values, value)) > 1]


@builtin("concatenate", "*list:list")
def concatenate(run: Run, lists: list[Value]) -> Values | None:
    """Return the items of all lists, one list after the other."""
    joined: Values = []
    for values in lists:
        if values is None:
            return None
        joined.extend(values if isinstance(values, list) else [values])
        if len(joined) > MAX_ITEMS:
            raise list_too_long()
        run.spend()
    return joined


@builtin("union", "*list:list")
def union(run: Run, lists: list[Value]) -> Values | None:
    """Return the distinct items of all lists."""
    joined = concatenate(run, lists)
    return None if joined is None else _distinct(run, joined)


@builtin("flatten", "list:list")
def flatten(run: Run, values: Values) -> Values:
    """Return the items of the list and of all lists inside it."""
    flat: Values = []
    pending = [iter(values)]
    while pending:
        for value in pending[-1]:
            run.spend()
            if isinstance(value, list):
                pending.append(iter(value))
                break
            flat.append(value)
        else:
            pending.pop()
    return flat


@builtin("list replace", "list:list, position:number, newItem:any")
def replace_at(_: Run, values: Values, position: Decimal, item: Value) -> Values | None:
    """Return the list with another item at a position."""
    index = _offset(values, position)
    return None if index is None else [*values[:index], item, *values[index + 1 :]]


@builtin("list replace", "list:list, match:function, newItem:any")
def replace_matching(run: Run, values: Values, match: Function, item: Value) -> Values | None:
    """Return the list with another item wherever match(item, newItem) is true."""
    if len(match.parameters) != 2:
        return None
    replaced = []
    for value in values:
        passed = match.invoke(run, [value, item])
        if type(passed) is not bool:
            return None
        replaced.append(item if passed else value)
    return replaced


@builtin("sort", "list:list, precedes:function")
def sort_by(run: Run, values: Values, precedes: Function) -> Values | None:
    """Return the items ordered by precedes(one, other), which tells whether one comes first."""
    if len(precedes.parameters) != 2:
        return None

    def order(one: Value, other: Value) -> int:
        return (
            -1 if precedes.invoke(run, [one, other]) is True else 1 if precedes.invoke(run, [other, one]) is True else 0
        )

    return sorted(values, key=cmp_to_key(order))
