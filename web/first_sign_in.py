"""Whoever signed in with a password that an administrator set chooses one of their own before anything else."""

from __future__ import annotations

from flask import current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response

from web import access

OPEN = frozenset({"account.change_password", "auth.sign_out"})


def lead() -> Response | None:
    """Before every request: to the page of the password, unless it is a page for everybody."""
    account = getattr(g, "account", None)
    if account is None or account.one_time_until is None or request.endpoint is None or request.endpoint in OPEN:
        return None
    declared = access.declared(current_app.view_functions[request.endpoint])
    if declared is not None and declared.kind == "public":
        return None
    return redirect(url_for("account.change_password"), 303)
