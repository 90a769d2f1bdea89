"""The rows that queues and workers need, as a function of the folded case; only what changed is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Table, delete, tuple_

from engine.adapters.db import tables as t
from engine.adapters.db.batch import Batch
from engine.adapters.db.cash_rows import cash_rows
from engine.adapters.db.payment_rows import payment_rows
from engine.adapters.db.tables_books import BOOK_NUMBER
from engine.adapters.db.tables_deadlines import TERM
from engine.adapters.db.tables_drawers import CASH_MOVE
from engine.adapters.db.tables_inbox import MENTION
from engine.adapters.db.tables_payments import PAYMENT_ORDER
from engine.adapters.db.tables_results import RESULT_FILE
from engine.adapters.db.term_rows import term_rows
from engine.domain import seals
from engine.domain.books import entries
from engine.domain.case import Case
from engine.domain.case_text import case_text
from engine.domain.folding import without_marks

Values = dict[str, Any]
MOVING = frozenset({"status", "version", "due_at", "ended", "head_hash", "state"})
FAR = datetime(9999, 12, 31, tzinfo=UTC)  # what has no due date comes last


@lru_cache(maxsize=64)  # a save asks for the same case's several times
def fold_text(text: str) -> str:
    """Text for searching."""
    return without_marks(text)


def shown_name(case: Case) -> str:
    """The applicant's name for lists; NUL, which PostgreSQL's text cannot hold, stays in the state only."""
    return str(case.applicant.get("name") or "").replace("\0", "")


def search_text(case: Case) -> str:
    """What a case is found by: code, name, id number, phone."""
    applicant = case.applicant
    parts = [case.code, *(str(applicant.get(name) or "") for name in ("name", "id_number", "phone"))]
    return fold_text(" ".join(parts)).replace("\0", "")


def case_row(case: Case, before: Case | None = None) -> Values:
    """The row of the case itself, with the folded state as text."""
    return {**case_head(case), "state": case_text(case, before)}


def case_head(case: Case) -> Values:
    """The row without the state."""
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
        "applicant_name": shown_name(case),
        "applicant_account": case.applicant.get("account"),
        "search_text": search_text(case),
        "ended": case.ended,
        "head_hash": case.head_hash,
    }


def case_changes(before: Case, after: Case) -> Values:
    """What a step changes in the row: what it mostly does, whether it did or not, and whatever else."""
    old, new = case_head(before), case_row(after, before)
    return {name: value for name, value in new.items() if name in MOVING or old[name] != value}


def _head(case: Case, key: str) -> Values:
    return {"unit": case.unit, "case_id": case.id, "key": key}


def task_rows(case: Case) -> list[Values]:
    """Open tasks, with what a queue shows of their case."""
    case_due = case.deadline.due if case.deadline else None
    shared = {
        "case_code": case.code,
        "procedure": case.procedure,
        "applicant_name": shown_name(case),
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
    words = search_text(case)[: t.WORDS]
    return [
        {
            **_head(case, key),
            "group_id": group,
            "order_at": task.due or case_due or FAR,
            "words": words,
            "procedure": case.procedure,
            "assignee": task.assignee,
            "follow_up_at": task.follow_up,
        }
        for key, task in case.tasks.items()
        for group in dict.fromkeys(task.groups)
    ]


def timer_rows(case: Case) -> list[Values]:
    """Waiting timers; those of a suspended case have no run_at, so no worker ever looks at them."""
    still = case.suspended is not None
    return [
        {**_head(case, k), "element_id": x.element_id, "run_at": None if still else x.due}
        for k, x in case.timers.items()
    ]


def job_rows(case: Case) -> list[Values]:
    """Open jobs; one that an incident holds, or whose case is suspended, has no run_at."""
    still = case.suspended is not None
    return [
        {
            **_head(case, k),
            "element_id": x.element_id,
            "type": x.type,
            "attempt": x.attempt,
            "run_at": None if still else x.run_at,
        }
        for k, x in case.jobs.items()
    ]


def subscription_rows(case: Case) -> list[Values]:
    """Messages waited for; `opened` is the number of the visit, which keeps the order of one element's waits."""
    return [
        {
            **_head(case, k),
            "element_id": x.element_id,
            "message": x.message,
            "correlation": x.correlation,
            "opened": int(k.rpartition("#")[2]),
        }
        for k, x in case.subscriptions.items()
    ]


def listener_rows(case: Case) -> list[Values]:
    """Signals waited for."""
    return [{**_head(case, k), "element_id": x.element_id, "signal": x.signal} for k, x in case.listeners.items()]


def broadcast_rows(case: Case) -> list[Values]:
    """Signals on their way to other cases."""
    return [{**_head(case, k), "signal": x.signal, "run_at": x.thrown_at} for k, x in case.broadcasts.items()]


def begun_rows(case: Case) -> list[Values]:
    """The message with a correlation value that began the case: it begins no second one while the case lives."""
    begun = case.begun
    if case.ended or begun.get("kind") != "message" or not begun["correlation"]:
        return []
    facts = {"message": begun["name"], "correlation": begun["correlation"], "case_code": case.code}
    return [{**_head(case, begun["element_id"]), **facts}]


def incident_rows(case: Case) -> list[Values]:
    """What waits for the house: open incidents, and the suspension and the proposal of the case if there are."""
    found = [(x.id, x.key, x.kind, x.error, x.raised_at) for x in case.incidents.values()]
    found += [(x.id, "", "suspension", x.reason, x.at) for x in (case.suspended,) if x]
    found += [(x.id, "", "proposal", x.reason, x.at) for x in (case.proposal,) if x]
    return [
        {
            "unit": case.unit,
            "case_id": case.id,
            "id": id_,
            "key": key,
            "kind": kind,
            "error": text,
            "case_code": case.code,
            "raised_at": at,
        }
        for id_, key, kind, text, at in found
    ]


def result_rows(case: Case) -> list[Values]:
    """Every file that a result with a public page is or was, and every sealed paper."""
    public = [one for one in case.results if "token" in one]
    found = [(one["document"], one["token"], sha256) for one in public for sha256 in one["files"]]
    for one in seals.all_sealed(case):
        found.append((seals.document_of(case, one), one["seal"]["token"], one["seal"]["sha256"]))
    head = {"unit": case.unit, "case_id": case.id}
    return [{**head, "document": name, "sha256": sha256, "token": token} for name, token, sha256 in found]


def mention_rows(case: Case) -> list[Values]:
    """Whom notes ask to look at the case; NUL, which PostgreSQL's text cannot hold, stays in the state only."""
    head = {"unit": case.unit, "case_id": case.id, "case_code": case.code}
    return [
        {**head, "comment": x["comment"], "account": one, "text": x["text"].replace("\0", ""), "at": x["at"]}
        for x in case.mentions
        for one in x["accounts"]
    ]


def book_rows(case: Case) -> list[Values]:
    """Every number of the case that stands in a book."""
    head = {"unit": case.unit, "case_id": case.id, "case_code": case.code}
    same = ("book", "number", "written", "kind", "name", "at", "state", "note")
    return [
        {**head, **{name: getattr(entry, name) for name in same}, "given_by": entry.by}
        for entry in (entries(case) if case.receipts or case.results or case.struck else ())
    ]


PROJECTIONS: tuple[tuple[Table, Callable[[Case], list[Values]]], ...] = (
    (t.TASK, task_rows),
    (t.TASK_GROUP, group_rows),
    (t.TIMER, timer_rows),
    (t.JOB, job_rows),
    (t.SUBSCRIPTION, subscription_rows),
    (t.SIGNAL_WAIT, listener_rows),
    (t.BROADCAST, broadcast_rows),
    (t.BEGUN, begun_rows),
    (t.INCIDENT, incident_rows),
    (PAYMENT_ORDER, payment_rows),
    (CASH_MOVE, cash_rows),
    (RESULT_FILE, result_rows),
    (BOOK_NUMBER, book_rows),
    (MENTION, mention_rows),
    (TERM, lambda case: term_rows(case, shown_name(case))),
)


def write(batch: Batch, before: Case | None, after: Case) -> None:
    """Bring the rows of `before` in line with `after`: per table at most one delete and one insert-or-replace."""
    for table, rows_of in PROJECTIONS:
        old = by_key(table, rows_of(before)) if before else {}
        new = by_key(table, rows_of(after))
        if old != new:
            batch.remove(table, [key for key in old if key not in new])
            batch.put(table, [row for key, row in new.items() if old.get(key) != row])


def rewrite(connection: Connection, case: Case) -> None:
    """Write all rows of a case anew, whatever was there; older leases do not hold them."""
    batch = Batch(connection.dialect.name)
    for table, rows_of in PROJECTIONS:
        new = by_key(table, rows_of(case))
        stray = delete(table).where(table.c.unit == case.unit, table.c.case_id == case.id)
        connection.execute(stray.where(tuple_(*table.primary_key).not_in(list(new))) if new else stray)
        batch.put(table, list(new.values()))
    batch.run(connection)


def by_key(table: Table, rows: Iterable[Values]) -> dict[tuple[Any, ...], Values]:
    """Rows by their primary key."""
    names = _key_names(table)
    return {tuple([row[name] for name in names]): row for row in rows}


@cache
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.primary_key)
