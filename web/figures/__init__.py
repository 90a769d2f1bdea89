"""Pages of statistics: reports, the score, figures of work; and what is published for everybody."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("figures", __name__)
ALL = ("chairman", "administrator", "auditor")  # who see the figures of everybody; other officers see their own work
