"""Pages of administrators: the deployed catalog and its diagrams."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from web import access
from web.house import house

blueprint = Blueprint("studio", __name__, url_prefix="/mo-hinh")
READERS = ("administrator", "auditor", "chairman")


@blueprint.get("/")
@access.groups(*READERS)
def procedures() -> ResponseReturnValue:
    """What is in force today."""
    found = house().catalog.current_all(house().clock.now().date())
    return render_template("studio/procedures.html", procedures=sorted(found, key=lambda one: (one.field, one.name)))


@blueprint.get("/<code>")
@access.groups(*READERS)
def procedure(code: str) -> ResponseReturnValue:
    """One procedure version: facts, files, diagram."""
    return render_template("studio/procedure.html", procedure=house().catalog.current(code, _today()))


@blueprint.get("/<code>/so-do")
@access.groups(*READERS)
def diagram(code: str) -> ResponseReturnValue:
    """The BPMN of a procedure."""
    one = house().catalog.current(code, _today())
    _, xml, _ = house().diagrams.diagram(one, one.process_id)
    return Response(xml, mimetype="application/xml")


def _today() -> date:
    return house().clock.now().date()
