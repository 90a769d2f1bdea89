"""Names of administrative units, offered while somebody types an address."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from web import access
from web.citizen import blueprint
from web.house import house

DAY = 86_400  # seconds that a browser may keep the names


@blueprint.get("/danh-muc/don-vi")
@access.public
def units() -> ResponseReturnValue:
    """Official names within the units `trong` (from the province down) that hold `q`; accents do not matter."""
    names = house().units.offered(request.args.getlist("trong")[:2], request.args.get("q", ""))
    answer = jsonify(names)
    answer.cache_control.public = True
    answer.cache_control.max_age = DAY
    return answer
