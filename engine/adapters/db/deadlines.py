"""Terms that run, in SQL: counted over what is due soon or late alone, listed along an index."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, select, tuple_, union_all
from sqlalchemy import case as sql_case

from engine.adapters.db.paging import cursor, place
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import TASK, TASK_GROUP
from engine.adapters.db.tables_deadlines import TERM
from engine.domain.access import APPLICANT
from engine.ports.deadlines import Edges, Tallies, Tally, TermRow, Wish

T = TERM.c
BANDS = ("overdue", "today", "soon", "overdue_bare", "near_bare")
NOBODY = ""


class SqlDeadlines:
    """Implements the Deadlines port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def tallies(self, unit: str, edges: Edges, people: Sequence[str] | None = None) -> Tallies:
        """Five statements over the same terms: those due until the last edge."""
        near = select(T.case_id, T.procedure, T.due_at, T.apologised).where(T.unit == unit, T.due_at <= edges.soon)
        if people is not None:
            near = near.where(T.case_id.in_(_held_by(unit, people)))
        with self._store.reading() as connection:
            found = [
                {
                    row.name: Tally(**{band: int(row._mapping[band] or 0) for band in BANDS})
                    for row in connection.execute(x)
                    if row.name is not None
                }
                for x in _counts(unit, near, edges)
            ]
        everything, procedures, groups, people_found, free = found
        return Tallies(
            all=everything.get(NOBODY, Tally()),
            people={**people_found, **{name: one for name, one in free.items() if any(_numbers(one))}},
            groups=groups,
            procedures=procedures,
        )

    def rows(self, unit: str, wish: Wish, *, after: str | None, limit: int) -> list[TermRow]:
        """One walk along the index for those without an apology, one for the others."""
        query = _listed(unit, wish, place(after, 3), limit)
        with self._store.reading() as connection:
            rows = connection.execute(query).mappings().all()
            ids = [row["case_id"] for row in rows]
            holders, groups = _turns(connection, unit, ids)
        return [_row(row, holders.get(row["case_id"], ()), groups.get(row["case_id"], ())) for row in rows]


def _numbers(tally: Tally) -> tuple[int, ...]:
    return tuple(getattr(tally, band) for band in BANDS)


def _held_by(unit: str, people: Sequence[str]) -> Select[Any]:
    return select(TASK.c.case_id).where(TASK.c.unit == unit, TASK.c.assignee.in_(people))


def _free(unit: str) -> Select[Any]:
    own = TASK_GROUP.c
    return select(own.case_id).where(own.unit == unit, own.assignee.is_(None), own.group_id != APPLICANT)


def _of_group(unit: str, group: str) -> Select[Any]:
    return select(TASK_GROUP.c.case_id).where(TASK_GROUP.c.unit == unit, TASK_GROUP.c.group_id == group)


def _counts(unit: str, near: Select[Any], edges: Edges) -> Iterator[Select[Any]]:
    """Of all, by procedure, by group, by holder, and of what has a task that nobody holds: name and bands."""
    some = near.subquery("near")
    yield select(literal(NOBODY).label("name"), *_bands(some.c, edges))
    yield select(some.c.procedure.label("name"), *_bands(some.c, edges)).group_by(some.c.procedure)
    shared, task = TASK_GROUP.c, TASK.c
    turn = and_(_same(some.c, shared, unit), shared.group_id != APPLICANT)
    yield _by_name(_joined(some, TASK_GROUP, shared.group_id, turn), edges)
    held = and_(_same(some.c, task, unit), task.assignee.is_not(None), task.created_at.is_not(None))
    yield _by_name(_joined(some, TASK, task.assignee, held), edges)
    free = select(some, literal(NOBODY).label("name")).where(some.c.case_id.in_(_free(unit)))
    yield _by_name(free, edges)


def _same(some: Any, other: Any, unit: str) -> ColumnElement[bool]:
    return and_(other.unit == unit, other.case_id == some.case_id)


def _joined(some: Any, table: Any, name: Any, on: ColumnElement[bool]) -> Select[Any]:
    """Each case once with each name. SQLite, which knows no numbers of rows, would otherwise look at every task of the
    unit once for each case, to spare itself sorting or reading rows: an outer join it does not turn around, no index is
    in the order of a name to which something is added, and none of assignees covers what else is asked of a task. The
    line without a name is dropped later."""
    return select(some, name.concat("").label("name")).distinct().join_from(some, table, on, isouter=True)


def _by_name(query: Select[Any], edges: Edges) -> Select[Any]:
    found = query.subquery("found")
    return select(found.c.name, *_bands(found.c, edges)).group_by(found.c.name)


def _bands(own: Any, edges: Edges) -> list[Any]:
    late, bare = own.due_at < edges.now, own.apologised.is_(False)
    which = {
        "overdue": late,
        "today": and_(own.due_at >= edges.now, own.due_at < edges.tomorrow),
        "soon": and_(own.due_at >= edges.now, own.due_at >= edges.tomorrow),
        "overdue_bare": and_(late, bare),
        "near_bare": and_(own.due_at >= edges.now, bare),
    }
    return [func.sum(sql_case((one, 1), else_=0)).label(name) for name, one in which.items()]


def _listed(unit: str, wish: Wish, start: tuple[Any, ...] | None, limit: int) -> Select[Any]:
    """The first `limit` places of each half are enough: the page is among them."""
    halves = [False] if wish.bare else [False, True]
    begun = start[1] == "1" if start else False
    parts = [_half(unit, wish, one, start if start and one == begun else None, limit) for one in halves if one >= begun]
    found = union_all(*parts or [_half(unit, wish, True, start, 0)]).subquery("listed")
    return select(found).order_by(found.c.apologised, found.c.due_at, found.c.case_id).limit(limit)


def _half(unit: str, wish: Wish, apologised: bool, start: tuple[Any, ...] | None, limit: int) -> Select[Any]:
    query = select(TERM).where(T.unit == unit, T.apologised.is_(apologised), *_wanted(unit, wish))
    if start:
        query = query.where(tuple_(T.due_at, T.case_id) > (start[0], start[2]))
    return select(query.order_by(T.due_at, T.case_id).limit(limit).subquery())


def _wanted(unit: str, wish: Wish) -> Iterator[ColumnElement[bool]]:
    if wish.since is not None:
        yield T.due_at >= wish.since
    if wish.until is not None:
        yield T.due_at < wish.until
    if wish.procedure is not None:
        yield T.procedure == wish.procedure
    if wish.people is not None:
        yield T.case_id.in_(_held_by(unit, wish.people))
    if wish.free:
        yield T.case_id.in_(_free(unit))
    if wish.group is not None:
        yield T.case_id.in_(_of_group(unit, wish.group))


def _turns(
    connection: Connection, unit: str, ids: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Who holds tasks of these cases, and the groups whose turn it is, by case."""
    task, shared = TASK.c, TASK_GROUP.c
    held = select(task.case_id, task.assignee.label("name")).where(task.assignee.is_not(None))
    turn = select(shared.case_id, shared.group_id.label("name")).where(shared.group_id != APPLICANT)
    found: list[dict[str, tuple[str, ...]]] = []
    for own, query in ((task, held), (shared, turn)):
        rows = connection.execute(query.where(own.unit == unit, own.case_id.in_(ids))).all() if ids else []
        names: dict[str, set[str]] = {}
        for row in rows:
            names.setdefault(row.case_id, set()).add(row.name)
        found.append({case_id: tuple(sorted(some)) for case_id, some in names.items()})
    return found[0], found[1]


def _row(row: Mapping[Any, Any], holders: tuple[str, ...], groups: tuple[str, ...]) -> TermRow:
    same = ("case_id", "case_code", "procedure", "applicant_name", "due_at", "moved", "apology")
    return TermRow(
        **{name: row[name] for name in same},
        holders=holders,
        groups=groups,
        cursor=cursor(row["due_at"], "1" if row["apologised"] else "0", row["case_id"]),
    )
