"""Where one is signed in: each session with its device, ended one by one or all at once."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from web import access, auth
from web.account import blueprint
from web.account.devices import device
from web.account.forms import page
from web.house import house
from web.texts import t


@blueprint.get("/tai-khoan/phien")
@access.signed_in
def sessions() -> ResponseReturnValue:
    """Every live session of the account."""
    rows = house().people.store.sessions(g.account.id, house().clock.now())
    shown = [(one, t(*device(one.agent)), one.token_hash == auth.own_session()) for one in rows]
    return page("account/sessions.html", sessions=shown)


@blueprint.post("/tai-khoan/phien")
@access.signed_in
def end_sessions() -> ResponseReturnValue:
    """End one, or all but this one."""
    store = house().people.store
    if request.form.get("_action") == "all":
        count = store.close_sessions(g.account.id, but=auth.own_session())
        flash(t(f"Đã đăng xuất khỏi {count} nơi khác.", f"Signed out of {count} other places."))
    else:
        store.close_one(g.account.id, request.form.get("session", "")[:64])
        flash(t("Đã kết thúc phiên đó.", "That session has ended."))
    return redirect(url_for("account.sessions"))
