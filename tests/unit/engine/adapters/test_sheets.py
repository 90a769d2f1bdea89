"""Tables to take away, opened again by other readers: nothing that people typed is a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.adapters.sheets import csv_text, xlsx
from engine.ports.reports import Cell, Column, Sheet

EVIL = [
    "=1+1", "+84903000111", "-2", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://x\")",
]  # fmt: skip
HERE = timezone(timedelta(hours=7))


def sheet(*rows: tuple[Cell, ...], kinds: str = "text") -> Sheet:
    columns = tuple(Column(f"Cột {n}", kinds) for n in range(len(rows[0]) if rows else 1))  # type: ignore[arg-type]  # a kind
    return Sheet(title="Báo cáo", about=("Từ ngày 15/12/2022",), columns=columns, rows=rows)


def opened(content: bytes) -> Any:
    return load_workbook(io.BytesIO(content))["Báo cáo"]


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_stays_text_in_a_workbook(text: str) -> None:
    cell = opened(xlsx(sheet((text,))))["A5"]
    assert cell.data_type == "s"
    assert cell.value.replace("_x000D_", "\r") == text
    assert cell.hyperlink is None


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_like_a_formula_begins_with_an_apostrophe_in_csv(text: str) -> None:
    _, row = csv.reader(io.StringIO(csv_text(sheet((text,))).decode("utf-8-sig"), newline=""), delimiter=";")
    assert row == [f"'{text}"]


def test_headings_are_as_careful_as_rows() -> None:
    table = Sheet(title="=1+1", about=("=2",), columns=(Column("=3"),), rows=())
    page = opened(xlsx(table))
    assert [page[name].data_type for name in ("A1", "A2", "A4")] == ["s", "s", "s"]
    assert csv_text(table).decode("utf-8-sig") == "'=3\r\n"


def test_dates_are_dates_and_numbers_are_numbers() -> None:
    moment = datetime(2023, 1, 5, 14, 30, tzinfo=HERE)
    columns = (Column("a", "day"), Column("b", "moment"), Column("c", "number"), Column("d", "decimal"), Column("e"))
    table = Sheet(title="x", about=(), columns=columns, rows=((date(2023, 1, 5), moment, 1234, 4.35, None),))
    a, b, c, d, e = opened(xlsx(table))[4][:5]
    assert a.is_date
    assert (a.value, b.value) == (datetime(2023, 1, 5), datetime(2023, 1, 5, 14, 30))
    assert (c.value, d.value, e.value) == (1234, 4.35, None)
    assert csv_text(table).decode("utf-8-sig").splitlines()[1] == "05/01/2023;05/01/2023 14:30;1234;4,35;"


def test_vietnamese_headings_and_both_kinds_of_marks_come_back() -> None:
    words = "Đã giải quyết, ệ (NFD)"
    table = sheet((words,))
    assert opened(xlsx(table))["A5"].value == words
    assert opened(xlsx(table))["A4"].value == "Cột 0"
    text = csv_text(table)
    assert text.startswith(b"\xef\xbb\xbf")
    assert words in text.decode("utf-8-sig")


def test_separators_quotes_and_lines_within_a_cell_do_not_make_others() -> None:
    words = 'a;b"c\nd'
    rows = list(csv.reader(io.StringIO(csv_text(sheet((words, "x"))).decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == [words, "x"]


def test_the_same_table_gives_the_same_bytes_and_an_empty_one_its_headings() -> None:
    table = sheet(("a",), ("b",))
    assert xlsx(table) == xlsx(table)
    assert opened(xlsx(sheet())).max_row == 4


def test_a_cell_longer_than_a_workbook_holds_is_cut() -> None:
    assert len(opened(xlsx(sheet(("x" * 40_000,))))["A5"].value) == 32_767
