"""Files of a case: which there are, and who may fetch them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from flask import g, request, send_file
from werkzeug.wrappers import Response

from engine.domain.errors import NotFoundError
from engine.domain.events import TaskCompleted
from engine.domain.results import file_name
from engine.queries.views import CaseView
from web import security
from web.house import house, queries

SHOWABLE = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}


def found_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every file reference in nested data."""
    if isinstance(value, Mapping):
        if "sha256" in value:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from found_in(item)


def results_of(view: CaseView, for_officer: bool) -> list[Mapping[str, Any]]:
    """Results; the applicant gets the procedure's own, once processing has finished and they are signed."""
    if for_officer:
        return list(view.case.results)
    done, own = view.status.clock == "finish" or view.status.terminal, view.procedure.result
    return [
        result
        for result in view.case.results
        if done and result.get("signatures") and (own is None or result.get("name") == own.name)
    ]


def files_of(view: CaseView, for_officer: bool) -> Iterator[Mapping[str, Any]]:
    """All files of the case that the reader may fetch."""
    case = view.case
    yield from found_in(case.application)
    yield from found_in(list(case.documents))
    yield from results_of(view, for_officer)
    tasks = [task for task in case.tasks.values() if for_officer or task.groups == ("applicant",)]
    yield from found_in([[task.inputs, task.draft] for task in tasks])
    if for_officer:
        yield from found_in(case.scopes)
        yield from found_in([row.data["data"] for row in view.history if row.tag == TaskCompleted.tag])


def _shown(view: CaseView, sha256: str) -> str:
    """What is sent of a file: of a signed PDF a copy that cannot act, unless the original is asked for (`?goc=1`)."""
    copy = None if request.args.get("goc") else house().filing.copies.of(view.case.unit, sha256)
    return copy or sha256


def find(view: CaseView, sha256: str) -> Mapping[str, Any]:
    """The file of the case that the reader may fetch; NotFoundError."""
    found = next((file for file in files_of(view, g.actor.kind == "officer") if file["sha256"] == sha256), None)
    if found is None:
        raise NotFoundError(what="tệp", id="")
    return found


def send(case_id: str, sha256: str) -> Response:
    """The file as a download; NotFoundError when it is not one of the case's, or the case not one of the reader's."""
    view = queries().case(g.actor, case_id)
    found = find(view, sha256)
    content = house().files.get(_shown(view, sha256))
    name = str(found.get("name") or "tep")
    media_type = str(found.get("media_type") or "application/octet-stream")
    if "number" in found and content.startswith(b"%PDF-"):
        name, media_type = file_name(found), "application/pdf"
    response = send_file(BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def show(case_id: str, sha256: str) -> Response:
    """A PDF or picture to be looked at inside a page of ours; NotFoundError for anything else.

    What is shown of a PDF is the copy that cannot act; its first bytes, not its name, say what a file is.
    """
    view = queries().case(g.actor, case_id)
    find(view, sha256)
    content = house().files.get(house().filing.copies.of(view.case.unit, sha256) or sha256)
    media_type = next((kind for head, kind in SHOWABLE.items() if content.startswith(head)), None)
    if media_type is None:
        raise NotFoundError(what="tệp xem được", id="")
    response = send_file(BytesIO(content), mimetype=media_type)
    response.headers.update(security.FRAMED)
    return response
