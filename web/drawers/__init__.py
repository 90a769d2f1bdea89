"""Cash drawers: opened in the morning, counted in the evening, and the report of a day."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("drawers", __name__, url_prefix="/can-bo/ket-tien")
