"""The query behind a queue: one walk along the index for each group, so that a page costs the same in a long queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, or_, select, tuple_, union

from engine.adapters.db.projections import fold_text
from engine.adapters.db.tables import TASK, TASK_GROUP

Start = tuple[Any, ...] | None


def inbox_query(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any], *, start: Start, limit: int
) -> Select[Any] | None:
    """The first `limit` tasks after `start`, by order_at, case and key; None where nothing can be in the queue.

    Each part yields `limit` places at most: the first ones of all parts together are among them.
    """
    parts = [_first(part, start, limit) for part in _parts(unit, groups, assignee, filters)]
    if not parts:
        return None
    places = union(*parts).subquery("places")
    own = TASK.c
    joined = TASK.join(
        places, and_(own.unit == places.c.unit, own.case_id == places.c.case_id, own.key == places.c.key)
    )
    query = select(TASK).select_from(joined)
    return query.order_by(own.order_at, own.case_id, own.key).limit(limit)


def _parts(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any]
) -> Iterator[tuple[Any, Select[Any]]]:
    """(columns in order, places) of each group that was asked for, and of what the person holds."""
    mine, group = filters.get("mine"), filters.get("group")
    own = TASK.c
    if not mine:
        shared = TASK_GROUP.c
        both = and_(shared.unit == own.unit, shared.case_id == own.case_id, shared.key == own.key)
        places = _narrowed(select(shared.unit, shared.order_at, shared.case_id, shared.key), filters, both)
        for name in dict.fromkeys(g for g in groups if group in (None, "", g)):
            yield shared, places.where(shared.unit == unit, shared.group_id == name)
    if assignee is not None and (mine or not group):
        held = select(own.unit, own.order_at, own.case_id, own.key)
        yield own, _narrowed(held, filters, None).where(own.unit == unit, own.assignee == assignee)


def _first(part: tuple[Any, Select[Any]], start: Start, limit: int) -> Select[Any]:
    own, query = part
    if start:
        query = query.where(tuple_(own.order_at, own.case_id, own.key) > start)
    return select(query.order_by(own.order_at, own.case_id, own.key).limit(limit).subquery())


def _narrowed(query: Select[Any], filters: Mapping[str, Any], join: Any) -> Select[Any]:
    """Only what the filters let through; `join` says how a place finds its task, where a filter needs it."""
    own = TASK.c
    wanted = []
    if filters.get("search"):
        wanted.append(own.search_text.contains(fold_text(filters["search"]), autoescape=True))
    if filters.get("procedure"):
        wanted.append(own.procedure == filters["procedure"])
    if filters.get("overdue"):
        now = filters["overdue"]
        wanted.append(or_(own.due_at < now, and_(own.due_at.is_(None), own.case_due_at < now)))
    if wanted and join is not None:
        wanted.append(join)
    return query.where(*wanted)
