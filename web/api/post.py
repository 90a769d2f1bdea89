"""The postal service tells how far a parcel is."""

from __future__ import annotations

import json

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from web import access
from web.api import blueprint
from web.house import house

LARGEST = 10_000


@blueprint.post("/api/post/state")
@access.public
def parcel_state() -> ResponseReturnValue:
    """A state of a parcel; the signature of the very bytes is checked."""
    body = request.get_data()[:LARGEST]
    try:
        fields = json.loads(body)
    except ValueError:
        fields = {}
    known = fields if isinstance(fields, dict) else {}
    moved = house().following.posting.told(house().settings.unit, body, request.headers.get("X-Signature", ""), known)
    return jsonify(received=True, moved=moved)
