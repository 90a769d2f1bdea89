"""A forgotten password: which account, by code or by mail, the code, a new password."""

from __future__ import annotations

import secrets

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.domain.registration import CodeOverError, Problem
from web import access, auth
from web.account import blueprint
from web.account.forms import SHOWN, chosen_password, from_where, page, refusal
from web.forms.schema import nfc
from web.house import house
from web.texts import t

ASKED, ALLOWED = "reset", "reset_secret"


@blueprint.route("/quen-mat-khau", methods=["GET", "POST"])
@access.public
def forgotten() -> ResponseReturnValue:
    """Which account, and where to send the proof; the answer is the same whether there is such an account or not."""
    login = nfc(request.form.get("login", "")).strip().casefold()[:100]
    way = "email" if request.form.get("way") == "email" else "sms"
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        if not login:
            problems = [Problem("login", "Nhập tên đăng nhập hoặc số định danh.", "Enter the login or the id number.")]
        else:
            try:
                return _asked(login, way)
            except SHOWN as error:
                problems, status = refusal(error, "login")
    return page("account/forgotten.html", problems, status, login=login, way=way)


def _asked(login: str, way: str) -> ResponseReturnValue:
    name = secrets.token_urlsafe(24)
    house().people.recovering.ask(login, way, request=name, address=from_where())
    session.pop(ALLOWED, None)
    if way == "email":
        return page("account/mailed.html")
    session[ASKED] = name
    return redirect(url_for("account.reset_code"))


@blueprint.route("/quen-mat-khau/ma", methods=["GET", "POST"])
@access.public
def reset_code() -> ResponseReturnValue:
    """The code from the phone."""
    asked = session.get(ASKED)
    if not asked:
        return redirect(url_for("account.forgotten"))
    if request.method == "POST":
        try:
            session[ALLOWED] = house().people.recovering.code(asked, request.form.get("code", "")[:40])
        except SHOWN as error:
            return page("account/reset_code.html", *refusal(error, "code"))
        session.pop(ASKED, None)
        return redirect(url_for("account.new_password"))
    return page("account/reset_code.html")


@blueprint.get("/quen-mat-khau/lien-ket/<secret>")
@access.public
def reset_link(secret: str) -> ResponseReturnValue:
    """The link from the mail: looking at it spends nothing, as mail programs look at links too."""
    session[ALLOWED] = secret[:120]
    return redirect(url_for("account.new_password"))


@blueprint.route("/quen-mat-khau/moi", methods=["GET", "POST"])
@access.public
def new_password() -> ResponseReturnValue:
    """The new password; every session ends, the lock is lifted."""
    secret = session.get(ALLOWED)
    if not secret:
        return redirect(url_for("account.forgotten"))
    if request.method == "GET":
        return page("account/new_password.html")
    password, problems = chosen_password()
    if problems:
        return page("account/new_password.html", problems)
    try:
        house().people.recovering.set(secret, auth.hash_password(password))
    except CodeOverError as error:
        session.pop(ALLOWED, None)
        return page("account/forgotten.html", *refusal(error, "login"), login="", way="sms")
    session.clear()
    flash(t("Đã đặt mật khẩu mới. Hãy đăng nhập.", "The new password is set. Please sign in."))
    return redirect(url_for("auth.sign_in"))
