"""Tables that are taken away as XLSX, CSV or PDF."""

from __future__ import annotations

from datetime import datetime

from flask import Response, request
from werkzeug.exceptions import BadRequest

from engine.ports.reports import Cell, Sheet
from web.display import local
from web.house import house

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}


def wanted(*kinds: str) -> str:
    """The kind of file the address asks for; 400 for another one."""
    kind = request.args.get("dang", "")
    if kind not in kinds:
        raise BadRequest()
    return kind


def sent(content: bytes, kind: str, name: str) -> Response:
    """A file to be kept, under an ASCII name."""
    answer = Response(content, mimetype=TYPES[kind])
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.{kind}")
    return answer


def table(sheet: Sheet, kind: str, name: str) -> Response:
    """A sheet as the kind of file that was asked for."""
    papers = house().desk.figures.papers
    return sent(papers.xlsx(sheet) if kind == "xlsx" else papers.csv(sheet), kind, name)


def here(at: datetime | None) -> Cell:
    """An instant in the zone of the house."""
    return local(at) if at is not None else None
