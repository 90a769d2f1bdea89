"""typeRef: what a value has to be, and how a value as it is kept in a case becomes one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from bpmn.dmn.expressions import Reader
from bpmn.dmn.model import TypeDefinition
from bpmn.dmn.problems import Problem, problem
from bpmn.feel import Expression, Session
from bpmn.feel.numbers import from_text
from bpmn.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from bpmn.feel.values import Value, YearsMonths, kind_of

MISFIT: Final[Any] = object()
MAX_DEPTH: Final = 30  # types in each other
_NUMBER = re.compile(r"-?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][-+]?[0-9]{1,4})?")
_MINUTES = re.compile(r"(?:.*T)?[0-9]{2}:[0-9]{2}")  # forms keep times without seconds


@dataclass(frozen=True, slots=True)
class Type:
    """A type a value is fitted to; `kind` as FEEL names it, or "Any"."""

    kind: str
    whole: bool = False
    collection: bool = False
    fields: tuple[tuple[str, Type], ...] = ()
    allowed: tuple[Expression, ...] = ()  # each has to pass

    def allowing(self, test: Expression | None) -> Type:
        """Return the type with one more test, if there is one."""
        return self if test is None else replace(self, allowed=(*self.allowed, test))


ANY: Final = Type("Any")
_SIMPLE: Final[Mapping[str, Type]] = {
    **{kind: Type(kind) for kind in ("string", "boolean", "number", "date", "time", "context")},
    "Any": ANY,
    "any": ANY,
    "list": Type("Any", collection=True),
    **dict.fromkeys(("integer", "long"), Type("number", whole=True)),
    **dict.fromkeys(("double", "float"), Type("number")),
    **dict.fromkeys(("date and time", "dateTime"), Type("date and time")),
    **dict.fromkeys(("days and time duration", "dayTimeDuration"), Type("days and time duration")),
    **dict.fromkeys(("years and months duration", "yearMonthDuration"), Type("years and months duration")),
}


class Types:
    """The types that the parts of one file may name."""

    def __init__(self, definitions: tuple[TypeDefinition, ...], reader: Reader) -> None:
        self._drawn = {each.name: each for each in definitions}
        self._reader = reader
        self._made: dict[str, Type] = {}
        self._open: list[str] = []
        self._problems: list[Problem] = []
        for each in definitions:
            self.named(each.name, each.id, each.name)

    def problems(self) -> Iterator[Problem]:
        """Yield what was wrong so far."""
        yield from self._problems

    def named(self, name: str | None, element_id: str, owner: str) -> Type:
        """Return the type of a name, Any for none; notes a problem of the element when nobody defined it."""
        if name is None:
            return ANY
        if name not in self._made:
            made = self._define(name)
            if made is None:
                self._problems.append(problem("type-unknown", element_id, type=name, name=owner))
                return ANY
            self._made[name] = made
        return self._made[name]

    def _define(self, name: str) -> Type | None:
        drawn = self._drawn.get(name)
        if drawn is None:
            return _SIMPLE.get(name)
        if name in self._open:  # made of itself, unless it only bears the name of the simple type it is
            return _SIMPLE.get(name)
        return None if len(self._open) > MAX_DEPTH else self._of(drawn)

    def _of(self, drawn: TypeDefinition) -> Type:
        self._open.append(drawn.name)
        made = self.named(drawn.type_ref, drawn.id, drawn.name)
        if drawn.components:
            made = Type("context", fields=tuple((each.name, self._of(each)) for each in drawn.components))
        allowed = self._reader.values(drawn.allowed, drawn.id, f"“{drawn.name}”", f'"{drawn.name}"')
        self._open.pop()
        return replace(made, collection=made.collection or drawn.collection).allowing(allowed)


def fit(session: Session, value: Value, wanted: Type) -> Value:
    """Return the value as one of the type, or MISFIT. Null fits always.

    Text becomes a number, date, time or duration where the type asks for one, as cases keep them as text. A list of
    one and its item stand for each other, as DMN 10.3.2.9.4 says.
    """
    if value is None:
        return None
    if wanted.collection:
        items = [_fit_single(session, each, wanted) for each in (value if isinstance(value, list) else [value])]
        return MISFIT if any(each is MISFIT for each in items) else items
    if isinstance(value, list) and len(value) == 1 and wanted.kind != "Any":
        value = value[0]
    return _fit_single(session, value, wanted)


def _fit_single(session: Session, value: Value, wanted: Type) -> Value:
    if value is None:
        return None
    fitted = _converted(value, wanted)
    if fitted is not MISFIT and wanted.fields:
        fitted = _fit_fields(session, fitted, wanted)
    if fitted is MISFIT or not _passes(session, fitted, wanted.allowed):
        return MISFIT
    return fitted


def _fit_fields(session: Session, value: dict[str, Value], wanted: Type) -> Value:
    parts = {name: fit(session, value.get(name), kind) for name, kind in wanted.fields}
    return MISFIT if any(each is MISFIT for each in parts.values()) else {**value, **parts}


def _passes(session: Session, value: Value, tests: tuple[Expression, ...]) -> bool:
    scope = session.scope({"?": value})
    return all(session.evaluate(test, scope) is True for test in tests)


def _converted(value: Value, wanted: Type) -> Value:
    if wanted.kind == "Any":
        return value
    if isinstance(value, str) and wanted.kind in _FROM_TEXT:
        read, kinds = _FROM_TEXT[wanted.kind]
        value = read(value.strip())
        if type(value) not in kinds:
            return MISFIT
    fits = kind_of(value) == wanted.kind and not (wanted.whole and value != value.to_integral_value())
    return value if fits else MISFIT


def _number(text: str) -> Decimal | None:
    return from_text(text) if _NUMBER.fullmatch(text) else None


def _seconds(text: str) -> str:
    return f"{text}:00" if _MINUTES.fullmatch(text) else text


_FROM_TEXT: Final[Mapping[str, tuple[Callable[[str], Value], tuple[type, ...]]]] = {
    "number": (_number, (Decimal,)),
    "date": (parse_date, (date,)),
    "time": (lambda text: parse_time(_seconds(text)), (time,)),
    "date and time": (lambda text: parse_date_time(_seconds(text)), (datetime,)),
    "days and time duration": (parse_duration, (timedelta,)),
    "years and months duration": (parse_duration, (YearsMonths,)),
}
