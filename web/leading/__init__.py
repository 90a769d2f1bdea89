"""Pages of leaders: what waits for their signature, one by one or several at once."""

from flask import Blueprint

blueprint = Blueprint("leading", __name__, url_prefix="/can-bo/ky")
LEADERS = ("chairman",)
