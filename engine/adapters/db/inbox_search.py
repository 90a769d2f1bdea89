"""Searching a queue on PostgreSQL: along the queue where the words are common, by their index where they are rare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Select,
    Text,
    and_,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from engine.adapters.db.inbox_query import Start, bounded, inbox_query, narrowed, parts, place_of
from engine.adapters.db.search import few, searching, sought, whole_code
from engine.adapters.db.tables import TASK, TASK_GROUP, WORDS

WALK = 10_000  # places; words that more rows hold than FEW mostly fill a page within it, in a million rows
Asked = tuple[str, Sequence[str], str | None, Mapping[str, Any]]  # unit, groups, assignee, filters


def searched(engine: Engine, asked: Asked, *, start: Start, limit: int) -> list[dict[str, Any]]:
    """The rows of a search in a queue, `asked` as in inbox_query; SearchTooWideError where it takes too long.

    Rare words lead by their index, a whole case code by its own. Common ones mostly fill a page within a short walk;
    where they do not, because those who have them are elsewhere, their index has to do it after all.
    """
    unit, _, _, filters = asked
    with searching(engine) as connection:
        if connection.dialect.name != "postgresql":
            return _rows(connection, inbox_query(*asked, start=start, limit=limit))
        if not whole_code(filters["search"]) and not few(connection, TASK, unit, filters["search"]):
            rows = _rows(connection, walked_query(*asked, start=start, limit=limit))
            if len(rows) == limit or connection.execute(reach_query(*asked, start=start)).scalar_one() < WALK:
                return rows
        return _rows(connection, found_query(*asked, start=start, limit=limit))


def _rows(connection: Connection, query: Select[Any] | None) -> list[dict[str, Any]]:
    return [] if query is None else [dict(row._mapping) for row in connection.execute(query)]


def walked_query(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], *, start: Start, limit: int
) -> Select[Any] | None:
    """The rows of inbox_query as far as they are among the next WALK places of the queue.

    One place after the other is asked, until the page is full; its words stand in it. Where there are more of them,
    the task is looked up: as a join PostgreSQL would rather put the whole queue in order.
    """
    places = _places(unit, groups, assignee, filters, start)
    if places is None:
        return None
    walk = places.subquery("walk").c
    held = _one(narrowed(select(true()), TASK.c, {"search": filters["search"]}, _same(TASK.c, walk)))
    begins, cut = sought(walk.words, filters["search"]), func.coalesce(func.length(walk.words) >= WORDS, true())
    wanted = or_(begins, and_(cut, held))
    passed = select(walk.unit, *place_of(walk)).where(wanted)
    once = passed.ext(distinct_on(*place_of(walk))).order_by(*place_of(walk)).limit(limit).subquery("places")
    query = select(TASK).select_from(TASK.join(once, _same(TASK.c, once.c)))
    return query.order_by(*place_of(TASK.c)).limit(limit)


def reach_query(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], *, start: Start
) -> Select[Any]:
    """How many places that walk could look at: WALK where the queue goes on behind them."""
    places = _places(unit, groups, assignee, filters, start)
    return select(literal(0)) if places is None else select(func.count()).select_from(places.subquery("walk"))


def _places(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], start: Start
) -> Select[Any] | None:
    """The next WALK places of all groups together, in order; each part comes in order, to be merged."""
    asked = {name: value for name, value in filters.items() if name != "search"}
    ways = [
        select(bounded(query, own, asked, start).add_columns(_words(own)).order_by(*place_of(own)).subquery())
        for own, query in parts(unit, groups, assignee, asked)
    ]
    if not ways:
        return None
    every = union_all(*ways).subquery("every").c
    return select(every.unit, *place_of(every), every.words).order_by(*place_of(every)).limit(WALK)


def _words(own: Any) -> Any:
    """How the search text begins, where the order's own index has it."""
    return own.words if "words" in own else cast(null(), Text).label("words")


def found_query(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], *, start: Start, limit: int
) -> Select[Any] | None:
    """The rows of inbox_query, the other way round: every task with the words first, then those of the queue.

    OFFSET 0 keeps PostgreSQL from going along the queue after all.
    """
    found = bounded(narrowed(select(TASK), TASK.c, filters, None).where(TASK.c.unit == unit), TASK.c, filters, start)
    rows = found.order_by(*place_of(TASK.c)).offset(0).subquery("found")
    mine, group = filters.get("mine"), filters.get("group")
    names = [] if mine else [name for name in groups if group in (None, "", name)]
    ways = [_shared(rows, names)] if names else []
    if assignee is not None and (mine or not group) and not filters.get("free"):
        ways.append(rows.c.assignee == assignee)
    return select(rows).where(or_(*ways)).order_by(*place_of(rows.c)).limit(limit) if ways else None


def _shared(rows: Any, names: Sequence[str]) -> Any:
    """Whether one of the groups may take the task; asked of one row after the other until the page is full."""
    own = TASK_GROUP.c
    return _one(select(true()).where(_same(own, rows.c), own.group_id.in_(names)))


def _same(own: Any, other: Any) -> Any:
    return and_(own.unit == other.unit, own.case_id == other.case_id, own.key == other.key)


def _one(query: Select[Any]) -> Any:
    """Whether the query finds a row; EXISTS would be turned into a join."""
    return func.coalesce(query.limit(1).scalar_subquery(), false())
