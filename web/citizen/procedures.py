"""What one can apply for, and the look-up of a case by its code."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from web import access
from web.citizen import blueprint, finding
from web.forms.schema import nfc
from web.house import house, queries


@blueprint.get("/")
@access.public
def home() -> ResponseReturnValue:
    """The list of procedures by field; words, level and field stand in the address."""
    wanted = finding.Wanted.of(request.args)
    procedures = list(house().catalog.current_all(house().clock.now().date()))
    return render_template(
        "citizen/home.html",
        wanted=wanted,
        fields=finding.found(procedures, wanted),
        level_choices=finding.levels(procedures, wanted),
        field_choices=finding.fields(procedures, wanted),
        wider=finding.widened(procedures, wanted),
        total=len(procedures),
    )


@blueprint.get("/thu-tuc/<code>")
@access.public
def procedure(code: str) -> ResponseReturnValue:
    """What a procedure asks for, costs and takes."""
    one = house().catalog.current(code, house().clock.now().date())
    return render_template("citizen/procedure.html", procedure=one)


@blueprint.get("/tra-cuu")
@access.public
def look_up() -> ResponseReturnValue:
    """The status of a case for anybody who knows its code; nothing personal."""
    code = nfc(request.args.get("code", "")).strip().upper()[:60]
    public = queries().case_by_code(code) if code else None
    return render_template("citizen/look_up.html", code=code, public=public), 404 if code and public is None else 200


@blueprint.get("/cases/<code>")
@access.public
def paid(code: str) -> ResponseReturnValue:
    """Where a payment provider sends people back to: shows the state, decides nothing."""
    public = queries().case_by_code(code)
    return render_template("citizen/paid.html", code=code, public=public), 200 if public else 404
