"""Proving oneself anew before what matters: a code to the phone, or the password where there is no phone."""

from __future__ import annotations

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.registration import Problem
from engine.people.codes import expired
from web import access, auth
from web.account import blueprint
from web.account.forms import SHOWN, assurance_of_account, page, refusal
from web.house import house

WRONG = ("Mật khẩu không đúng. Hãy kiểm tra rồi nhập lại.", "The password is wrong. Check and enter it again.")
LOCKED = ("Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại.", "Too many attempts. Wait 15 minutes and try again.")


def needed(act: str) -> ResponseReturnValue | None:
    """Where to prove oneself before an act; None where it is not asked, or was done a moment ago."""
    settings = house().catalog.settings.get("step_up") or {}
    if assurance_of_account() < int(settings.get(act, 0)):
        return None
    at = house().people.store.raised_at(auth.own_session())
    if not expired(at, house().clock.now(), int(settings.get("minutes", 10))):
        return None
    return redirect(url_for("account.prove", next=request.path))


@blueprint.route("/tai-khoan/xac-nhan", methods=["GET", "POST"])
@access.signed_in
def prove() -> ResponseReturnValue:
    """A code is sent when it is asked for; the right one raises this session for some minutes."""
    target = auth.safe_next(request.values.get("next")) or url_for("account.personal")
    if not g.account.profile.get("phone"):
        return _by_password(target)
    subject, codes = f"step-up:{auth.own_session()}", house().people.codes
    action, sent = request.form.get("_action", ""), False
    if request.method == "POST":
        try:
            if action == "send":
                codes.send(subject, str(g.account.profile["phone"]))
                sent = True
            else:
                codes.check(subject, request.form.get("code", "")[:40])
                return _raised(target)
        except SHOWN as error:
            return page("account/prove.html", *refusal(error, "code"), next=target, sent=True)
    return page("account/prove.html", next=target, sent=sent)


def _by_password(target: str) -> ResponseReturnValue:
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        if auth.too_many(g.account.login):
            problems, status = [Problem("password", *LOCKED)], 429
        elif auth.right_password(g.account, request.form.get("password", "")[:1000]):
            return _raised(target)
        else:
            problems = [Problem("password", *WRONG)]
    return page("account/prove_password.html", problems, status, next=target)


def _raised(target: str) -> ResponseReturnValue:
    house().people.store.raise_session(auth.own_session(), house().clock.now())
    return redirect(target)
