"""Pages of officers: queues, tasks, cases, filing at the desk."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__, url_prefix="/can-bo")
