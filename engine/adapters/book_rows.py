"""A book of numbers as its template is fed: every line written out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from engine.ports.books import Line
from engine.ports.papers import NumberedBook

STATES: Mapping[str, str] = {
    "issued": "",
    "cancelled": "Đã hủy",
    "revoked": "Văn bản đã thu hồi",
    "replaced": "Văn bản đã thay bằng số",
    "reserved": "Đã giữ số, chưa cấp văn bản",
    "missing": "Không rõ đã dùng cho việc gì",
}


def number_rows(book: NumberedBook, zone: tzinfo) -> dict[str, Any]:
    """Title, year, lines and how the book was closed."""
    return {
        "title": book.title,
        "year": str(book.year),
        "rows": [_row(line, book.names, zone) for line in book.lines],
        "closed": _closed(book, zone),
    }


def _row(line: Line, names: Mapping[str, str], zone: tzinfo) -> dict[str, Any]:
    note = ": ".join(part for part in (STATES[line.state], line.note) if part)
    return {
        "number": line.written or f"{line.number:02d}",
        "day": f"{line.at.astimezone(zone):%d/%m/%Y}" if line.at else "",
        "code": line.case_code,
        "what": line.name,
        "by": names.get(line.by, line.by),
        "struck": line.state == "cancelled",
        "note": note,
    }


def _closed(book: NumberedBook, zone: tzinfo) -> str:
    closing = book.closing
    if closing is None:
        return ""
    at = closing.at.astimezone(zone)
    return (
        f"Sổ khóa lúc {at:%H giờ %M phút, ngày %d/%m/%Y} ở số {closing.last}, trong đó {closing.struck} số đã hủy; "
        f"người khóa sổ: {closing.by_name}. Dấu kiểm: {closing.digest[:16]}."
    )
