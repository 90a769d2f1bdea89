"""Notices on the portal: the inbox, how somebody wants to be told, and deliveries for administrators."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import DatabaseUnavailableError
from engine.domain.notice import KeptNotice, Language
from web import access
from web.house import house
from web.notices.wishes import Wishes
from web.notices.words import SHOWN_STATES, delivered, said_of
from web.texts import lang, t

blueprint = Blueprint("notices", __name__)
PAGE = 30


def _lang() -> Language:
    return "en" if lang() == "en" else "vi"


def unread() -> int:
    """How many notices the citizen at hand has not read; asked once for a page."""
    if getattr(g, "actor", None) is None or g.actor.kind != "citizen":
        return 0
    if "unread_notices" not in g:
        try:
            g.unread_notices = house().notices.unread(g.actor)
        except DatabaseUnavailableError:  # a number in the header is no reason to refuse a page,
            g.unread_notices = 0  # least of all the page that says the database is away
    return int(g.unread_notices)


@blueprint.get("/thong-bao")
@access.citizen
def inbox() -> ResponseReturnValue:
    """The citizen's notices, newest first."""
    found = house().notices.inbox(g.actor, request.args.get("sau", "")[:32])
    rows = [(kept, *house().notices.shown(kept, _lang()), delivered(kept)) for kept in found]
    more = found[-1].notice.id if len(found) >= PAGE else ""
    return render_template("notices/inbox.html", rows=rows, more=more)


@blueprint.get("/thong-bao/<notice_id>")
@access.citizen
def notice(notice_id: str) -> ResponseReturnValue:
    """One notice; who opens it has read it."""
    kept = house().notices.own(g.actor, notice_id)
    if kept is None:
        abort(404)
    house().notices.read(g.actor, [notice_id])
    title, text = house().notices.shown(kept, _lang())
    return render_template("notices/notice.html", kept=kept, title=title, text=text, said=said_of(kept))


@blueprint.post("/thong-bao/da-doc")
@access.citizen
def read_all() -> ResponseReturnValue:
    """Mark everything as read."""
    house().notices.read(g.actor)
    return redirect(url_for("notices.inbox"))


@blueprint.get("/thong-bao/cach-nhan")
@access.citizen
def preferences() -> ResponseReturnValue:
    """How the citizen wants to be told."""
    return _form(Wishes.of(house().notices.preferences(g.actor)))


@blueprint.post("/thong-bao/cach-nhan")
@access.citizen
def prefer() -> ResponseReturnValue:
    """Keep it; what cannot be kept is said beside its field, with what was typed."""
    wishes = Wishes.read(request.form)
    if wishes.wrong:
        return _form(wishes), 422
    house().notices.prefer(g.actor, wishes.preferences())
    flash(
        t(
            "Đã lưu. Lựa chọn có hiệu lực ngay, cả với thông báo đang chờ gửi.",
            "Saved. It holds at once, also for notices that wait to be sent.",
        )
    )
    return redirect(url_for("notices.preferences"))


def _form(wishes: Wishes) -> str:
    profile = g.account.profile if g.account else {}
    return render_template("notices/preferences.html", wishes=wishes, profile=profile)


@blueprint.get("/thong-bao/gui-di")
@access.groups("administrator")
def deliveries() -> ResponseReturnValue:
    """What became of the unit's notices; by state."""
    state = request.args.get("tt", "failed")
    chosen = state if state in SHOWN_STATES else None
    found = house().notices.deliveries(g.actor, chosen)  # type: ignore[arg-type]  # one of the known states
    return render_template(
        "notices/deliveries.html",
        rows=[(kept, _title(kept), said_of(kept)) for kept in found],
        counts=house().notices.counts(g.actor),
        state=chosen or "",
        states=SHOWN_STATES,
    )


def _title(kept: KeptNotice) -> str:
    return house().notices.shown(kept, _lang())[0]


@blueprint.post("/thong-bao/gui-di/<notice_id>/lai")
@access.groups("administrator")
def again(notice_id: str) -> ResponseReturnValue:
    """Try a dead letter again."""
    if not house().notices.again(g.actor, notice_id):
        abort(404)
    return redirect(url_for("notices.deliveries", tt="open"))


@blueprint.route("/api/notices/sms/<secret>", methods=["GET", "POST"])
@access.public
def sms_callback(secret: str) -> ResponseReturnValue:
    """The SMS gateway tells the end of a message. Whoever asks gets the same answer: nobody learns what is here."""
    house().notices.called_back(secret, request.values.to_dict())
    return "", 204


def heading() -> str:
    """What the menu says."""
    count = unread()
    if not count:
        return t("Thông báo", "Notices")
    shown = "99+" if count > 99 else str(count)
    return t(f"Thông báo ({shown} chưa đọc)", f"Notices ({shown} unread)")
