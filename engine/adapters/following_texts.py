"""The catalog's texts for finding and following, read from its shared files; one that is not there says nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, TypeVar

from engine.adapters.catalog_shared import SHARED, read_bytes
from engine.adapters.catalog_toml import Table, read_table
from engine.domain.errors import CatalogError
from engine.ports.following import Answer, LifeEvent, Pair, Question, Texts

T = TypeVar("T")
ABOUT = ("commune", "applicant", "level3")
OUTCOMES = ("go", "mind", "stop")
ONLY = ("", "allowed", "forbidden", "unsaid")


def read_texts(catalog: Path) -> Texts:
    """All of them; CatalogError names file, key and reason."""
    checks = _file(catalog, "eligibility.toml")
    questions, anywhere = _rows(checks, "question", _question), checks.items("anywhere", str, []) if checks else ()
    return Texts(
        timeline=dict(_rows(_file(catalog, "timeline.toml"), "line", _line)),
        life_events=tuple(_rows(_file(catalog, "life_events.toml"), "event", _life_event)),
        questions=tuple(questions),
        anywhere=anywhere,
    )


def unknown_procedures(catalog: Path, codes: Collection[str]) -> Iterator[dict[str, Any]]:
    """Findings: texts that cannot be read, and life events that name a procedure the catalog does not have."""
    try:
        texts = read_texts(catalog)
    except CatalogError as error:
        yield _finding(str(error.data.get("file", "")), "", str(error.data.get("reason", error)), error.message_en)
        return
    for event in texts.life_events:
        for code in event.procedures:
            if code not in codes:
                said = f"không có thủ tục {code}", f"there is no procedure {code}"
                yield _finding("life_events.toml", event.id, *said)


def _finding(file: str, element: str, vi: str, en: str) -> dict[str, Any]:
    about = {"file": f"{SHARED}/{file}", "element_id": element, "rule": "catalog", "severity": "error"}
    return {**about, "message": vi, "message_en": en}


def _file(catalog: Path, name: str) -> Table | None:
    path = catalog / SHARED / name
    return read_table(name, read_bytes(path)) if path.is_file() else None


def _rows(table: Table | None, key: str, read: Callable[[Table], T]) -> list[T]:
    found = []
    for row in table.tables(key) if table else ():
        found.append(read(row))
        row.done()
    return found


def _pair(row: Table, vi: str, en: str, default: Any = None) -> Pair:
    if default is None:
        return row.text(vi), row.text(en)
    return row.text(vi, default), row.text(en, default)


def _line(row: Table) -> tuple[str, Pair]:
    return row.text("on"), _pair(row, "vi", "en")


def _life_event(row: Table) -> LifeEvent:
    return LifeEvent(
        id=row.text("id"),
        name=_pair(row, "name", "name_en"),
        about=_pair(row, "about", "about_en"),
        procedures=row.items("procedures", str),
    )


def _question(row: Table) -> Question:
    return Question(
        id=row.text("id"),
        about=row.one_of("about", ABOUT),
        text=_pair(row, "vi", "en"),
        hint=_pair(row, "hint", "hint_en", ""),
        answers=tuple(_rows(row, "answer", _answer)),
    )


def _answer(row: Table) -> Answer:
    return Answer(
        value=row.text("value"),
        label=_pair(row, "vi", "en"),
        outcome=row.one_of("outcome", OUTCOMES),
        said=_pair(row, "said", "said_en", ""),
        only=row.one_of("only", ONLY, ""),
    )
