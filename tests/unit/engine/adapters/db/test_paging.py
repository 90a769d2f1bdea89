"""Cursors go out in addresses and come back in whatever shape."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.db.paging import cursor, place

PLAIN = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(st.datetimes(timezones=st.just(UTC)), st.text(), st.text())
def test_a_cursor_leads_back_to_its_place(at: datetime, case_id: str, key: str) -> None:
    assert place(cursor(at, case_id, key), 3) == (at, case_id, key)


@given(st.text() | PLAIN.map(json.dumps))
def test_whatever_somebody_types_into_the_address_begins_the_list_anew(text: str) -> None:
    assert place(text, 3) is None


def test_a_cursor_of_another_list_begins_anew() -> None:
    assert place(cursor(datetime(2022, 12, 19, tzinfo=UTC), "a"), 3) is None
    assert place(None, 2) is None
