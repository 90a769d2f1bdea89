"""Tables of reports: what is counted of each case, approved reports, entered numbers, nightly figures."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, String, Table, Text

from engine.adapters.db.tables import metadata
from engine.adapters.db.types import Instant


def _key(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), primary_key=True)


def _text(name: str, size: int) -> Column[Any]:
    return Column(name, String(size), nullable=False)


CASE_FIGURE = Table(
    "case_figure",
    metadata,
    _key("unit", 60),
    _key("case_id", 32),
    _text("code", 60),
    Column("version", Integer, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=True),
    Column("solved_at", Instant, nullable=True),
    Column("data", Text, nullable=False),
    Index("ix_case_figure_last", "unit", "last_at"),
    Index("ix_case_figure_received", "unit", "received_at"),
    Index("ix_case_figure_solved", "unit", "solved_at"),
)

REPORT = Table(
    "report",
    metadata,
    _key("unit", 60),
    _key("kind", 10),
    _key("period", 30),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    _text("formula", 60),
    Column("figures", Text, nullable=False),
    Column("lines", LargeBinary, nullable=False),
    _text("digest", 64),
    _text("approved_by", 80),
    Column("approved_name", Text, nullable=False),
    Column("approved_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    Index("ix_report_approved", "unit", "kind", "approved_at"),
)

REPORT_INPUT = Table(
    "report_input",
    metadata,
    _key("unit", 60),
    _key("period", 30),
    _key("item", 20),
    Column("hits", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("source", Text, nullable=False),
    _text("entered_by", 80),
    Column("entered_at", Instant, nullable=False),
)

KEPT_FIGURES = Table(
    "kept_figures",
    metadata,
    _key("unit", 60),
    _key("kind", 10),
    _key("period", 30),
    Column("day", Date, primary_key=True),
    _text("formula", 60),
    Column("figures", Text, nullable=False),
    Column("computed_at", Instant, nullable=False),
)
