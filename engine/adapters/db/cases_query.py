"""The query behind the list of cases: along the index of days, or, for words that few cases hold, by these."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select, tuple_

from engine.adapters.db.search import sought, whole_code
from engine.adapters.db.tables import CASE

SHOWN = ("id", "code", "procedure", "applicant_name", "status", "submitted_at", "due_at", "ended")
SAME = {"account": "applicant_account", "status": "status", "procedure": "procedure", "ended": "ended"}


def cases_query(
    unit: str, filters: Mapping[str, Any], *, start: tuple[Any, ...] | None, limit: int, by_words: bool
) -> Select[Any]:
    """The newest `limit` cases before `start`; `by_words` fetches whatever is found before it is put in order."""
    own = CASE.c
    query = select(*(own[name] for name in SHOWN)).where(own.unit == unit)
    query = query.where(*(own[SAME[name]] == filters[name] for name in SAME if filters.get(name) is not None))
    if filters.get("search"):
        code = whole_code(filters["search"])
        query = query.where(own.code == code if code else sought(own.search_text, filters["search"]))
    if start:
        query = query.where(tuple_(own.submitted_at, own.id) < start)
    rows = query.offset(0).subquery("found").c if by_words else own
    if by_words:
        query = select(*(rows[name] for name in SHOWN))
    return query.order_by(rows.submitted_at.desc(), rows.id.desc()).limit(limit)
