"""Opening a drawer with a count of the float, closing it with a count of what lies in it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.commands.drawers import HOLDERS
from engine.domain.drawer import Drawer, DrawerClosedError, DrawerLeftOpenError
from engine.domain.errors import FormInvalidError
from engine.domain.fee import money
from web import access
from web.acting import new_key, posted_text
from web.auth import safe_next
from web.drawers import blueprint
from web.house import house
from web.texts import t

COUNT = "count."
WRONG_EN = "Write the number of pieces in digits, from 0 to 99999."
WHY_EN = "The count differs from what ought to be there. Count again; if it still differs, say why."


@blueprint.route("/mo", methods=["GET", "POST"])
@access.groups(*HOLDERS)
def start() -> ResponseReturnValue:
    """Count the float and open the drawer; one that is open already is gone on with."""
    keeping = house().desk.drawers.keeping
    current = keeping.current(g.actor)
    if current is not None and keeping.is_left(current):
        flash(_left(DrawerLeftOpenError(day=f"{current.day:%d/%m/%Y}")))
        return redirect(url_for("drawers.finish", drawer_id=current.id, next=_sent_from()))
    if request.method == "GET":
        return redirect(_back()) if current is not None else _opening()
    try:
        drawer = keeping.open(g.actor, _typed())
    except FormInvalidError as error:
        return _opening(error.errors, 422)
    except DrawerLeftOpenError as error:
        flash(_left(error))
        return redirect(url_for("drawers.start"))
    with_ = money(drawer.opened_with)
    flash(t(f"Két đang mở, tiền đầu ca {with_}.", f"The drawer is open, with a float of {drawer.opened_with:,} dong."))
    return redirect(_back())


def _left(error: DrawerLeftOpenError) -> str:
    return t(error.message, error.message_en)


def _sent_from() -> str | None:
    """The page on which cash was to be taken, and could not be."""
    return safe_next(request.values.get("next", ""))


def _back() -> str:
    """Where somebody was sent here from, else the report."""
    return _sent_from() or url_for("drawers.day")


def _typed() -> Mapping[int, str]:
    """What was typed beside each denomination."""
    return {one: posted_text(f"{COUNT}{one}", 20) for one in house().desk.drawers.keeping.denominations}


def _opening(problems: Mapping[str, list[str]] | None = None, status: int = 200) -> ResponseReturnValue:
    page = render_template(
        "drawers/open.html", typed=_typed(), problems=_said(problems), back=_sent_from() or "", key=new_key()
    )
    return page, status


@blueprint.route("/<drawer_id>/dong", methods=["GET", "POST"])
@access.groups(*HOLDERS, "chairman", "administrator")
def finish(drawer_id: str) -> ResponseReturnValue:
    """Count what lies in the drawer and close it; a count that differs needs a reason."""
    keeping = house().desk.drawers.keeping
    drawer = keeping.mine(g.actor, drawer_id)
    if request.method == "GET":
        return _closing(drawer) if drawer.closed_at is None else redirect(_report(drawer))
    try:
        closed = keeping.close(g.actor, drawer_id, _typed(), posted_text("reason", 500))
    except FormInvalidError as error:
        return _closing(drawer, error.errors, 422)
    except DrawerClosedError as error:
        flash(t(error.message, error.message_en))
        return redirect(_report(drawer))
    flash(_closed(closed))
    back = _sent_from()
    return redirect(url_for("drawers.start", next=back) if back else _report(closed))


def _closed(drawer: Drawer) -> str:
    if not drawer.difference:
        return t("Đã đóng két, số đếm khớp.", "The drawer is closed, the count is right.")
    sum_ = money(abs(drawer.difference))
    word, word_en = ("thừa", "over") if drawer.difference > 0 else ("thiếu", "short")
    return t(f"Đã đóng két, {word} {sum_}; lý do đã được giữ lại.", f"The drawer is closed, {word_en} by {sum_}.")


def _report(drawer: Drawer) -> str:
    return url_for("drawers.day", ngay=drawer.day.isoformat())


def _closing(drawer: Drawer, problems: Mapping[str, list[str]] | None = None, status: int = 200) -> ResponseReturnValue:
    part = house().desk.drawers
    page = render_template(
        "drawers/close.html",
        one=part.keeping.reckoned(drawer),
        own=drawer.officer == g.actor.id,
        name=house().desk.inbox.colleagues.names(g.actor.unit, [drawer.officer]).get(drawer.officer, drawer.officer),
        typed=_typed(),
        reason=posted_text("reason", 500),
        problems=_said(problems),
        back=_sent_from() or "",
        key=new_key(),
    )
    return page, status


def _said(problems: Mapping[str, list[str]] | None) -> dict[str, str]:
    """By field, what is wrong with it."""
    english = {name: WHY_EN if name == "reason" else WRONG_EN for name in problems or {}}
    return {name: t(said[0], english[name]) for name, said in (problems or {}).items()}
