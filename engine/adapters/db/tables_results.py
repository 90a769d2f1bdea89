"""Table of the files that results are and were: a stranger's token or copy leads from there to the case."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table

from engine.adapters.db.tables import metadata

RESULT_FILE = Table(
    "result_file",
    metadata,
    Column("unit", String(60), primary_key=True),
    Column("case_id", String(32), primary_key=True),
    Column("document", String(120), primary_key=True),
    Column("sha256", String(64), primary_key=True),
    Column("token", String(40), nullable=False),
    Index("ix_result_file_token", "token"),
    Index("ix_result_file_sha256", "sha256"),
)
