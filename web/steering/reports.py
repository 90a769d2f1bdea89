"""What people say is wrong with pages, and which files were held back."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue

from web import access
from web.house import house
from web.steering import STEERERS, blueprint


@blueprint.get("/bao-loi")
@access.groups(*STEERERS)
def reports() -> ResponseReturnValue:
    """The last reports, newest first."""
    return render_template("steering/reports.html", rows=house().filing.reports.newest(g.actor.unit))
