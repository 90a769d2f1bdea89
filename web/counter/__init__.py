"""The counter: a citizen draws a number, is called, and is helped from the first word to the printed paper."""

from flask import Blueprint

blueprint = Blueprint("counter", __name__, url_prefix="/can-bo/quay")
waiting = Blueprint("waiting", __name__)
