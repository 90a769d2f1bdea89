"""Cases: the list, the page with everything about one, and what officers may do with it."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from engine.commands.messages import (
    AddComment,
    CancelCase,
    CaseCommand,
    ExtendDeadline,
    ResolveIncident,
    WithdrawCase,
)
from engine.domain.context import case_context
from engine.domain.errors import NotFoundError
from engine.queries.views import CaseView
from web import access, case_files, changes
from web.acting import do, new_key, posted_text, posted_version, sheet_of
from web.desk import blueprint, documents, elsewhere, work_screen
from web.forms.schema import nfc
from web.house import house, queries
from web.texts import t


@blueprint.get("/ho-so")
@access.officer
def cases() -> ResponseReturnValue:
    """Cases of the unit, newest first."""
    search = nfc(request.args.get("q", "")).strip()[:100]
    status = request.args.get("status", "")
    filters: dict[str, Any] = {"search": search} if search else {}
    if status.isdigit():
        filters["status"] = int(status)
    page = queries().cases(g.actor, filters, after=request.args.get("after"))
    statuses = house().catalog.statuses
    return render_template("desk/cases.html", page=page, search=search, status=status, statuses=statuses)


@blueprint.get("/ho-so/<case_id>")
@access.officer
def case(case_id: str) -> ResponseReturnValue:
    """Everything about a case."""
    view = queries().case(g.actor, case_id)
    sheet = sheet_of(view.procedure, view.procedure.form_id, case_context(view.case))
    news = work_screen.news_of(view)
    return render_template(
        "desk/case.html",
        view=view,
        lines=sheet.lines(view.case.application),
        results=case_files.results_of(view, True),
        comments=[row for row in view.history if row.tag == "case:commented"],
        amendments=changes.amendments(view, g.actor.id),
        news=news,
        papers=documents.papers_of(view, news.files),
        asked=elsewhere.asked_of(view),
        letters=elsewhere.letters_of(view),
        handovers=house().following.papers.handed_over(g.actor, case_id),
        key=new_key(),
    )


@blueprint.get("/ho-so/<case_id>/so-do/<process_id>")
@access.officer
def diagram(case_id: str, process_id: str) -> ResponseReturnValue:
    """The BPMN of one of the case's processes."""
    view = queries().case(g.actor, case_id)
    xml = next((one.xml for one in view.diagrams if one.process_id == process_id), None)
    if xml is None:
        raise NotFoundError(what="sơ đồ", id=process_id)
    return Response(xml, mimetype="application/xml")


@blueprint.post("/ho-so/<case_id>/lam")
@access.officer
def act(case_id: str) -> ResponseReturnValue:
    """Withdraw for the applicant, stop, extend, comment, or let a failed job run again."""
    view = queries().case(g.actor, case_id)
    command, said = _command(view, request.form.get("_action", ""))
    do(command)
    flash(said)
    return redirect(url_for("desk.case", case_id=case_id))


def _command(view: CaseView, action: str) -> tuple[CaseCommand, str]:
    which: dict[str, Any] = {"unit": view.case.unit, "case_id": view.case.id}
    seen: dict[str, Any] = {**which, "version": posted_version()}
    reason = posted_text("reason")
    if action == "withdraw":
        return WithdrawCase(**seen, reason=reason), t("Đã rút hồ sơ.", "The case was withdrawn.")
    if action == "cancel":
        return CancelCase(**seen, reason=reason), t("Đã dừng hồ sơ.", "The case was stopped.")
    if action == "extend":
        return ExtendDeadline(**seen, reason=reason), t("Đã gia hạn.", "The term was extended.")
    if action == "comment":
        comment = AddComment(**which, text=posted_text("text", 20000), public=request.form.get("public") == "1")
        return comment, t("Đã ghi chú.", "The note was kept.")
    if action == "resolve":
        incident = request.form.get("incident", "")
        return ResolveIncident(**which, incident=incident, note=reason), t("Đã cho chạy lại.", "The job runs again.")
    raise BadRequest()


@blueprint.get("/ho-so/<case_id>/tep/<sha256>")
@access.officer
def file(case_id: str, sha256: str) -> ResponseReturnValue:
    """A file of a case."""
    return case_files.send(case_id, sha256)
