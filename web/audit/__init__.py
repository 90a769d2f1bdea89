"""Pages of auditors: what happened, what it was at any moment, and whether it is unchanged."""

from __future__ import annotations

from flask import Blueprint, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.errors import NotFoundError
from web import access
from web.forms.schema import nfc
from web.house import house, queries

blueprint = Blueprint("audit", __name__, url_prefix="/kiem-tra")
AUDITORS = ("auditor", "administrator", "chairman")


@blueprint.get("/")
@access.groups(*AUDITORS)
def cases() -> ResponseReturnValue:
    """Cases to look at."""
    search = nfc(request.args.get("q", "")).strip()[:100]
    page = queries().cases(g.actor, {"search": search} if search else {}, after=request.args.get("after"))
    return render_template("audit/cases.html", page=page, search=search, statuses=house().catalog.statuses)


@blueprint.get("/tu-choi")
@access.groups(*AUDITORS)
def attempts() -> ResponseReturnValue:
    """Who was refused at what, the latest first."""
    found = house().desk.attempts.latest(g.actor.unit)
    people = {one.account: account.name for one in found if (account := house().accounts.by_id(one.account))}
    return render_template("audit/attempts.html", found=found, people=people)


@blueprint.get("/<case_id>")
@access.groups(*AUDITORS)
def case(case_id: str) -> ResponseReturnValue:
    """A case's history; with `seq` the case as it was after that event, with `verify` the proof."""
    view = queries().case(g.actor, case_id)
    seq = request.args.get("seq", type=int)
    return render_template(
        "audit/case.html",
        view=view,
        seq=seq,
        then=house().auditor.replay(g.actor, case_id, seq) if seq else None,
        differences=house().auditor.verify(g.actor, case_id) if request.args.get("verify") == "1" else None,
        statuses=house().catalog.statuses,
    )


@blueprint.get("/<case_id>/so-do/<process_id>")
@access.groups(*AUDITORS)
def diagram(case_id: str, process_id: str) -> ResponseReturnValue:
    """The BPMN of one of the case's processes."""
    view = queries().case(g.actor, case_id)
    xml = next((one.xml for one in view.diagrams if one.process_id == process_id), None)
    if xml is None:
        raise NotFoundError(what="sơ đồ", id=process_id)
    return Response(xml, mimetype="application/xml")
