"""Finds results by what a stranger holds: the token of a QR code, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from engine.adapters.db.store import SqlStore
from engine.adapters.db.tables_results import RESULT_FILE
from engine.ports.results import Registered

own = RESULT_FILE.c


class SqlResults:
    """Implements the ResultRegister port."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def by_token(self, token: str) -> Registered | None:
        """The result with this token."""
        return next((found for _, found in self._found(own.token == token)), None)

    def by_file(self, digests: Sequence[str]) -> Registered | None:
        """The result that the first known of these files is or was; digests in hex."""
        rows = self._found(own.sha256.in_(list(digests))) if digests else []
        return min(rows, key=lambda row: digests.index(row[0]), default=("", None))[1]

    def _found(self, condition: Any) -> list[tuple[str, Registered | None]]:
        """(digest, result) of each file that meets the condition."""
        query = select(own.unit, own.case_id, own.document, own.sha256).where(condition)
        with self._store.reading() as connection:
            rows = connection.execute(query).all()
        return [(r.sha256, Registered(unit=r.unit, case_id=r.case_id, document=r.document)) for r in rows]
