"""Whether a value is of a type named in an expression, and how a value is fitted to a parameter."""

from __future__ import annotations

from bpmn.feel.limits import ITEMS_PER_STEP
from bpmn.feel.scope import Run
from bpmn.feel.syntax import TypeName
from bpmn.feel.values import Function, Range, Value, kind_of

_SIMPLE = frozenset(
    (
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
        "list",
        "context",
        "function",
        "range",
    )
)
_PARAMETRISED = frozenset(("list", "context", "range", "function"))
_SPELLED = {"dateTime": "date and time", "dayTimeDuration": "days and time duration"}
_SPELLED |= {"yearMonthDuration": "years and months duration", "Null": "null"}


def is_instance(run: Run, value: Value, wanted: TypeName) -> bool | None:
    """Return FEEL's "instance of"; None for a type nobody defined, or one that lacks its parameters.

    Every value that is looked into is charged: a list of ten thousand is ten thousand looks, however short the text.
    """
    if wanted.name in _PARAMETRISED and not wanted.parametrised:
        return None
    return _is_of(run, value, wanted)


def _is_of(run: Run, value: Value, wanted: TypeName) -> bool | None:
    name = _SPELLED.get(wanted.name, wanted.name)
    if name == "null":
        return value is None
    if name == "Any":
        return value is not None
    if name not in _SIMPLE:
        return None
    return kind_of(value) == name and _parts_fit(run, value, wanted)


def conforms(run: Run, value: Value, wanted: TypeName) -> bool:
    """Tell whether a value may stand where the type is asked for; null always may."""
    return value is None or wanted.name == "Any" or bool(_is_of(run, value, wanted))


def _parts_fit(run: Run, value: Value, wanted: TypeName) -> bool:
    if isinstance(value, list) and wanted.arguments:
        run.spend(len(value) // ITEMS_PER_STEP + 1)
        return all(conforms(run, item, wanted.arguments[0]) for item in value)
    if isinstance(value, dict):
        run.spend(len(wanted.fields) // ITEMS_PER_STEP + 1)
        return all(key in value and conforms(run, value[key], kind) for key, kind in wanted.fields)
    if isinstance(value, Range) and wanted.arguments:
        ends = [end for end in (value.start, value.end) if end is not None]
        return all(conforms(run, end, wanted.arguments[0]) for end in ends)
    return not isinstance(value, Function) or _function_fits(value, wanted)


def _function_fits(function: Function, wanted: TypeName) -> bool:
    if wanted.result is None:
        return not wanted.arguments
    if len(function.types) != len(wanted.arguments):
        return False
    pairs = zip(function.types, wanted.arguments, strict=True)
    return wanted.result.name == "Any" and all(own is None or own == given for own, given in pairs)
