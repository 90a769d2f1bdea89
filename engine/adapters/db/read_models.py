"""Queries over the projection rows; every one knows its unit, and every list is paged by key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, String, bindparam, select

from engine.adapters.db.cases_query import cases_query
from engine.adapters.db.inbox_query import counts_query, inbox_query
from engine.adapters.db.inbox_search import searched
from engine.adapters.db.migrate import at_head
from engine.adapters.db.of_unit import of
from engine.adapters.db.paging import cursor, place
from engine.adapters.db.projections import FAR
from engine.adapters.db.search import few, searching
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE, INCIDENT, TASK_GROUP
from engine.adapters.db.types import Instant
from engine.domain.errors import DatabaseUnavailableError
from engine.ports import Row

SHOWN = ("case_id", "key", "element_id", "name", "case_code", "procedure", "applicant_name", "assignee", "priority")


class SqlReadModels:
    """Implements the ReadModels port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def inbox(
        self,
        unit: str,
        groups: Sequence[str],
        assignee: str | None,
        filters: Mapping[str, Any],
        *,
        after: str | None,
        limit: int,
    ) -> list[Row]:
        """Open tasks of the groups and the assignee's own, by due date, case and key."""
        start = place(after, 3)
        if filters.get("search"):
            rows = searched(self._store.engine, (unit, groups, assignee, filters), start=start, limit=limit)
        else:
            query, values = _listing((unit, tuple(groups), assignee), filters, start, limit)
            with self._store.reading() as connection:
                rows = [] if query is None else [dict(r._mapping) for r in connection.execute(query, values)]
        with self._store.reading() as connection:
            named = _groups_of(connection, unit, rows)
        return [shown_task(row, named) for row in rows]

    def counts(
        self, unit: str, groups: Sequence[str], assignee: str, views: Mapping[str, Mapping[str, Any]]
    ) -> Mapping[str, int]:
        """How many tasks each view has, in one statement; nothing is counted further than its `most`."""
        query, instants = _counting(unit, groups, assignee, views)
        with self._store.reading() as connection:
            row = connection.execute(query, instants).one()
        return dict(zip(views, row, strict=True))

    def cases(self, unit: str, filters: Mapping[str, Any], *, after: str | None, limit: int) -> list[Row]:
        """Cases, newest first."""
        looking = searching(self._store.engine) if filters.get("search") else self._store.reading()
        with looking as connection:
            by_words = bool(filters.get("search")) and few(connection, CASE, unit, filters["search"])
            query = cases_query(unit, filters, start=place(after, 2), limit=limit, by_words=by_words)
            return [shown_case(dict(r._mapping)) for r in connection.execute(query)]

    def find_code(self, code: str) -> str | None:
        """The case id behind a case code, in any unit that is served."""
        with self._store.reading() as connection:
            query = select(CASE.c.id).where(CASE.c.code == code, *of(CASE, self._store.serves))
            return connection.execute(query).scalar()

    def incidents(self, unit: str, *, limit: int) -> list[Row]:
        """Open incidents, oldest first."""
        query = (
            select(INCIDENT).where(INCIDENT.c.unit == unit).order_by(INCIDENT.c.raised_at, INCIDENT.c.id).limit(limit)
        )
        with self._store.reading() as connection:
            return [dict(r._mapping) for r in connection.execute(query)]

    def health(self) -> Mapping[str, Any]:
        """Reachability, migration head, numbers of waiting jobs and timers; these are unknown without a database."""
        try:
            return {
                "database": True,
                "migrated": at_head(self._store.engine),
                "jobs": self._store.count("job"),
                "timers": self._store.count("timer"),
            }
        except DatabaseUnavailableError:
            return {"database": False}


def _counting(
    unit: str, groups: Sequence[str], assignee: str, views: Mapping[str, Mapping[str, Any]]
) -> tuple[Select[Any], dict[str, datetime]]:
    """The statement that counts, and the instants it is asked with: all else of it stays the same for a person, and to
    build it anew would take longer than to run it."""
    instants: dict[datetime, str] = {}
    shape = tuple(_shape(view, instants) for view in views.values())
    return _built(unit, tuple(groups), assignee, shape), {name: at for at, name in instants.items()}


def _listing(
    whose: tuple[str, tuple[str, ...], str | None], filters: Mapping[str, Any], start: Any, limit: int
) -> tuple[Select[Any] | None, dict[str, Any]]:
    """The statement of a page of a queue, kept likewise, and the instants and the place it is asked with."""
    instants: dict[datetime, str] = {}
    shape = _shape(filters, instants)
    query = _built_page(whose, shape, bool(start), limit)
    begin = dict(zip((name for name, _ in START), start or (), strict=False))
    return query, {**{name: at for at, name in instants.items()}, **begin}


def _shape(view: Mapping[str, Any], instants: dict[datetime, str]) -> tuple[tuple[str, Any], ...]:
    """A view whose instants are places; which instant has which name is added to `instants`."""
    return tuple(
        (name, _Instant(instants.setdefault(value, f"at{len(instants)}")) if isinstance(value, datetime) else value)
        for name, value in view.items()
    )


def _asked(shape: tuple[tuple[str, Any], ...]) -> dict[str, Any]:
    return {k: bindparam(v.name, type_=Instant()) if isinstance(v, _Instant) else v for k, v in shape}


@dataclass(frozen=True, slots=True)
class _Instant:
    """A place for an instant in a statement that is kept."""

    name: str


START = (("from_at", Instant()), ("from_case", String()), ("from_key", String()))


@lru_cache(maxsize=1024)
def _built(unit: str, groups: tuple[str, ...], assignee: str, shape: tuple[Any, ...]) -> Select[Any]:
    return counts_query(unit, groups, assignee, [_asked(view) for view in shape])


@lru_cache(maxsize=1024)
def _built_page(
    whose: tuple[str, tuple[str, ...], str | None], shape: tuple[Any, ...], later: bool, limit: int
) -> Select[Any] | None:
    start = tuple(bindparam(name, type_=kind) for name, kind in START) if later else None
    return inbox_query(*whose, _asked(shape), start=start, limit=limit)


@cache
def _groups_query() -> Select[Any]:
    own = TASK_GROUP.c
    cases: BindParameter[Any] = bindparam("cases", expanding=True)
    query = select(own.case_id, own.key, own.group_id).where(own.unit == bindparam("of"), own.case_id.in_(cases))
    return query.order_by(own.group_id)


def _groups_of(connection: Connection, unit: str, rows: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    cases = sorted({r["case_id"] for r in rows})  # a case has few tasks, and pairs take longer to plan than to read
    found: dict[tuple[str, str], list[str]] = {}
    if cases:
        for case_id, key, group in connection.execute(_groups_query(), {"of": unit, "cases": cases}):
            found.setdefault((case_id, key), []).append(group)
    return found


def shown_task(row: Mapping[str, Any], groups: Mapping[tuple[str, str], list[str]]) -> Row:
    """A task as a queue shows it; `groups` by case id and key."""
    return {
        **{name: row[name] for name in SHOWN},
        "groups": groups.get((row["case_id"], row["key"]), []),
        "due": row["due_at"] or row["case_due_at"],
        "task_due": row["due_at"],
        "case_due": row["case_due_at"],
        "follow_up": row["follow_up_at"],
        "created_at": row["created_at"],
        "cursor": cursor(row["order_at"], row["case_id"], row["key"]),
        "dated": row["order_at"] != FAR,
    }


def shown_case(row: dict[str, Any]) -> Row:
    """A case as a list shows it."""
    return {**row, "case_id": row["id"], "due": row["due_at"], "cursor": cursor(row["submitted_at"], row["id"])}
