"""Numbers under concurrency, kills and commands undone: a small sample of what `make soak` does with 500."""

from __future__ import annotations

import pytest

from tests.soak import soak_numbers


@pytest.mark.parametrize("db", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_processes_that_are_killed_or_undone_leave_neither_gap_nor_double(db: str) -> None:
    told = soak_numbers.run(db, 12, 3, kills=2, seed=7)
    assert {name: told[name] for name in ("failed", "gaps", "doubles", "beyond")} == {
        "failed": 0,
        "gaps": 0,
        "doubles": 0,
        "beyond": 0,
    }
