"""Where payment providers tell what was paid, server to server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from web import access
from web.house import house
from web.paying import blueprint

MOST_BYTES = 16 * 1024


@blueprint.route("/api/payments/vnpay/ipn", methods=["GET", "POST"])
@access.public
def vnpay_notice() -> ResponseReturnValue:
    """VNPAY's notice, as an address or as a form; answered with RspCode."""
    _limit()
    return _heard("vnpay", (request.args if request.method == "GET" else request.form).to_dict())


@blueprint.post("/api/payments/momo/ipn")
@access.public
def momo_notice() -> ResponseReturnValue:
    """MoMo's notice in JSON; answered with a bare status."""
    _limit()
    fields = request.get_json(force=True, silent=True)
    return _heard("momo", fields if isinstance(fields, dict) else {})


def _limit() -> None:
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    if len(request.query_string) > MOST_BYTES:
        raise RequestEntityTooLarge()


def _heard(provider: str, fields: Mapping[str, Any]) -> ResponseReturnValue:
    body = request.query_string if request.method == "GET" else request.get_data(cache=True)
    text = body.decode("utf-8", "replace") or str(dict(fields))
    status, answer = house().paying.collector.hear(house().settings.unit, provider, fields, text)
    return Response(status=status) if answer is None else (jsonify(answer), status)
