"""Events and states to JSON text and back, deterministically: the text is what the hash covers."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from engine.domain.case import Case
from engine.domain.events import EVENT_TYPES, Event

Decoder = Callable[[Any], Any]
MAX_DEPTH = 40


def dumps(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, no NaN; decimals as {"@dec": text}, instants as {"@at": text}."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def plain(value: Any) -> Any:
    """`value` as JSON types; raises TypeError for what has no faithful form (floats that are not finite included)."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {_text_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return _tagged(value)


def is_plain(value: Any) -> bool:
    """Whether `value` can be written down and read again anywhere: no odd types, no NaN, no halves of characters, and
    not so deep that a reader with little room left on its stack could not take it up again."""
    if nested(value) > MAX_DEPTH:
        return False
    try:
        dumps(value).encode()
    except (TypeError, ValueError):
        return False
    return True


def nested(value: Any) -> int:
    """How deep lists, objects and records lie in each other; more than MAX_DEPTH is not counted further."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        inner: list[Any] = []
        for each in level:
            inner += _inside(each)
        level, depth = inner, depth + 1
    return depth


def _inside(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return value.values()
    if isinstance(value, list | tuple | set | frozenset):
        return value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [getattr(value, f.name) for f in dataclasses.fields(value)]
    return ()


def _tagged(value: Any) -> Any:
    if isinstance(value, Decimal | float) and not Decimal(value).is_finite():
        raise TypeError(f"{value} is not a number that can be written down")
    if isinstance(value, Decimal):
        return {"@dec": str(value)}
    if isinstance(value, datetime):
        return {"@at": value.isoformat()}
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float):
        return {"@dec": repr(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _text_key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError(f"key {key!r} is not text")
    return "@" + key if key.startswith("@") else key  # our own tags stay unmistakable in data that people typed


def _untag(value: Any) -> Any:
    if isinstance(value, dict):
        if len(value) == 1:
            if "@dec" in value:
                return Decimal(value["@dec"])
            if "@at" in value:
                return datetime.fromisoformat(value["@at"])
        return {k.removeprefix("@"): _untag(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_untag(v) for v in value]
    return value


def event_data(event: Event) -> str:
    """The event's own fields as canonical JSON."""
    return dumps(event)


def event_from(tag: str, version: int, text: str) -> Event:
    """The event again; KeyError for a tag this release does not know."""
    kind: Any = EVENT_TYPES[tag, version]
    return typing.cast(Event, _decoder(kind)(json.loads(text)))


def basis(case: Case) -> str:
    """A short name for where the process of a case stands: its version, tokens and variables."""
    return hashlib.sha256(dumps([case.procedure_digest, case.snapshot, case.scopes]).encode()).hexdigest()


def case_from(text: str) -> Case:
    """A folded state again."""
    return typing.cast(Case, _decoder(Case)(json.loads(text)))


@cache
def _decoder(kind: Any) -> Decoder:
    """A decoder for a type hint of our dataclasses."""
    if dataclasses.is_dataclass(kind):
        return _dataclass_decoder(typing.cast(type, kind))
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = _decoder(next(a for a in args if a is not types.NoneType))
        return lambda v: None if v is None else inner(v)
    if origin is tuple:
        item = _decoder(args[0])
        return lambda v: tuple(item(x) for x in v)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) and len(args) == 2:
        entry = _decoder(args[1])
        return lambda v: {k.removeprefix("@"): entry(x) for k, x in v.items()}
    return _untag


def _dataclass_decoder(kind: type) -> Decoder:
    hints = typing.get_type_hints(kind)
    parts = [(f.name, _decoder(hints[f.name])) for f in dataclasses.fields(kind)]
    return lambda v: kind(**{name: decode(v[name]) for name, decode in parts if name in v})
