"""Addresses for machines: health, and payment providers' notices."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from web import access, payment_notices
from web.house import house

blueprint = Blueprint("api", __name__)


@blueprint.get("/health/live")
@access.public
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/health/ready")
@access.public
def ready() -> ResponseReturnValue:
    """The parts it needs answer; no detail, the address is public."""
    fine = all(value for value in house().health().values() if isinstance(value, bool))
    return jsonify(status="ok" if fine else "not ready"), 200 if fine else 503


@blueprint.post("/api/payments/notice")
@access.public
def payment_notice() -> ResponseReturnValue:
    """A provider tells, server to server, that an order was paid; its signature is checked."""
    booked = payment_notices.receive(request.form.to_dict())
    return jsonify(received=True, booked=booked)
