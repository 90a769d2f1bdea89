"""The register of cases in SQL: two statements a stretch, whatever the number of its lines."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE, EVENT
from engine.domain.case import Case
from engine.domain.case_text import case_from
from engine.domain.events import ResultDelivered, StatusChanged
from engine.ports.papers import Returned

AT_ONCE = 200
DESK = "desk"
RETURNED = 10  # the national status of a case whose result was handed over


class SqlCaseBook:
    """Implements the CaseBook port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def rows(self, unit: str, since: datetime, until: datetime, *, limit: int) -> list[tuple[Case, Returned]]:
        """Cases filed from `since` to before `until`, oldest first."""
        own = CASE.c
        query = select(own.state).where(own.unit == unit, own.submitted_at >= since, own.submitted_at < until)
        with self._store.reading() as connection:
            states = connection.execute(query.order_by(own.submitted_at, own.id).limit(limit)).scalars().all()
        cases = [case_from(state) for state in states]
        returned: dict[str, Returned] = {}
        for start in range(0, len(cases), AT_ONCE):
            returned |= self._returned(unit, [case.id for case in cases[start : start + AT_ONCE]])
        return [(case, returned.get(case.id, Returned())) for case in cases]

    def _returned(self, unit: str, ids: list[str]) -> dict[str, Returned]:
        """When each of these cases was last said to be returned, and to whom at the counter."""
        own = EVENT.c
        query = select(own.stream, own.tag, own.at, own.data).where(
            own.unit == unit, own.stream.in_(ids), own.tag.in_((StatusChanged.tag, ResultDelivered.tag))
        )
        with self._store.reading() as connection:
            found = connection.execute(query.order_by(own.seq)).all()
        returned: dict[str, Returned] = {}
        for row in found:
            known, data = returned.get(row.stream, Returned()), json.loads(row.data)
            if row.tag == ResultDelivered.tag and data["way"] == DESK:
                returned[row.stream] = replace(known, collector=str(data["receiver"]))
            elif data.get("after") == RETURNED:
                returned[row.stream] = replace(known, at=row.at)
        return returned
