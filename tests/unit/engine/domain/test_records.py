"""A quick copy is the copy the standard library makes."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pytest

from engine.domain.case import Case
from engine.domain.records import replace
from tests.support.cases import case, task


@dataclass(frozen=True, slots=True, kw_only=True)
class One:
    """A record with a single field."""

    only: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("record", "changes"),
    [
        (case(), {}),
        (case(), {"version": 2, "head_hash": "f" * 64, "closed_reason": None}),
        (case(), {f.name: f.name for f in dataclasses.fields(Case)}),
        (task(), {"assignee": "an", "key": "x#2"}),  # fields of its own and of the record it is made from
        (One(only=(1, 2)), {}),
        (One(), {"only": (3,)}),
    ],
)
def test_a_copy_is_what_the_standard_library_makes(record: Any, changes: dict[str, Any]) -> None:
    as_it_was = dataclasses.replace(record)
    copy = replace(record, **changes)
    assert copy == dataclasses.replace(record, **changes)
    assert type(copy) is type(record)
    assert record == as_it_was
    with pytest.raises(dataclasses.FrozenInstanceError):
        copy.__setattr__(dataclasses.fields(record)[0].name, None)


def test_a_name_that_a_record_does_not_have_is_refused() -> None:
    with pytest.raises(TypeError, match="colour"):
        replace(case(), colour="red")


def test_what_is_no_record_is_refused() -> None:
    with pytest.raises(TypeError):
        replace("text", length=3)
