"""Facts about how officers work on a case: marks on its documents."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMarked(Event):
    """An officer said what a file of the case is worth, or (`present` false) took that back."""

    tag = "document:marked"
    sha256: str
    name: str
    document: str  # key of the procedure's document it was handed in as; empty: of none
    mark: str  # compared | digitised | failed
    present: bool
    by: str
    note: str = ""
