"""The national table of the catalog's own data: the ways through it, and what the clock does on each."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from engine.domain import status
from engine.domain.errors import RuleError
from engine.domain.procedure import Status

ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def statuses() -> dict[int, Status]:
    rows = tomllib.loads((ROOT / "catalog/_shared/statuses.toml").read_text("utf-8"))["status"]
    return {row["code"]: Status(**{**row, "follows": tuple(row["follows"])}) for row in rows}


@pytest.mark.parametrize(
    ("way", "effects"),
    [
        ("1 5 1 2 4 6 4 9 10", "none none start none pause resume finish none"),
        ("1 5 2 4", "none start none"),
        ("1 5 4 9", "none start finish"),
        ("1 6 2 4", "none start none"),
        ("1 2 6 2 4 9", "start pause resume none finish"),
        ("1 2 5 2 4", "start pause restart none"),
        ("1 2 4 9 10", "start none finish none"),
        ("1 3", "none"),
        ("1 2 4 5 4 9 10", "start none pause restart finish none"),
        ("1 2 4 7", "start none stop"),
        ("1 5 8", "none none"),
        ("1 7", "none"),
        ("4 4", "none"),
    ],
)
def test_way_through_the_statuses_moves_the_clock(way: str, effects: str, statuses: dict[int, Status]) -> None:
    steps = list(pairwise(map(int, way.split())))
    seen: list[str] = []
    for before, after in steps:
        status.check(before, after, statuses)
        begun = way.startswith("4") or "start" in seen
        seen.append(status.clock(before, after, statuses, begun=begun))
    assert seen == effects.split()


@pytest.mark.parametrize(
    ("before", "after"), [(1, 10), (1, 9), (3, 4), (7, 4), (8, 4), (10, 9), (4, 3), (9, 4), (2, 1)]
)
def test_forbidden_change_is_refused_with_both_names(before: int, after: int, statuses: dict[int, Status]) -> None:
    with pytest.raises(RuleError) as refusal:
        status.check(before, after, statuses)
    assert statuses[before].name in refusal.value.message
    assert statuses[after].name_en in refusal.value.message_en


def test_unknown_status_is_refused(statuses: dict[int, Status]) -> None:
    with pytest.raises(RuleError, match="11"):
        status.check(4, 11, statuses)


def test_terminal_statuses_have_no_successor_and_the_others_have(statuses: dict[int, Status]) -> None:
    assert sorted(statuses) == list(range(1, 11))
    for code, entry in statuses.items():
        assert status.is_open(code, statuses) == bool(entry.follows)
        assert set(entry.follows) <= set(statuses)
