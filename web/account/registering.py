"""Registration, one thing per page: who, by which way, what the way asks, the proof, the password."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.domain.registration import (
    Problem,
    Registration,
    RegistrationOverError,
    SignatureRefusedError,
    Subtype,
    subject_of,
)
from engine.people.registering import Registering
from web import access, auth
from web.account import blueprint
from web.account.forms import SHOWN, chosen_password, from_where, page, refusal, typed
from web.house import house

KEPT = "registration"  # where the browser's own signed cookie keeps which registration it is at
POLL_SECONDS = 4  # between two looks of a page that waits


def _service() -> Registering:
    return house().people.registering


@blueprint.get("/dang-ky")
@access.public
def register() -> ResponseReturnValue:
    """Who registers: a person, an enterprise or an agency."""
    return page("account/who.html", subtypes=house().people.subtypes)


@blueprint.get("/dang-ky/<subtype>")
@access.public
def ways(subtype: str) -> ResponseReturnValue:
    """By which way."""
    offered = _service().offered(subtype)
    return page("account/ways.html", subtype=subtype, ways=offered, subtypes=house().people.subtypes)


@blueprint.route("/dang-ky/<subtype>/<way>", methods=["GET", "POST"])
@access.public
def begin(subtype: str, way: str) -> ResponseReturnValue:
    """What the way asks; sending it asks the outside party."""
    service = _service()
    text = service.text(way, subtype)
    fields = service.fields(text, subtype)
    values, status = typed(*fields), 200
    problems: list[Problem] = []
    if request.method == "POST":
        given, problems = service.read(way, subtype, values)
        if not problems:
            try:
                begun = service.begin(way, cast(Subtype, subtype), given, address=from_where())
            except SHOWN as error:
                problems, status = refusal(error, next(iter(fields)))
            else:
                session[KEPT] = begun.id
                return redirect(url_for("account.go_on"))
    return page("account/begin.html", problems, status, way=text, subtype=subtype, fields=fields, values=values)


def _own() -> Registration:
    return _service().open(session.get(KEPT, ""))


@blueprint.get("/dang-ky/tiep")
@access.public
def go_on() -> ResponseReturnValue:
    """Where the registration stands: a code to enter, something to sign, a phone to wait for, a password to choose."""
    return _shown(_own())


def _shown(own: Registration, problems: list[Problem] | None = None, status: int = 200) -> ResponseReturnValue:
    way = _service().text(own.way, own.subtype)
    shown: dict[str, Any] = {"registration": own, "way": way, "problems": problems or [], "status": status}
    if own.step == "proven":
        taken = _service().taken(own)
        return page("account/taken.html" if taken else "account/password.html", login=subject_of(own), **shown)
    if own.wants == "code":
        return page("account/code.html", phone=own.facts["phone"], **shown)
    if own.wants == "signature":
        back = f"{house().settings.public_url}{url_for('account.signed', r=own.id)}"
        query = urlencode({"challenge": own.reference["challenge"], "return": back})
        return page("account/sign.html", address=f"{own.reference['page']}?{query}", **shown)
    return page("account/phone.html", seconds=POLL_SECONDS, **shown)


@blueprint.post("/dang-ky/tiep")
@access.public
def enter() -> ResponseReturnValue:
    """The code, another code, a fresh request, or a look at how the request stands."""
    own, action, service = _own(), request.form.get("_action", ""), _service()
    try:
        if action == "again":
            service.send_again(own.id)
        elif action == "renew":
            service.renew(own.id)
        elif own.wants == "code":
            service.enter_code(own.id, request.form.get("code", "")[:40])
    except SHOWN as error:
        return _shown(own, *refusal(error, "code"))
    return redirect(url_for("account.go_on"))


@blueprint.get("/dang-ky/cho")
@access.public
def wait() -> ResponseReturnValue:
    """How the request to the phone stands; a waiting page asks this every few seconds, or its reader by a link."""
    own, by_itself = _own(), bool(request.headers.get("HX-Request"))
    if own.wants == "patience":
        try:
            own = _service().answer(own.id, {})
        except SHOWN as error:
            if by_itself:
                return "", 200, {"HX-Redirect": url_for("account.wait")}
            return _shown(own, *refusal(error, "phone"))
    if by_itself:
        return "", 204 if own.wants == "patience" else 200, _onward(own)
    return _shown(own) if own.wants == "patience" else redirect(url_for("account.go_on"))


def _onward(own: Registration) -> dict[str, str]:
    """Where a page that waits goes by itself; nowhere while the phone says nothing."""
    return {} if own.wants == "patience" else {"HX-Redirect": url_for("account.go_on")}


@blueprint.post("/dang-ky/ky-so")
@access.public
def signed() -> ResponseReturnValue:
    """The vendor's signing page hands the answer back through the browser, from a site of its own, without our cookies.

    What counts is the signature over the challenge; the page that follows shows it only to the browser that began.
    """
    answer = {name: request.form.get(name, "")[:20_000] for name in ("challenge", "certificate", "signature")}
    try:
        _service().answer(request.args.get("r", "")[:100], answer)
    except (SignatureRefusedError, *SHOWN) as error:
        problems, status = refusal(error, "sign")
        return page("account/unsigned.html", problems, status)
    return redirect(url_for("account.go_on"), 303)


@blueprint.post("/dang-ky/mat-khau")
@access.public
def choose_password() -> ResponseReturnValue:
    """The password; then the account is there and its owner signed in."""
    own = _own()
    if own.step != "proven":
        raise RegistrationOverError()
    password, problems = chosen_password()
    if problems:
        return _shown(own, problems, 422)
    account = _service().finish(own.id, auth.hash_password(password))
    return auth.start(account, url_for("account.registered"))


@blueprint.get("/dang-ky/xong")
@access.citizen
def registered() -> ResponseReturnValue:
    """The account is there."""
    return page("account/registered.html")
