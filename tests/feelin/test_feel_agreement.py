"""Our FEEL and feelin give the same values, and every difference is argued."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.feelin.agreement import Entry, Typed, entries, of_feelin, of_ours, same, shown

LISTED = entries()


@pytest.fixture(scope="module")
def theirs() -> dict[tuple[str, bool], Typed]:
    """feelin's values of all expressions, from one run of node."""
    return {(entry.text, entry.unary): value for entry, value in zip(LISTED, of_feelin(LISTED), strict=True)}


def test_the_list_is_long_enough_and_names_no_expression_twice() -> None:
    assert sum(entry.difference is None for entry in LISTED) >= 150
    assert len(LISTED) >= 200
    assert [key for key, count in Counter((e.text, e.unary) for e in LISTED).items() if count > 1] == []


@pytest.mark.parametrize("entry", [e for e in LISTED if e.difference is None], ids=lambda entry: entry.text)
def test_both_give_the_same_value(entry: Entry, theirs: dict[tuple[str, bool], Typed]) -> None:
    ours, other = of_ours(entry), theirs[entry.text, entry.unary]
    assert same(ours, other), f"ours {shown(ours)}, feelin {shown(other)}"


@pytest.mark.parametrize("entry", [e for e in LISTED if e.difference], ids=lambda entry: entry.text)
def test_a_difference_is_the_one_that_is_argued(entry: Entry, theirs: dict[tuple[str, bool], Typed]) -> None:
    ours, other = of_ours(entry), theirs[entry.text, entry.unary]
    assert entry.difference is not None
    assert (shown(ours), shown(other)) == (entry.difference["ours"], entry.difference["feelin"])
    assert not same(ours, other)
    assert re.fullmatch(r"10\.3(\.\d+)*", entry.difference["clause"])
    assert len(entry.difference["reason"]) > 20


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "number", "text": "1"}, {"type": "string", "text": "1"}),
        ({"type": "number", "text": "1"}, {"type": "number", "text": "1.0000001"}),
        ({"type": "number", "text": "1"}, {"type": "number", "text": "NaN"}),
        ({"type": "null"}, {"type": "error", "text": "SyntaxError"}),
        ({"type": "list", "items": []}, {"type": "list", "items": [{"type": "null"}]}),
        ({"type": "context", "entries": {"a": {"type": "null"}}}, {"type": "context", "entries": {}}),
        ({"type": "date", "text": "2024-01-01"}, {"type": "date", "text": "2024-01-02"}),
        ({"type": "time", "text": "10:00:00Z"}, {"type": "time", "text": "17:00:00+07:00"}),
        ({"type": "date", "text": "2024-01-01"}, {"type": "date and time", "text": "2024-01-01"}),
    ],
)
def test_the_comparison_tells_values_and_types_apart(one: Typed, other: Typed) -> None:
    assert same(one, one)
    assert not same(one, other)
