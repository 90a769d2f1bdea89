"""The citizen's way to pay: the fee, the choice of a way, where a try stands. Nothing here decides what is paid."""

from __future__ import annotations

import re
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from engine.commands.collector import Payer
from engine.domain.context import missing
from engine.domain.errors import DomainError, NotFoundError, PaymentRefusedError
from engine.domain.number_words import sum_in_words
from engine.domain.payment_appliers import entry_of, of_a_try
from engine.domain.procedure import pays_online
from web import access
from web.acting import new_key, posted_key
from web.auth import WINDOW
from web.house import house, queries
from web.paying import blueprint
from web.texts import lang, t

REFRESH, MOST_REFRESHES = 5, 36  # seconds, and how often a waiting page asks again by itself
TRIES = 30  # a person and a quarter of an hour
SILENT = (
    "Đơn vị thanh toán hiện không trả lời. Chưa có khoản tiền nào bị trừ; hãy thử lại sau ít phút hoặc chọn cách khác.",
    "The payment provider does not answer just now. No money was taken; try again in a few minutes or another way.",
)
NOTHING_CHOSEN = ("Hãy chọn một cách nộp tiền.", "Choose a way to pay.")


@blueprint.get("/thanh-toan/<code>")
@access.citizen
def find(code: str) -> ResponseReturnValue:
    """From the case's code to the page where it is paid."""
    case_id = house().paying.collector.case_of(g.actor, code.strip().upper())
    return redirect(url_for("paying.choose", case_id=case_id))


@blueprint.route("/ho-so/<case_id>/thanh-toan", methods=["GET", "POST"])
@access.citizen
def choose(case_id: str) -> ResponseReturnValue:
    """The fee in figures and words, and the ways to pay it."""
    if request.method == "GET":
        return _choices(case_id)
    chosen = request.form.get("way", "")
    known = {one.name for one in house().paying.collector.ways(queries().case(g.actor, case_id).case)}
    if chosen not in known:
        return _choices(case_id, problem=t(*NOTHING_CHOSEN)) if known else _choices(case_id)
    _count()
    payer = Payer(ip=request.remote_addr or "127.0.0.1", language=lang())
    try:
        key = f"pay:{g.actor.id}:{posted_key()}"
        order = house().paying.collector.begin(g.actor, case_id, chosen, payer, key)
    except ConnectionError:
        return _choices(case_id, problem=t(*SILENT), status=502, chosen=chosen)
    except PaymentRefusedError as error:
        return _choices(case_id, problem=t(error.message, error.message_en), chosen=chosen)
    return redirect(url_for("paying.attempt", case_id=case_id, order=order))


def _count() -> None:
    tries = house().accounts.count_attempt(f"pay:{g.actor.id}", house().clock.now(), WINDOW)
    if tries > TRIES:
        raise TooManyRequests()


def _choices(case_id: str, *, problem: str = "", status: int = 422, chosen: str = "") -> ResponseReturnValue:
    view = queries().case(g.actor, case_id)
    case, due = view.case, max(0, missing(view.case))
    page = render_template(
        "paying/choose.html",
        view=view,
        due=due,
        words=sum_in_words(due),
        ways=house().paying.collector.ways(case),
        online=pays_online(case.level),
        problem=problem,
        chosen=chosen,
        tries=[one for one in case.payments if of_a_try(one)],
        key=new_key(),
    )
    return page, status if problem else 200


def _attempt(case_id: str, order: str) -> tuple[Any, dict[str, Any]]:
    view = queries().case(g.actor, case_id)
    entry = entry_of(view.case, order)
    if entry is None or not of_a_try(entry):
        raise NotFoundError(what="lần nộp tiền", id="")
    return view, dict(entry)


def state_of(entry: dict[str, Any]) -> str:
    """paid, failed, held, or open."""
    if entry["paid"]:
        return "paid"
    return "failed" if "failed" in entry else "held" if "doubted" in entry else "open"


@blueprint.get("/ho-so/<case_id>/thanh-toan/<order>")
@access.citizen
def attempt(case_id: str, order: str) -> ResponseReturnValue:
    """One try: on to the provider, the code to be scanned, waiting, paid, or what went wrong in words."""
    view, entry = _attempt(case_id, order)
    state, turn = state_of(entry), request.args.get("cho", "")
    waiting = state in ("open", "held") and turn.isdecimal() and len(turn) < 3
    again = int(turn) + 1 if waiting and int(turn) < MOST_REFRESHES else None
    code = str(entry.get("failed") or entry.get("doubted") or "")
    page = render_template(
        "paying/attempt.html",
        view=view,
        entry=entry,
        state=state,
        waiting=waiting,
        again=again,
        said=house().paying.words(entry["provider"], code) if code else None,
        provider=house().paying.collector.providers.get(entry["provider"]),
        can_retry=bool(house().paying.collector.ways(view.case)),
    )
    response = Response(page, mimetype="text/html")
    if again is not None:  # without a script, and the page has a link that ends it
        response.headers["Refresh"] = (
            f"{REFRESH}; url={url_for('paying.attempt', case_id=case_id, order=order, cho=again)}"
        )
    return response


@blueprint.get("/ho-so/<case_id>/thanh-toan/<order>/ma-qr.svg")
@access.citizen
def qr(case_id: str, order: str) -> ResponseReturnValue:
    """The QR code of a try by transfer, as a picture."""
    _, entry = _attempt(case_id, order)
    if entry.get("details", {}).get("kind") != "qr" or not entry["url"]:
        raise NotFoundError(what="mã QR", id="")
    as_png = request.args.get("dang") == "png"
    kind = "image/png" if as_png else "image/svg+xml"
    return Response(house().paying.qr(entry["url"], svg=not as_png), mimetype=kind)


@blueprint.get("/thanh-toan/<provider>/ket-qua")
@access.public
def back(provider: str) -> ResponseReturnValue:
    """The payer comes back: what the browser brings is looked at to find the try, and decides nothing."""
    found = house().paying.collector.providers.get(provider)
    notice = found.verify_return(request.args.to_dict()) if found else None
    own = _own(notice.order) if notice else None
    if own is not None and notice is not None:
        return redirect(url_for("paying.attempt", case_id=own, order=notice.order, cho=0))
    return render_template("paying/back.html", genuine=notice is not None)


def _own(order: str) -> str | None:
    """The case of this order, where it is one of the signed-in person's own."""
    if g.actor is None or g.actor.kind != "citizen" or not re.fullmatch(r"[A-Z0-9]{1,40}", order):
        return None
    row = house().paying.collector.ledger.order(g.actor.unit, order)
    if row is None:
        return None
    try:
        queries().case(g.actor, row["case_id"])
    except DomainError:
        return None
    return str(row["case_id"])
