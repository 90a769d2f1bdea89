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
TAG = '"@'  # begins our own tags in a text, and names that people began so
ATOMS = frozenset({str, int, bool, types.NoneType})  # the same in Python and in JSON
_CANONICAL = json.JSONEncoder(
    sort_keys=True,
    ensure_ascii=False,
    separators=(",", ":"),
    allow_nan=False,
    check_circular=False,  # `plain` has gone all the way before
)


def dumps(value: Any) -> str:
    """Canonical JSON: sorted keys, no blanks, no NaN; decimals as {"@dec": text}, instants as {"@at": text}."""
    return _CANONICAL.encode(plain(value))


def plain(value: Any) -> Any:
    """`value` as JSON types; raises TypeError for what has no faithful form (floats that are not finite included)."""
    kind: Any = type(value)
    if kind in ATOMS:
        return value
    if kind is dict:  # by far the most there is, hence first and without a call for each atom in it
        return {
            (k if type(k) is str and k[:1] != "@" else _text_key(k)): (v if type(v) in ATOMS else plain(v))
            for k, v in value.items()
        }
    if kind is list or kind is tuple:
        return [v if type(v) in ATOMS else plain(v) for v in value]
    if kind is datetime:
        return {"@at": value.isoformat()}
    names = _field_names(kind)
    if names is not None:
        return {name: (v if type(v := getattr(value, name)) in ATOMS else plain(v)) for name in names}
    return _odd(value)


def _odd(value: Any) -> Any:
    """What is neither JSON's own type nor one of our records."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {_text_key(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, set | frozenset):
        return [plain(v) for v in sorted(value)]
    return _tagged(value)


@cache
def _field_names(kind: Any) -> tuple[str, ...] | None:
    """The fields of a record; None for anything else."""
    return tuple(f.name for f in dataclasses.fields(kind)) if dataclasses.is_dataclass(kind) else None


def is_plain(value: Any) -> bool:
    """Whether `value` can be written down and read again anywhere: no odd types, no NaN, no halves of characters, and
    not so deep that a reader with little room left on its stack could not take it up again."""
    return written(value) is not None


def written(value: Any) -> str | None:
    """The text of what `is_plain`; None for anything else."""
    if nested(value) > MAX_DEPTH:
        return None
    try:
        text = dumps(value)
        text.encode()
    except (TypeError, ValueError):
        return None
    return text


def nested(value: Any) -> int:
    """How deep lists, objects and records lie in each other; more than MAX_DEPTH is not counted further."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        inner: list[Any] = []
        for each in level:
            inner += [part for part in _inside(each) if type(part) not in ATOMS]
        level, depth = inner, depth + 1
    return depth


def _inside(value: Any) -> Iterable[Any]:
    kind: Any = type(value)
    names = _field_names(kind)
    if names is not None:
        return [getattr(value, name) for name in names]
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple | set | frozenset) else ()


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
    kind = type(value)
    if kind is dict:
        if len(value) == 1:
            if "@dec" in value:
                return Decimal(value["@dec"])
            if "@at" in value:
                return datetime.fromisoformat(value["@at"])
        return {k.removeprefix("@"): (v if type(v) in ATOMS else _untag(v)) for k, v in value.items()}
    if kind is list:
        return [v if type(v) in ATOMS else _untag(v) for v in value]
    return value


def event_data(event: Event) -> str:
    """The event's own fields as canonical JSON; what was added to a released version only where it says something."""
    empty = [name for name in event.added if not getattr(event, name)]
    if not empty:
        return dumps(event)
    return dumps({f.name: getattr(event, f.name) for f in dataclasses.fields(event) if f.name not in empty})


def event_from(tag: str, version: int, text: str) -> Event:
    """The event again; KeyError for a tag this release does not know."""
    kind: Any = EVENT_TYPES[tag, version]
    return typing.cast(Event, decoder(kind, tagged=TAG in text)(json.loads(text)))


def data_from(text: str) -> dict[str, Any]:
    """What somebody filled in, again: the names of an object and their values, as `dumps` wrote them."""
    return dict(decoder(Mapping[str, Any], tagged=TAG in text)(json.loads(text)))


def basis(case: Case) -> str:
    """A short name for where the process of a case stands: its version, tokens and variables."""
    return hashlib.sha256(dumps([case.procedure_digest, case.snapshot, case.scopes]).encode()).hexdigest()


@cache
def decoder(kind: Any, *, tagged: bool) -> Decoder:
    """How a value of this type hint of our records is made of JSON; where its text holds no TAG, much is as it is."""
    if dataclasses.is_dataclass(kind):
        return _record_decoder(typing.cast(type, kind), tagged)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = decoder(next(a for a in args if a is not types.NoneType), tagged=tagged)
        return lambda v: None if v is None else inner(v)
    if origin is tuple:
        item = decoder(args[0], tagged=tagged)
        return tuple if item is _same else lambda v: tuple([item(x) for x in v])
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping) and len(args) == 2:
        return _mapping_decoder(decoder(args[1], tagged=tagged))
    return _untag if tagged else _same


def _same(value: Any) -> Any:
    return value


def _mapping_decoder(entry: Decoder) -> Decoder:
    if entry is _same:
        return _same
    return lambda v: {k.removeprefix("@"): (x if type(x) in ATOMS else entry(x)) for k, x in v.items()}


def _record_decoder(kind: type, tagged: bool) -> Decoder:
    """A record from its fields; an atom is what it is under any hint, None included."""
    hints = typing.get_type_hints(kind)
    decoders = {f.name: decoder(hints[f.name], tagged=tagged) for f in dataclasses.fields(kind)}
    return lambda v: kind(**{n: (x if type(x) in ATOMS else decoders[n](x)) for n, x in v.items() if n in decoders})
