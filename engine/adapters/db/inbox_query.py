"""The query behind a queue: one walk along the index for each group, so that a page costs the same in a long queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, select, true, tuple_, union

from engine.adapters.db.search import sought, whole_code
from engine.adapters.db.tables import TASK, TASK_GROUP
from engine.ports import COUNTED

Start = tuple[Any, ...] | None


def inbox_query(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], *, start: Start, limit: int
) -> Select[Any] | None:
    """The first `limit` tasks after `start`, by order_at, case and key; None where nothing can be in the queue.

    Each part yields `limit` places at most: the first ones of all parts together are among them.
    """
    firsts = [_first(part, filters, start, limit) for part in parts(unit, groups, assignee, filters)]
    if not firsts:
        return None
    places = union(*firsts).subquery("places")
    own = TASK.c
    joined = TASK.join(
        places, and_(own.unit == places.c.unit, own.case_id == places.c.case_id, own.key == places.c.key)
    )
    query = select(TASK).select_from(joined)
    return query.order_by(own.order_at, own.case_id, own.key).limit(limit)


def place_of(own: Any) -> tuple[Any, ...]:
    """What a queue is ordered by, of a table or subquery."""
    return own.order_at, own.case_id, own.key


def counts_query(unit: str, groups: Sequence[str], assignee: str) -> Select[Any]:
    """One column for each group and one for what the person holds: how many rows there are, COUNTED at most."""
    shared, own = TASK_GROUP.c, TASK.c
    kept = [(shared.unit == unit, shared.group_id == group) for group in groups]
    every = [select(true()).where(*each) for each in (*kept, (own.unit == unit, own.assignee == assignee))]
    few = [each.limit(COUNTED).subquery() for each in every]
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in few))


def parts(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any]
) -> Iterator[tuple[Any, Select[Any]]]:
    """(columns in order, places) of each group that was asked for, and of what the person holds."""
    mine, group = filters.get("mine"), filters.get("group")
    own = TASK.c
    if not mine:
        shared = TASK_GROUP.c
        both = and_(shared.unit == own.unit, shared.case_id == own.case_id, shared.key == own.key)
        places = narrowed(select(shared.unit, *place_of(shared)), filters, both)
        for name in dict.fromkeys(g for g in groups if group in (None, "", g)):
            yield shared, places.where(shared.unit == unit, shared.group_id == name)
    if assignee is not None and (mine or not group):
        held = select(own.unit, *place_of(own))
        yield own, narrowed(held, filters, None).where(own.unit == unit, own.assignee == assignee)


def _first(part: tuple[Any, Select[Any]], filters: Mapping[str, Any], start: Start, limit: int) -> Select[Any]:
    own, query = part
    query = bounded(query, own, filters, start)
    return select(query.order_by(*place_of(own)).limit(limit).subquery())


def bounded(query: Select[Any], own: Any, filters: Mapping[str, Any], start: Start) -> Select[Any]:
    """Only the stretch of the order that is asked for: after `start`, and, where what is late is wanted, before now."""
    if start:
        query = query.where(tuple_(*place_of(own)) > start)
    if filters.get("overdue"):  # what has no date of its own stands where its case's date is: `order_at` says it all
        query = query.where(own.order_at < filters["overdue"])
    return query


def narrowed(query: Select[Any], filters: Mapping[str, Any], join: Any) -> Select[Any]:
    """Only what the filters let through; `join` says how a place finds its task, where a filter needs it."""
    own = TASK.c
    wanted = []
    if filters.get("search"):
        code = whole_code(filters["search"])
        wanted.append(own.case_code == code if code else sought(own.search_text, filters["search"]))
    if filters.get("procedure"):
        wanted.append(own.procedure == filters["procedure"])
    if wanted and join is not None:
        wanted.append(join)
    return query.where(*wanted)
