"""What the work screen shows beside a task's form: papers, what is new, checks, notes, history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, g

from engine.commands.messages import AddComment
from engine.domain.amendment import covers
from engine.queries.checks import Check
from engine.queries.views import CaseView, HistoryRow, TaskView
from web import changes
from web.acting import do_or_tell, posted_text
from web.case_files import found_in
from web.desk import documents, elsewhere
from web.forms.readable import spoken
from web.forms.schema import dig, words
from web.house import house
from web.texts import lang, t
from web.words import INNER_TAGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A check with the answers it compares, in words: (label, answer)."""

    check: Check
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What others did since the reader last looked: rows of history, paths of answers, digests of files."""

    rows: frozenset[int]
    paths: frozenset[str]
    files: frozenset[str]

    def has(self, path: str) -> bool:
        """Whether the answer at this path, or one in its list, is new."""
        return bool(path) and covers(self.paths, path)


def news_of(view: CaseView) -> News:
    """What is new to the reader; from now on it counts as seen."""
    before = house().desk.handling.looking.look(g.actor, view.case)
    rows = [row for row in view.history if row.seq > before and row.actor != g.actor.id]
    changed = [one for row in rows if row.tag == changes.TAG for one in row.data.get("changes", ())]
    old = {file["sha256"] for one in changes_before(changed) for file in found_in(one)}
    files = {file["sha256"] for row in rows for file in found_in(_handed_in(row))} - old
    return News(
        rows=frozenset(row.seq for row in rows if row.tag not in INNER_TAGS),
        paths=frozenset(str(one["path"]) for one in changed),
        files=frozenset(files),
    )


def changes_before(changed: list[Mapping[str, Any]]) -> Iterator[Any]:
    """What stood at the changed places before."""
    return (one.get("before") for one in changed)


def _handed_in(row: HistoryRow) -> Any:
    """Where files may be that came with an event of history."""
    if row.tag == changes.TAG:
        return [one.get("after") for one in row.data.get("changes", ())]
    return row.data.get("data") if row.tag == "task:completed" else None


def checks_of(view: CaseView) -> list[Compared]:
    """The checklist of the case with what each check compares."""
    fields = changes.fields_of(view)
    found = house().desk.handling.checks.of(view.procedure, view.case)
    return [Compared(check=one, answers=tuple(_answers(view, one.paths, fields))) for one in found]


def _answers(view: CaseView, paths: tuple[str, ...], fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for path in paths:
        component = fields.get(path)
        if component is None:
            continue
        value = dig(view.case.application, path)
        said = spoken(component, value, lang()) if value not in (None, "", []) and not isinstance(value, dict) else ""
        if not (isinstance(value, list) and any(isinstance(one, dict) for one in value)):
            yield words(component, "label", lang()) or path, said


def more(view: TaskView) -> dict[str, Any]:
    """What the template of the work screen needs beside the task and its form."""
    case, news = view.case, news_of(view.case)
    return {
        "news": news,
        "papers": documents.papers_of(case, news.files),
        "checks": checks_of(case),
        "asked": elsewhere.asked_of(case),
        "comments": [row for row in case.history if row.tag == "case:commented"],
    }


def aside(view: TaskView, action: str) -> bool:
    """A mark on a paper, or a note, sent along with the form: what was typed there stays."""
    if action != "note":
        return documents.mark(view.case, action)
    case, text = view.case.case, posted_text("_comment", 20000)
    if do_or_tell(AddComment(unit=case.unit, case_id=case.id, text=text, public=False)):
        flash(t("Đã ghi chú.", "The note was kept."))
    return True
