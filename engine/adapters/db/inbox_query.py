"""The query behind a queue: one walk along the index for each group, so that a page costs the same in a long queue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, and_, func, literal, or_, select, tuple_, union

from engine.adapters.db.search import sought, whole_code
from engine.adapters.db.tables import TASK, TASK_GROUP

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


def counts_query(unit: str, groups: Sequence[str], assignee: str, views: Sequence[Mapping[str, Any]]) -> Select[Any]:
    """One column for each view (filters, and `most`): how many tasks there are in it, `most` at most."""
    counted = [_counted(unit, groups, assignee, view, view["most"]) for view in views]
    return select(*(each.scalar_subquery() for each in counted))


def _counted(unit: str, groups: Sequence[str], assignee: str, filters: Mapping[str, Any], most: int) -> Select[Any]:
    """A task that several groups may take is one; a single stretch needs no comparing."""
    firsts = [
        select(bounded(query, own, filters, None).limit(most).subquery())
        for own, query in parts(unit, groups, assignee, filters)
    ]
    if not firsts:
        return select(literal(0))
    one = firsts[0].subquery() if len(firsts) == 1 else select(union(*firsts).subquery()).limit(most).subquery()
    return select(func.count()).select_from(one)


def parts(
    unit: str, groups: Sequence[str], assignee: str | None, filters: Mapping[str, Any]
) -> Iterator[tuple[Any, Select[Any]]]:
    """(columns in order, places) of each group that was asked for, and of what the person holds."""
    mine, group = filters.get("mine"), filters.get("group")
    own = TASK.c
    if not mine:
        shared = TASK_GROUP.c
        both = and_(shared.unit == own.unit, shared.case_id == own.case_id, shared.key == own.key)
        places = narrowed(select(shared.unit, *place_of(shared)), shared, filters, both)
        for name in dict.fromkeys(g for g in groups if group in (None, "", g)):
            yield shared, places.where(shared.unit == unit, shared.group_id == name)
    if assignee is not None and (mine or not group) and not filters.get("free"):
        held = select(own.unit, *place_of(own))
        yield own, narrowed(held, own, filters, None).where(own.unit == unit, own.assignee == assignee)


def _first(part: tuple[Any, Select[Any]], filters: Mapping[str, Any], start: Start, limit: int) -> Select[Any]:
    own, query = part
    query = bounded(query, own, filters, start)
    return select(query.order_by(*place_of(own)).limit(limit).subquery())


def bounded(query: Select[Any], own: Any, filters: Mapping[str, Any], start: Start) -> Select[Any]:
    """Only the stretch of the order that is asked for: after `start`, and, where what is late is wanted, before now."""
    if start:
        columns = place_of(own)
        query = query.where(tuple_(*columns) > tuple_(*start, types=[column.type for column in columns]))
    if filters.get("overdue") is not None:  # what has no date of its own stands where its case's is: see `order_at`
        query = query.where(own.order_at < filters["overdue"])
    return query


def narrowed(query: Select[Any], own: Any, filters: Mapping[str, Any], join: Any) -> Select[Any]:
    """Only what the filters let through; `own`: the columns asked, `join` says how a row of another table finds its
    task, whose words alone a search knows."""
    wanted = _kept(own, filters)
    if filters.get("search"):
        code = whole_code(filters["search"])
        wanted.append(TASK.c.case_code == code if code else sought(TASK.c.search_text, filters["search"]))
        if join is not None:
            wanted.append(join)
    return query.where(*wanted)


def _kept(own: Any, filters: Mapping[str, Any]) -> list[Any]:
    """What a place of a queue tells by itself. A task that is set aside is back on its day, or once it is late."""
    wanted = []
    if filters.get("procedure"):
        wanted.append(own.procedure == filters["procedure"])
    if filters.get("free"):
        wanted.append(own.assignee.is_(None))
    if (now := filters.get("awake")) is not None:
        wanted.append(or_(own.follow_up_at.is_(None), own.follow_up_at <= now, own.order_at <= now))
    if (now := filters.get("asleep")) is not None:
        wanted += [own.follow_up_at > now, own.order_at > now]
    return wanted
