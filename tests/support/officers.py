"""Officers of a test unit and of another, with browsers of their own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from engine.ports import Account
from tests.support.desk import UNIT, Desk
from tests.support.web_client import Browser
from web.app import create_app
from web.auth import COOKIE, hash_password, token_hash

STAFF = (
    ("quantri", "administrator", UNIT),
    ("quantri2", "administrator", UNIT),
    ("chutich", "chairman", UNIT),
    ("mai", "one_stop", UNIT),
    ("thanhtra", "auditor", UNIT),
    ("nguoi-xa-khac", "administrator", "xa-khac"),
)


def staffed(desk: Desk) -> Flask:
    """The pages of a house with two administrators, a leader, a clerk, an auditor, and an administrator elsewhere."""
    password = hash_password("x")
    for login, group, unit in STAFF:
        own: dict[str, Any] = {"password_hash": password, "profile": {}, "kind": "officer", "unit": unit}
        desk.app.accounts.put(Account(id=login, login=login, name=login, groups=frozenset({group}), **own))
    return create_app(desk.app)


def browser(desk: Desk, flask: Flask, who: str) -> Browser:
    """Somebody who has signed in."""
    client, now = flask.test_client(), desk.clock.now()
    token = f"token-of-{who}-{now.timestamp()}"
    desk.app.accounts.open_session(who, token_hash(token), now, now + timedelta(hours=9))
    client.set_cookie(COOKIE, token)
    return Browser(client)
