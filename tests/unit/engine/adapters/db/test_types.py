"""Instants mean the same on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from engine.adapters.db.types import Instant

INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 3),
    max_value=datetime(9999, 12, 29),
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@given(INSTANTS)
def test_an_instant_survives_to_the_microsecond(at: datetime) -> None:
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        kept = Instant().process_bind_param(at, dialect)
        assert Instant().process_result_value(kept, dialect) == at


@given(INSTANTS, INSTANTS)
def test_texts_compare_as_instants_do(one: datetime, other: datetime) -> None:
    first, second = (Instant().process_bind_param(at, sqlite.dialect()) for at in (one, other))
    assert (first < second) == (one < other)


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(datetime(2022, 12, 19), sqlite.dialect())


def test_nothing_stays_nothing_and_everything_else_comes_back_in_utc() -> None:
    dialect = sqlite.dialect()
    assert Instant().process_bind_param(None, dialect) is None
    assert Instant().process_result_value(None, dialect) is None
    found = Instant().process_result_value("2022-12-19T02:00:00.000000+00:00", dialect)
    assert found == datetime(2022, 12, 19, 2, tzinfo=UTC)
