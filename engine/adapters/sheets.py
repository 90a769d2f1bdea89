"""Tables to take away: workbooks and CSV files in which nothing that people typed is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter

from engine.ports.reports import Cell, Sheet

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # with what spreadsheets let a formula begin
FORMATS: Mapping[str, dict[str, Any]] = {
    "text": {"num_format": "@", "text_wrap": True, "valign": "top"},
    "number": {"num_format": "#,##0"},
    "decimal": {"num_format": "0.00"},
    "day": {"num_format": "dd/mm/yyyy"},
    "moment": {"num_format": "dd/mm/yyyy hh:mm"},
}
WIDTHS = {"text": 28, "number": 11, "decimal": 11, "day": 12, "moment": 17}
# nothing of a text becomes a link, a number or a formula; nothing is written to a folder of temporary files
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
NAME, LONGEST = "Báo cáo", 32_767  # characters a cell of a workbook holds


def xlsx(sheet: Sheet) -> bytes:
    """A workbook with one sheet: title, lines about it, headings, rows. The same sheet gives the same bytes."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, OPTIONS) as book:
        book.set_properties({"title": sheet.title, "created": datetime(2000, 1, 1)})
        page = book.add_worksheet(NAME)
        formats = {kind: book.add_format(look) for kind, look in FORMATS.items()}
        page.write_string(0, 0, sheet.title, book.add_format({"bold": True, "font_size": 14}))
        for number, line in enumerate(sheet.about, start=1):
            page.write_string(number, 0, line)
        top = len(sheet.about) + 2
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        for x, column in enumerate(sheet.columns):
            page.set_column(x, x, WIDTHS[column.kind])
            page.write_string(top, x, column.name, heading)
        for y, row in enumerate(sheet.rows, start=top + 1):
            for x, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
                _write(page, (y, x), cell, formats[column.kind])
        page.freeze_panes(top + 1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
    return file.getvalue()


def _write(page: Any, place: tuple[int, int], cell: Cell, look: Any) -> None:
    if cell is None:
        page.write_blank(*place, None, look)
    elif isinstance(cell, str):
        page.write_string(*place, cell[:LONGEST], look)
    elif isinstance(cell, date):  # an instant is a date, too; a workbook knows no zones
        page.write_datetime(*place, cell.replace(tzinfo=None) if isinstance(cell, datetime) else cell, look)
    else:
        page.write_number(*place, cell, look)


def csv_text(sheet: Sheet) -> bytes:
    """The headings and rows as CSV with semicolons, as Vietnamese spreadsheets read it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_plain(column.name) for column in sheet.columns])
    writer.writerows([_plain(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return "" if cell is None else str(cell).replace(".", ",")
