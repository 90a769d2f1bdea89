"""Copies of frozen records, twice as fast as the standard library's: every event makes two of the whole case."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")
Put = Callable[[Any, Any], None]


def replace(record: T, **changes: Any) -> T:
    """A copy of a slotted record with other values in some fields, as dataclasses.replace makes it; TypeError for a
    name it does not have."""
    kind: Any = type(record)
    values, puts = _ways(kind)
    copy: T = object.__new__(kind)
    for put, value in zip(puts.values(), values(record), strict=True):
        put(copy, value)
    for name, value in changes.items():
        if name not in puts:
            raise TypeError(f"{kind.__name__} has no field {name}")
        puts[name](copy, value)
    return copy


@cache
def _ways(kind: Any) -> tuple[Callable[[Any], tuple[Any, ...]], Mapping[str, Put]]:
    """How all values of a record are had at once, and how each is put into its slot, past the frozen surface."""
    assert not hasattr(kind, "__post_init__"), "what a record checks when it is made would be passed by"
    names = [f.name for f in dataclasses.fields(kind)]
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda record: (get(record),), {n: getattr(kind, n).__set__ for n in names}
