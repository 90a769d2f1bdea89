"""Pages about money: paying and receipts for citizens, statements, refunds and accounts for the cashier, and the
addresses where providers tell what was paid."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("paying", __name__)
