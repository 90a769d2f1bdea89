"""Numbers of people who wait: the kiosk and the board for everybody, calling the next for the desk."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.domain.errors import DomainError
from engine.ports.counter import Ticket
from web import access
from web.acting import posted_text
from web.counter import blueprint, waiting
from web.errors import status_of
from web.house import house
from web.texts import t


def _unit() -> str:
    return house().settings.unit


def shown(ticket: Ticket) -> str:
    """A number as it is called: the letter of its kind and three digits."""
    kind = house().desk.counter.queueing.kinds.get(ticket.kind)
    return f"{kind.letter if kind else ''}{ticket.number:03}"


def minutes(seconds: float | None) -> str:
    """How long people wait, in words."""
    if seconds is None:
        return t("chưa có số liệu", "not known yet")
    whole = round(seconds / 60)
    return t(f"khoảng {whole} phút", f"about {whole} min") if whole else t("dưới 1 phút", "less than a minute")


@waiting.get("/lay-so")
@access.public
def kiosk() -> ResponseReturnValue:
    """Where people draw a number."""
    return _kiosk()


def _kiosk(problem: str = "", status: int = 200) -> ResponseReturnValue:
    queue = house().desk.counter.queueing
    page = render_template(
        "counter/kiosk.html", kinds=queue.kinds.values(), board=queue.board(_unit()), problem=problem
    )
    return page, status


@waiting.post("/lay-so")
@access.public
def draw() -> ResponseReturnValue:
    """A number for whoever stands at the kiosk."""
    try:
        ticket = house().desk.counter.queueing.draw(_unit(), posted_text("kind", 40))
    except DomainError as error:
        return _kiosk(t(error.message, error.message_en), status_of(error))
    return redirect(url_for("waiting.slip", number=ticket.number))


@waiting.get("/lay-so/<int:number>")
@access.public
def slip(number: int) -> ResponseReturnValue:
    """The slip of a number drawn today, to be printed or kept open."""
    queue = house().desk.counter.queueing
    ticket, ahead = queue.ahead(_unit(), number)
    return render_template(
        "counter/slip.html", ticket=ticket, ahead=ahead, kind=queue.kinds.get(ticket.kind), board=queue.board(_unit())
    )


@waiting.get("/bang-so")
@access.public
def board() -> ResponseReturnValue:
    """What is called where, for a screen on the wall and for telephones."""
    queue = house().desk.counter.queueing
    return render_template("counter/board.html", board=queue.board(_unit()), kinds=queue.kinds)


@blueprint.post("/goi-so")
@access.groups("one_stop")
def call() -> ResponseReturnValue:
    """The next one, please."""
    queue, window = house().desk.counter.queueing, posted_text("window", 40)
    try:
        ticket = queue.call(g.actor, window, request.form.getlist("kind"))
    except DomainError as error:
        flash(t(error.message, error.message_en))
        return redirect(url_for("counter.start"))
    if ticket is None:
        flash(t("Không còn ai chờ.", "Nobody is waiting."))
    else:
        flash(t(f"Mời số {shown(ticket)} vào cửa {window}.", f"Number {shown(ticket)}, window {window}."))
    answer = redirect(url_for("counter.start"))
    answer.set_cookie("motcua_window", window, max_age=12 * 3600, httponly=True, samesite="Lax", path="/can-bo")
    return answer


@blueprint.post("/xong-so")
@access.groups("one_stop")
def finish() -> ResponseReturnValue:
    """Whoever was called is done, or did not come."""
    number = request.form.get("number", "")
    if number.isascii() and number.isdigit() and len(number) < 7:
        house().desk.counter.queueing.finish(g.actor, int(number))
    return redirect(url_for("counter.start"))


@blueprint.app_context_processor
def words() -> dict[str, object]:
    """How numbers and waiting are written."""
    return {"ticket_shown": shown, "waiting_words": minutes}
