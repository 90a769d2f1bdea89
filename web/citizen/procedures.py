"""What one can apply for, and the look-up of a case by its code."""

from __future__ import annotations

import unicodedata

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.procedure import Procedure
from web import access
from web.citizen import blueprint
from web.forms.schema import nfc
from web.house import house, queries


def folded(text: str) -> str:
    """Lower case without marks, so that `khai sinh` and `KHAI SINH`, `đăng ký` and `dang ky` meet."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return plain.replace("đ", "d")


def found(procedures: list[Procedure], search: str) -> list[Procedure]:
    """Procedures in which every word of the search occurs."""
    words = folded(search).split()
    texts = {one.code: folded(f"{one.name} {one.name_en} {one.field} {one.code}") for one in procedures}
    return [one for one in procedures if all(word in texts[one.code] for word in words)]


@blueprint.get("/")
@access.public
def home() -> ResponseReturnValue:
    """The list of procedures by field."""
    search = nfc(request.args.get("q", ""))[:200]
    procedures = list(house().catalog.current_all(house().clock.now().date()))
    fields: dict[str, list[Procedure]] = {}
    for procedure in sorted(found(procedures, search), key=lambda one: (one.field, one.name)):
        fields.setdefault(procedure.field, []).append(procedure)
    return render_template("citizen/home.html", fields=fields, search=search, total=len(procedures))


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
