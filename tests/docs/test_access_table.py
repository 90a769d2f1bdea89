"""The table of access in the docs is what the routes declare."""

from __future__ import annotations

from pathlib import Path

from tests.docs.access_table import PAGE, text
from tests.support.desk import desk_on_stage
from web.app import create_app


def test_the_table_of_access_is_what_the_routes_declare(tmp_path: Path) -> None:
    with desk_on_stage(tmp_path) as desk:
        assert PAGE.read_text(encoding="utf-8") == text(create_app(desk.app)), "python -m tests.docs.access_table"
