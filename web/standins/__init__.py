"""Local doubles of outside parties; registered only in a demo."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.domain.errors import ForbiddenError
from web import access, payment_notices
from web.auth import safe_next
from web.house import house

blueprint = Blueprint("standins", __name__, url_prefix="/standins")


def _order(fields: dict[str, str]) -> dict[str, str]:
    """The order of a genuine pay address; ForbiddenError otherwise."""
    if not house().standin_payments.check_order(fields):
        raise ForbiddenError(what="order")
    return fields


@blueprint.get("/payment")
@access.public
def payment() -> ResponseReturnValue:
    """The stand-in provider's pay page."""
    return render_template("standins/payment.html", order=_order(request.args.to_dict()))


@blueprint.post("/payment")
@access.public
def decide() -> ResponseReturnValue:
    """The payer pays or gives up: a signed notice goes the way a provider's would."""
    order = _order(request.form.to_dict())
    notice = house().standin_payments.notice(
        order=order["order"],
        amount=int(order["amount"]),
        case_code=order["case_code"],
        paid=order.get("_action") == "pay",
    )
    payment_notices.receive(notice)
    return redirect(safe_next(order["return_url"]) or "/")
