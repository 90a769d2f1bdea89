"""The register of cases in SQL: two statements a stretch, whatever the number of its lines."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import select

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables import CASE, EVENT
from engine.domain.case import Case
from engine.domain.case_text import case_from
from engine.domain.events import StatusChanged

AT_ONCE = 200
RETURNED = 10  # the national status of a case whose result was handed over


class SqlCaseBook:
    """Implements the CaseBook port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def rows(self, unit: str, since: datetime, until: datetime, *, limit: int) -> list[tuple[Case, datetime | None]]:
        """Cases filed from `since` to before `until`, oldest first."""
        own = CASE.c
        query = select(own.state).where(own.unit == unit, own.submitted_at >= since, own.submitted_at < until)
        with self._store.reading() as connection:
            states = connection.execute(query.order_by(own.submitted_at, own.id).limit(limit)).scalars().all()
        cases = [case_from(state) for state in states]
        returned: dict[str, datetime] = {}
        for start in range(0, len(cases), AT_ONCE):
            returned |= self._returned(unit, [case.id for case in cases[start : start + AT_ONCE]])
        return [(case, returned.get(case.id)) for case in cases]

    def _returned(self, unit: str, ids: list[str]) -> dict[str, datetime]:
        """When each of these cases was last said to be returned."""
        own = EVENT.c
        query = select(own.stream, own.at, own.data).where(
            own.unit == unit, own.stream.in_(ids), own.tag == StatusChanged.tag
        )
        with self._store.reading() as connection:
            found = connection.execute(query.order_by(own.seq)).all()
        return {row.stream: row.at for row in found if json.loads(row.data)["after"] == RETURNED}
