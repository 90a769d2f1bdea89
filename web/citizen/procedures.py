"""What one can apply for, and the look-up of a case by its code."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.errors import NotFoundError
from engine.domain.procedure import Procedure, in_force
from web import access
from web.citizen import blueprint, finding
from web.citizen.leaflet import Leaflet, versions
from web.forms.blank import blank
from web.forms.schema import nfc
from web.house import house, queries
from web.texts import lang

WINDOW = timedelta(minutes=15)
LOOK_UPS = 60  # in one window; a whole family behind one address has enough


@blueprint.get("/")
@access.public
def home() -> ResponseReturnValue:
    """The list of procedures by field; words, level and field stand in the address."""
    wanted = finding.Wanted.of(request.args)
    procedures = list(house().catalog.in_force(house().clock.now().date()))
    return render_template(
        "citizen/home.html",
        wanted=wanted,
        fields=finding.found(procedures, wanted),
        level_choices=finding.levels(procedures, wanted),
        field_choices=finding.fields(procedures, wanted),
        wider=finding.widened(procedures, wanted),
        total=len(procedures),
        occasions=house().following.texts.life_events,
    )


@blueprint.get("/thu-tuc/<code>")
@access.public
def procedure(code: str) -> ResponseReturnValue:
    """A procedure in the parts that the law wants published; `?version=` shows one that is past or to come."""
    one, current = asked(code)
    return render_template(
        "citizen/procedure.html",
        leaflet=Leaflet(one),
        in_force=current,
        versions=versions(code),
        field_slug=finding.slug(one.field),
    )


def asked(code: str) -> tuple[Procedure, bool]:
    """The asked version of a procedure, and whether new cases take it; NotFoundError."""
    version = request.args.get("version", "")
    today = house().clock.now().date()
    if not version:
        return house().catalog.current(code, today), True
    found = next((one for one in versions(code) if str(one.version) == version), None)
    if found is None:
        raise NotFoundError(what="thủ tục", id=f"{code} v{version}"[:60])
    new = in_force(versions(code), today)
    return found, new is not None and new.version == found.version


@blueprint.get("/thu-tuc/<code>/mau-don")
@access.public
def blank_form(code: str) -> ResponseReturnValue:
    """The declaration as an empty sheet, to read or to print and fill by hand."""
    one, _ = asked(code)
    schema = house().forms.compiled(one, one.form_id).schema
    return render_template("citizen/blank_form.html", leaflet=Leaflet(one), lines=blank(schema, lang()))


@blueprint.get("/tra-cuu")
@access.public
def look_up() -> ResponseReturnValue:
    """The status of a case for anybody who knows its code; nothing personal."""
    code = nfc(request.args.get("code", "")).strip().upper()[:60]
    if code and _too_many():
        return render_template("citizen/look_up.html", code=code, public=None, waits=True), 429
    public = queries().case_by_code(code) if code else None
    return render_template("citizen/look_up.html", code=code, public=public), 404 if code and public is None else 200


def _too_many() -> bool:
    """Whether this address has looked up more cases than a person does, so that codes are not tried one by one."""
    tries = house().accounts.count_attempt(f"look-up:{request.remote_addr}", house().clock.now(), WINDOW)
    return tries > LOOK_UPS


@blueprint.get("/cases/<code>")
@access.public
def paid(code: str) -> ResponseReturnValue:
    """Where a payment provider sends people back to: shows the state, decides nothing."""
    public = queries().case_by_code(code)
    return render_template("citizen/paid.html", code=code, public=public), 200 if public else 404
