"""Single sign-on: away to the identity provider, back, and linking to an account that is already there."""

from __future__ import annotations

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import StaleVersionError
from engine.domain.registration import CodeOverError, NotVouchedError, Problem
from engine.ports import Account
from engine.ports.people import Vouched
from web import access, auth
from web.account import blueprint
from web.account.forms import SHOWN, page, refusal
from web.house import house

STATE, LINK, NEXT = "sso_state", "sso_link", "sso_next"
REFUSED = ("Cổng định danh cho biết anh/chị đã dừng đăng nhập.", "The identity provider says that you stopped.")
WRONG = ("Mật khẩu không đúng. Hãy kiểm tra rồi nhập lại.", "The password is wrong. Check and enter it again.")
LOCKED = (
    "Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc đặt lại mật khẩu.",
    "Too many attempts. Wait 15 minutes and try again, or reset the password.",
)
OTHER = ("Danh tính này đã gắn với một tài khoản khác.", "This identity belongs to another account.")


@blueprint.get("/dang-nhap/sso")
@access.public
def leave() -> ResponseReturnValue:
    """To the identity provider; the browser keeps the state."""
    target = auth.safe_next(request.args.get("next")) or ""
    try:
        address, session[STATE] = house().people.linking.leave(target)
    except SHOWN as error:
        return page("account/sso_failed.html", *refusal(error, "sso"))
    return redirect(address)


@blueprint.get("/dang-nhap/sso/ve")
@access.public
def come_back() -> ResponseReturnValue:
    """Back with a code: who is it, and which account is theirs?"""
    linking, kept = house().people.linking, session.pop(STATE, "")
    try:
        if request.args.get("error") or not request.args.get("code"):
            return page("account/sso_failed.html", [Problem("sso", *REFUSED)])
        vouched, target = linking.come_back(request.args.get("state", "")[:200], kept, request.args["code"][:500])
        known = linking.known(vouched)
        if known is None and linking.holder(vouched) is None:
            known = linking.create(vouched)
    except SHOWN as error:
        return page("account/sso_failed.html", *refusal(error, "sso"))
    if known is None:
        session[LINK], session[NEXT] = linking.keep(vouched), target
        return redirect(url_for("account.link"))
    return _in(known, target)


def _in(account: Account, target: str) -> ResponseReturnValue:
    if account.kind != "citizen" or account.unit != house().settings.unit:
        raise NotVouchedError(party="Cổng định danh", party_en="The identity provider")
    return auth.start(account, auth.safe_next(target))


@blueprint.route("/dang-nhap/sso/lien-ket", methods=["GET", "POST"])
@access.public
def link() -> ResponseReturnValue:
    """There is an account of this number already: whoever has its password links it."""
    if LINK not in session:
        return redirect(url_for("auth.sign_in"))
    if request.method == "GET":
        return page("account/link.html")
    linking = house().people.linking
    try:
        vouched = linking.kept(session.pop(LINK))
    except CodeOverError as error:
        return page("account/sso_failed.html", *refusal(error, "sso"))
    holder = linking.holder(vouched)
    if holder is None:
        return redirect(url_for("auth.sign_in"))
    if auth.too_many(holder.login):
        return page("account/sso_failed.html", [Problem("sso", *LOCKED)], 429)
    if not auth.right_password(holder, request.form.get("password", "")[:1000]):
        session[LINK] = linking.keep(vouched)
        return page("account/link.html", [Problem("password", *WRONG)])
    return _linked(holder, vouched)


def _linked(holder: Account, vouched: Vouched) -> ResponseReturnValue:
    try:
        account = house().people.linking.link(holder, vouched)
    except StaleVersionError:
        return page("account/sso_failed.html", [Problem("sso", *OTHER)], 409)
    return _in(account, session.pop(NEXT, ""))
