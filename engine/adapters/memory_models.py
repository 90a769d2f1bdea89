"""Queries in memory over the same rows the database keeps: the twin of its read models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.adapters.db.paging import place
from engine.adapters.db.projections import case_row, group_rows, incident_rows, task_rows
from engine.adapters.db.read_models import shown_case, shown_task
from engine.adapters.db.search import found_in
from engine.adapters.memory import MemoryStore
from engine.domain.case import Case
from engine.ports import Row


class MemoryReadModels:
    """Implements the ReadModels port."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    def _cases(self, unit: str | None) -> Iterator[Case]:
        for owner, case_id in self._store.case_ids(unit):
            case = self._store.case(owner, case_id)
            if case is not None:
                yield case

    def _groups(self, unit: str) -> dict[tuple[str, str], list[str]]:
        found: dict[tuple[str, str], list[str]] = {}
        for row in (row for case in self._cases(unit) for row in group_rows(case)):
            found.setdefault((row["case_id"], row["key"]), []).append(row["group_id"])
        return {key: sorted(groups) for key, groups in found.items()}

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
        start, named = place(after, 3), self._groups(unit)
        found = [
            row for row in self._queued(unit, groups, assignee, filters, named) if start is None or _order(row) > start
        ]
        return [shown_task(row, named) for row in sorted(found, key=_order)[:limit]]

    def _queued(
        self,
        unit: str,
        groups: Sequence[str],
        assignee: str | None,
        filters: Mapping[str, Any],
        named: Mapping[tuple[str, str], list[str]],
    ) -> Iterator[Mapping[str, Any]]:
        wanted = {group for group in groups if filters.get("group") in (None, "", group)}
        for row in (row for case in self._cases(unit) for row in task_rows(case)):
            mine = assignee is not None and row["assignee"] == assignee
            shared = not filters.get("mine") and bool(wanted & set(named.get((row["case_id"], row["key"]), ())))
            own = mine and (bool(filters.get("mine")) or not filters.get("group"))
            if (shared or own) and _passes(row, filters):
                yield row

    def counts(
        self, unit: str, groups: Sequence[str], assignee: str, views: Mapping[str, Mapping[str, Any]]
    ) -> Mapping[str, int]:
        """How many tasks each view has, its `most` at most."""
        named = self._groups(unit)
        return {
            name: min(len(list(self._queued(unit, groups, assignee, view, named))), view["most"])
            for name, view in views.items()
        }

    def cases(self, unit: str, filters: Mapping[str, Any], *, after: str | None, limit: int) -> list[Row]:
        """Cases, newest first."""
        same = {"account": "applicant_account", "status": "status", "procedure": "procedure", "ended": "ended"}
        start, found = place(after, 2), []
        for row in map(case_row, self._cases(unit)):
            equal = all(row[column] == filters[name] for name, column in same.items() if filters.get(name) is not None)
            here = (row["submitted_at"], row["id"])
            if equal and _sought(row, filters) and (start is None or here < start):
                found.append((here, row))
        return [shown_case(row) for _, row in sorted(found, key=lambda pair: pair[0], reverse=True)[:limit]]

    def find_code(self, code: str) -> str | None:
        """The case id behind a case code, in any unit."""
        return next((case.id for case in self._cases(None) if case.code == code), None)

    def incidents(self, unit: str, *, limit: int) -> list[Row]:
        """Open incidents, oldest first."""
        rows = [row for case in self._cases(unit) for row in incident_rows(case)]
        return list(sorted(rows, key=lambda row: (row["raised_at"], row["id"]))[:limit])

    def health(self) -> Mapping[str, Any]:
        """Always reachable and up to date; numbers of waiting jobs and timers."""
        cases = list(self._cases(None))
        return {
            "database": True,
            "migrated": True,
            "jobs": sum(len(case.jobs) for case in cases),
            "timers": sum(len(case.timers) for case in cases),
        }


def _order(row: Mapping[str, Any]) -> tuple[Any, str, str]:
    return row["order_at"], row["case_id"], row["key"]


def _sought(row: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    return found_in(row["search_text"], filters.get("search") or "")


def _passes(row: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    late = not filters.get("overdue") or row["order_at"] < filters["overdue"]
    free = not filters.get("free") or row["assignee"] is None
    same = filters.get("procedure") in (None, "", row["procedure"])
    return late and free and same and _sought(row, filters) and _in_time(row, filters)


def _in_time(row: Mapping[str, Any], filters: Mapping[str, Any]) -> bool:
    if now := filters.get("awake"):
        return not _aside(row, now)
    return not filters.get("asleep") or _aside(row, filters["asleep"])


def _aside(row: Mapping[str, Any], now: Any) -> bool:
    return row["follow_up_at"] is not None and min(row["follow_up_at"], row["order_at"]) > now
