"""Who else was asked about a case, when, until when, and what comes without an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue

from engine.domain.case import Subscription
from engine.domain.errors import NotFoundError
from engine.queries.views import CaseView, HistoryRow
from web import access
from web.desk import blueprint
from web.diagram_graph import Graph, read
from web.house import house, queries

REQUEST = "request.send"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter that went out: its number, whom it asked, when, and what it said by the names of its inputs."""

    number: str
    to: str
    at: datetime
    template: str
    says: Mapping[str, Any]
    element: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What happens at an instant when nobody has answered by then: the name of the next step."""

    due: datetime
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a case waits for from outside: its name, the letter that asked for it, since when, what comes without it."""

    name: str
    letter: Letter
    since: datetime
    endings: tuple[Ending, ...]
    enter: str  # key by which the reader may enter the answer; empty: others may


def letters_of(view: CaseView) -> list[Letter]:
    """Every letter to another agency, in order."""
    jobs = [row for row in view.history if row.tag == "job:created" and row.data.get("type") == REQUEST]
    sent = [row for row in view.history if row.tag == "receipt:issued" and row.data.get("kind") == "request"]
    return [_letter(row, [job for job in jobs if job.seq < row.seq]) for row in sent]


def _letter(row: HistoryRow, before: list[HistoryRow]) -> Letter:
    job: Mapping[str, Any] = before[-1].data if before else {}
    return Letter(
        number=str(row.data.get("number", "")),
        to=str((row.data.get("data") or {}).get("to", "")),
        at=row.at,
        template=str((job.get("headers") or {}).get("template", "request")),
        says=job.get("inputs") or {},
        element=str(job.get("element_id", "")),
        seq=row.seq,
    )


def asked_of(view: CaseView) -> list[Asked]:
    """What the case waits for now because a letter asked for it."""
    letters = letters_of(view)
    return [found for one in view.case.subscriptions.values() if (found := _asked(view, one, letters)) is not None]


def _asked(view: CaseView, wait: Subscription, letters: list[Letter]) -> Asked | None:
    graph = _graph(view, wait.process_id)
    rows = [row for row in view.history if row.tag == "message:awaited" and row.data.get("key") == wait.key]
    if wait.element_id not in graph.nodes or not rows:
        return None
    before = {link.source for link in graph.into(wait.element_id)}
    letter = next((one for one in reversed(letters) if one.element in before and one.seq < rows[-1].seq), None)
    if letter is None:
        return None
    mine = {one.key for one in view.open_messages}
    return Asked(
        name=wait.name,
        letter=letter,
        since=rows[-1].at,
        endings=tuple(sorted(_endings(view, graph, wait), key=lambda one: one.due)),
        enter=wait.key if wait.key in mine else "",
    )


def _endings(view: CaseView, graph: Graph, wait: Subscription) -> Iterator[Ending]:
    """The timers that watch this wait, each with the first step that lies behind it."""
    for timer in view.case.timers.values():
        node = graph.nodes.get(timer.element_id)
        if node is not None and node.host == wait.element_id and timer.scope == wait.scope:
            steps = [graph.nodes[link.target].name for link in graph.out_of(node.id)]
            yield Ending(due=timer.due, step=next((name for name in steps if name), timer.name))


def _graph(view: CaseView, process_id: str) -> Graph:
    xml = next((one.xml for one in view.diagrams if one.process_id == process_id), "")
    return read(xml, process_id)


@blueprint.get("/ho-so/<case_id>/cong-van/<year>/<number>")
@access.officer
def letter(case_id: str, year: str, number: str) -> ResponseReturnValue:
    """A letter to another agency, to be printed and signed."""
    view = queries().case(g.actor, case_id)
    found = next((one for one in letters_of(view) if one.number == f"{number}/{year}"), None)
    if found is None:
        raise NotFoundError(what="công văn", id="")
    words = house().desk.handling.letters
    names = words.get("inputs", {})
    subjects = words.get("letters", {})
    awaited = next((one for one in asked_of(view) if one.letter.number == found.number), None)
    return render_template(
        "desk/letter.html",
        view=view,
        letter=found,
        subject=subjects.get(found.template) or subjects.get("request", ""),
        says=[(said, found.says[name]) for name, said in names.items() if found.says.get(name) not in (None, "")],
        answer_by=awaited.endings[0].due if awaited and awaited.endings else None,
        own=house().catalog.settings["units"].get(view.case.unit, {}),
    )
