"""Reminders in SQL: one for each case, date and threshold, whoever comes first; whose list they stand in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, String, and_, bindparam, delete, exists, func, insert, select, union_all

from engine.adapters.db.connection import saving, saving_in_turn
from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import TASK, TASK_GROUP
from engine.adapters.db.tables_deadlines import REMINDER, REMINDER_FOR, TERM
from engine.adapters.db.tables_following import CASE_LOOK
from engine.domain.access import APPLICANT
from engine.domain.codec import dumps
from engine.domain.reminding import OpenTask
from engine.ports.deadlines import Reminded, Reminder, Running

NEWEST = 100
SHOWN = ("case_id", "due_at", "threshold", "recipient", "in_stead_of", "leader", "at")
T, F = TERM.c, REMINDER_FOR.c


class SqlReminders:
    """Implements the Reminders port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def running(self, unit: str, *, after: str, limit: int) -> list[Running]:
        """A page of terms, with what was told of each."""
        query = select(TERM).where(T.unit == unit, T.case_id > after).order_by(T.case_id).limit(limit)
        with self._store.reading() as connection:
            return _running(connection, unit, query)

    def tell(
        self,
        unit: str,
        case_ids: Sequence[str],
        now: datetime,
        decide: Callable[[Running, Sequence[OpenTask]], Reminder | None],
    ) -> int:
        """Decide and write in the unit's turn; the key lets nothing in twice besides."""
        with saving_in_turn(self._store.engine, f"reminders:{unit}") as connection:
            rows = _running(connection, unit, select(TERM).where(T.unit == unit, T.case_id.in_(case_ids)))
            tasks = _tasks(connection, unit, [row.case_id for row in rows])
            decided = [(row, decide(row, tasks.get(row.case_id, ()))) for row in rows]
            told = [(row, reminder) for row, reminder in decided if reminder is not None]
            if told:
                connection.execute(insert(REMINDER), [_head(unit, row, one, now) for row, one in told])
                addressed = [each for row, one in told for each in _addressed(unit, row, one, now)]
                if addressed:
                    connection.execute(insert(REMINDER_FOR), addressed)
        return len(told)

    def clear(self, unit: str, before: datetime) -> int:
        """Lists stay short: what no term bears any more goes after a while."""
        counts = exists().where(T.unit == F.unit, T.case_id == F.case_id, T.due_at == F.due_at)
        with saving(self._store.engine) as connection:
            gone = connection.execute(delete(REMINDER_FOR).where(F.unit == unit, F.at < before, ~counts))
            return int(gone.rowcount)

    def of(self, unit: str, account: str, groups: Sequence[str], limit: int = 50) -> list[Reminded]:
        """The newest first."""
        count, values = _asked(unit, account, groups)
        with self._store.reading() as connection:
            rows = connection.execute(_newest(count), values).mappings().all()
        found: dict[str, Reminded] = {}
        for row in rows:
            found.setdefault(row["case_id"], _reminded(row))
        return list(found.values())[:limit]

    def unread(self, unit: str, account: str, groups: Sequence[str]) -> int:
        """A case counts once, however many reminders of it were not read."""
        count, values = _asked(unit, account, groups)
        with self._store.reading() as connection:
            return int(connection.execute(_unread(count), values).scalar_one())


def _running(connection: Connection, unit: str, query: Select[Any]) -> list[Running]:
    """The terms of a query with what was told of their present date: by the key of each, however much was ever told."""
    some, own = query.subquery("some"), REMINDER.c
    date = and_(own.unit == unit, own.case_id == some.c.case_id, own.due_at == some.c.due_at)
    shown = (some.c.case_id, some.c.case_code, some.c.due_at, some.c.since_at, own.threshold)
    found = select(*shown).join_from(some, REMINDER, date, isouter=True).order_by(some.c.case_id)
    terms: dict[str, Any] = {}
    told: dict[str, set[str]] = {}
    for row in connection.execute(found):
        terms[row.case_id] = row
        told.setdefault(row.case_id, set()).update([row.threshold] if row.threshold else [])
    return [
        Running(
            case_id=term.case_id,
            case_code=term.case_code,
            due_at=term.due_at,
            since_at=term.since_at,
            told=frozenset(told[case_id]),
        )
        for case_id, term in terms.items()
    ]


def _tasks(connection: Connection, unit: str, ids: Sequence[str]) -> dict[str, list[OpenTask]]:
    """Open tasks of officers, by case."""
    task, shared = TASK.c, TASK_GROUP.c
    both = and_(task.unit == shared.unit, task.case_id == shared.case_id, task.key == shared.key)
    query = select(task.case_id, task.key, task.assignee, shared.group_id).select_from(TASK.join(TASK_GROUP, both))
    query = query.where(task.unit == unit, task.case_id.in_(ids), shared.group_id != APPLICANT)
    groups: dict[tuple[str, str, str | None], set[str]] = {}
    for row in connection.execute(query) if ids else ():
        groups.setdefault((row.case_id, row.key, row.assignee), set()).add(row.group_id)
    found: dict[str, list[OpenTask]] = {}
    for (case_id, _, assignee), names in groups.items():
        found.setdefault(case_id, []).append(OpenTask(assignee=assignee, groups=frozenset(names)))
    return found


def _which(unit: str, row: Running, reminder: Reminder) -> dict[str, Any]:
    return {"unit": unit, "case_id": row.case_id, "due_at": row.due_at, "threshold": reminder.threshold}


def _head(unit: str, row: Running, reminder: Reminder, now: datetime) -> dict[str, Any]:
    text = dumps([asdict(one) for one in reminder.recipients])
    return {**_which(unit, row, reminder), "case_code": row.case_code, "at": now, "recipients": text}


def _addressed(unit: str, row: Running, reminder: Reminder, now: datetime) -> list[dict[str, Any]]:
    same = {**_which(unit, row, reminder), "at": now}
    return [
        {**same, "recipient": _address(one.kind, one.id), "in_stead_of": one.in_stead_of, "leader": one.leader}
        for one in reminder.recipients
    ]


def _address(kind: str, name: str) -> str:
    return f"{kind}/{name}"


def _asked(unit: str, account: str, groups: Sequence[str]) -> tuple[int, dict[str, str]]:
    """For how many recipients is asked, and with which values."""
    mine = [_address("person", account), *(_address("group", name) for name in groups)]
    return len(mine), {"of_unit": unit, "who": account, **{f"whom{n}": one for n, one in enumerate(mine)}}


@lru_cache(maxsize=64)
def _newest(recipients: int) -> Select[Any]:
    """The newest of so many recipients: one short walk along the index for each. Every page of an officer asks this, so
    the statement is built once."""
    unit, who = bindparam("of_unit", type_=String()), bindparam("who", type_=String())
    walks = [
        select(
            select(*(F[name] for name in SHOWN))
            .where(F.unit == unit, F.recipient == bindparam(f"whom{n}", type_=String()))
            .order_by(F.at.desc(), F.case_id.desc())
            .limit(NEWEST)
            .subquery()
        )
        for n in range(recipients)
    ]
    some, look = union_all(*walks).subquery("some"), CASE_LOOK.c
    own = some.c
    opened = exists().where(look.unit == unit, look.case_id == own.case_id, look.account == who, look.last_at >= own.at)
    counts = and_(T.unit == unit, T.case_id == own.case_id, T.due_at == own.due_at)
    query = select(some, T.case_code, T.procedure, opened.label("read")).join_from(some, TERM, counts)
    return query.order_by(own.at.desc(), own.case_id.desc(), own.leader.desc(), own.recipient.desc())


@lru_cache(maxsize=64)
def _unread(recipients: int) -> Select[Any]:
    newest = _newest(recipients).order_by(None).subquery().c
    return select(func.count(newest.case_id.distinct())).where(newest.read.is_(False))


def _reminded(row: Mapping[Any, Any]) -> Reminded:
    kind, _, name = str(row["recipient"]).partition("/")
    same = ("case_id", "case_code", "procedure", "due_at", "threshold", "in_stead_of", "at")
    return Reminded(
        **{each: row[each] for each in same},
        group=name if kind == "group" else "",
        leader=bool(row["leader"]),
        read=bool(row["read"]),
    )
