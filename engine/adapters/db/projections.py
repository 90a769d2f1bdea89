"""The rows that queues and workers need, as a function of the folded case; only what changed is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, tuple_

from engine.adapters.db import tables as t
from engine.domain.case import Case
from engine.domain.codec import dumps

Values = dict[str, Any]
FAR = datetime(9999, 12, 31, tzinfo=UTC)  # what has no due date comes last


def fold_text(text: str) -> str:
    """Text for searching: case-folded, without Vietnamese marks; đ becomes d."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c))


def search_text(case: Case) -> str:
    """What a case is found by: code, name, id number, phone."""
    applicant = case.applicant
    parts = [case.code, *(str(applicant.get(name) or "") for name in ("name", "id_number", "phone"))]
    return fold_text(" ".join(parts))


def case_row(case: Case) -> Values:
    """The row of the case itself, with the folded state as text."""
    return {
        "unit": case.unit,
        "id": case.id,
        "code": case.code,
        "procedure": case.procedure,
        "procedure_version": case.procedure_version,
        "digest": case.procedure_digest,
        "status": case.status,
        "version": case.version,
        "due_at": case.deadline.due if case.deadline else None,
        "submitted_at": case.submitted_at,
        "applicant_name": str(case.applicant.get("name") or ""),
        "applicant_account": case.applicant.get("account"),
        "search_text": search_text(case),
        "ended": case.ended,
        "head_hash": case.head_hash,
        "state": dumps(case),
    }


def _head(case: Case, key: str) -> Values:
    return {"unit": case.unit, "case_id": case.id, "key": key}


def task_rows(case: Case) -> list[Values]:
    """Open tasks, with what a queue shows of their case."""
    case_due = case.deadline.due if case.deadline else None
    shared = {
        "case_code": case.code,
        "procedure": case.procedure,
        "applicant_name": str(case.applicant.get("name") or ""),
        "search_text": search_text(case),
        "case_due_at": case_due,
    }
    return [
        {
            **_head(case, key),
            **shared,
            "element_id": task.element_id,
            "name": task.name,
            "assignee": task.assignee,
            "due_at": task.due,
            "follow_up_at": task.follow_up,
            "priority": task.priority,
            "created_at": task.created_at,
            "order_at": task.due or case_due or FAR,
        }
        for key, task in case.tasks.items()
    ]


def group_rows(case: Case) -> list[Values]:
    """One row per task and candidate group."""
    case_due = case.deadline.due if case.deadline else None
    return [
        {**_head(case, key), "group_id": group, "order_at": task.due or case_due or FAR, "assignee": task.assignee}
        for key, task in case.tasks.items()
        for group in dict.fromkeys(task.groups)
    ]


def timer_rows(case: Case) -> list[Values]:
    """Waiting timers."""
    return [{**_head(case, k), "element_id": x.element_id, "run_at": x.due} for k, x in case.timers.items()]


def job_rows(case: Case) -> list[Values]:
    """Open jobs; one that an incident holds has no run_at."""
    return [
        {**_head(case, k), "element_id": x.element_id, "type": x.type, "attempt": x.attempt, "run_at": x.run_at}
        for k, x in case.jobs.items()
    ]


def subscription_rows(case: Case) -> list[Values]:
    """Messages waited for; `opened` keeps their order."""
    return [
        {
            **_head(case, k),
            "element_id": x.element_id,
            "message": x.message,
            "correlation": x.correlation,
            "opened": number,
        }
        for number, (k, x) in enumerate(case.subscriptions.items())
    ]


def incident_rows(case: Case) -> list[Values]:
    """Open incidents."""
    return [
        {
            "unit": case.unit,
            "case_id": case.id,
            "id": x.id,
            "key": x.key,
            "kind": x.kind,
            "error": x.error,
            "case_code": case.code,
            "raised_at": x.raised_at,
        }
        for x in case.incidents.values()
    ]


PROJECTIONS: tuple[tuple[Table, Callable[[Case], list[Values]]], ...] = (
    (t.TASK, task_rows),
    (t.TASK_GROUP, group_rows),
    (t.TIMER, timer_rows),
    (t.JOB, job_rows),
    (t.SUBSCRIPTION, subscription_rows),
    (t.INCIDENT, incident_rows),
)


def write(connection: Connection, before: Case | None, after: Case) -> None:
    """Bring the rows of `before` in line with `after`: per table at most one delete and one insert."""
    for table, rows_of in PROJECTIONS:
        old = _by_key(table, rows_of(before)) if before else {}
        new = _by_key(table, rows_of(after))
        _replace(connection, table, [k for k, row in old.items() if new.get(k) != row], _added(old, new))


def _added(old: Mapping[tuple[Any, ...], Values], new: Mapping[tuple[Any, ...], Values]) -> list[Values]:
    return [row for key, row in new.items() if old.get(key) != row]


def _by_key(table: Table, rows: Iterable[Values]) -> dict[tuple[Any, ...], Values]:
    names = [c.name for c in table.primary_key]
    return {tuple(row[name] for name in names): row for row in rows}


def _replace(connection: Connection, table: Table, gone: list[tuple[Any, ...]], added: list[Values]) -> None:
    if gone:
        connection.execute(delete(table).where(tuple_(*table.primary_key).in_(gone)))
    if added:
        connection.execute(insert(table), added)
