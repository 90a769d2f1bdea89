"""Queries that look beyond one unit, or are limited to the one that is served."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table


def of(table: Table, unit: str | None) -> list[ColumnElement[bool]]:
    """What limits a query to one unit, where it is limited."""
    return [] if unit is None else [table.c.unit == unit]
