"""Which version of a procedure new cases take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.procedure import in_force
from tests.support.small_house import PROCEDURE

ONE = replace(PROCEDURE, version=1, valid_from=date(2022, 1, 1))
TWO = replace(PROCEDURE, version=2, valid_from=date(2022, 6, 1), valid_to=date(2022, 6, 30))
THREE = replace(PROCEDURE, version=3, valid_from=date(2022, 6, 1), valid_to=date(2022, 6, 10))


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2021, 12, 31), None),
        (date(2022, 1, 1), 1),
        (date(2022, 5, 31), 1),
        (date(2022, 6, 1), 3),
        (date(2022, 6, 10), 3),
        (date(2022, 6, 11), 2),
        (date(2022, 6, 30), 2),
        (date(2022, 7, 1), 1),
    ],
)
def test_of_those_valid_on_a_day_the_one_that_began_last_is_in_force(day: date, version: int | None) -> None:
    found = in_force([TWO, ONE, THREE], day)
    assert (found.version if found else None) == version
