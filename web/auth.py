"""Signing in and out: server-side sessions; the browser holds a random token, the database only its hash."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, abort, current_app, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from engine.domain.actor import Actor
from engine.domain.errors import DomainError
from engine.ports import Account
from web import access, resuming
from web.forms.schema import nfc
from web.house import house
from web.texts import COOKIE as LANG_COOKIE
from web.texts import LANGUAGES, t

COOKIE = "motcua_session"
WINDOW = timedelta(minutes=15)
SEEN_EVERY, MOST_NOTED = timedelta(minutes=5), 20_000
ATTEMPTS_PER_LOGIN, ATTEMPTS_PER_ADDRESS = 10, 200
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
DUMMY = HASHER.hash("nobody has this password")

blueprint = Blueprint("auth", __name__)


def hash_password(password: str) -> str:
    """An argon2id hash of the password in NFC."""
    return HASHER.hash(nfc(password))


def right_password(account: Account | None, password: str) -> bool:
    """Whether the password is the account's; an unknown login takes as long as a wrong password."""
    try:
        HASHER.verify(account.password_hash if account else DUMMY, nfc(password))
    except (VerificationError, InvalidHashError):
        return False
    return account is not None


def token_hash(token: str) -> str:
    """What the database keeps of a session token."""
    return sha256(token.encode()).hexdigest()


def actor_of(account: Account) -> Actor:
    """The account as the engine sees who acts."""
    groups = account.groups if account.kind == "officer" else frozenset()
    return Actor(id=account.id, name=account.name, kind=account.kind, unit=account.unit, groups=groups)


def load_actor() -> None:
    """Before every request: who is it?"""
    g.account, g.actor = None, None
    token = request.cookies.get(COOKIE)
    if token and request.endpoint != "static":
        g.account = house().accounts.session(token_hash(token), house().clock.now())
        g.actor = house().desk.mandates.empowered(actor_of(g.account)) if g.account else None
        if g.actor:
            _note_use(token_hash(token))


def _note_use(session_hash: str) -> None:
    """When a session was used last, to the nearest few minutes: not every page is worth a write."""
    now = house().clock.now()
    noted = current_app.extensions.setdefault("motcua.seen", {})
    last = noted.get(session_hash)
    if last is None or not last <= now < last + SEEN_EVERY:
        if len(noted) > MOST_NOTED:
            noted.clear()
        noted[session_hash] = now
        with suppress(DomainError):  # a database that is busy writing is no reason not to show a page
            house().people.store.seen(session_hash, now)


def own_session() -> str:
    """The hash of the token this browser holds."""
    return token_hash(request.cookies.get(COOKIE, ""))


def home_of(actor: Actor) -> str:
    """The first page after signing in."""
    return url_for("desk.queue") if actor.kind == "officer" else url_for("citizen.home")


def safe_next(target: str | None) -> str | None:
    """A path of this site, or None: nobody is sent elsewhere by a link to our sign-in page."""
    if not target or not target.startswith("/") or "\\" in target or any(ord(sign) < 32 for sign in target):
        return None
    parts = urlsplit(target)
    return None if target.startswith("//") or parts.netloc or parts.scheme else target


def start(account: Account, target: str | None = None) -> Response:
    """Open a session under a fresh token, whatever the browser held before, and go where it was headed.

    A form that was sent when the session before had ended is offered, to be sent again.
    """
    now = house().clock.now()
    lasting = timedelta(hours=house().settings.session_hours)
    if old := request.cookies.get(COOKIE):
        house().accounts.close_session(token_hash(old))
    token = secrets.token_urlsafe(32)
    house().accounts.open_session(account.id, token_hash(token), now, now + lasting)
    house().people.store.note_session(token_hash(token), request.headers.get("User-Agent", ""), now)
    session.clear()
    home, again = home_of(actor_of(account)), None if target else resuming.carried()
    if again and safe_next(again.address):
        response = make_response(render_template("resume.html", again=again, name=account.name, home=home))
    else:
        response = make_response(redirect(target or safe_next(request.form.get("next")) or home))
    response.set_cookie(COOKIE, token, max_age=int(lasting.total_seconds()), **cookie_flags())
    return response


def cookie_flags() -> dict[str, Any]:
    """How the house's own cookies travel."""
    return {"httponly": True, "samesite": "Lax", "secure": house().settings.secure_cookies, "path": "/"}


def too_many(login: str) -> bool:
    """Count a try and tell whether it is one too many: the counters are in the database, so they hold for all
    processes. They count alike for logins that are nobody's."""
    now = house().clock.now()
    by_login = house().accounts.count_attempt(f"login:{login}", now, WINDOW)
    by_address = house().accounts.count_attempt(f"address:{request.remote_addr}", now, WINDOW)
    return by_login > ATTEMPTS_PER_LOGIN or by_address > ATTEMPTS_PER_ADDRESS


def _page(login: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    people = house().accounts.all(house().settings.unit) if house().settings.demo else []
    target = safe_next(request.values.get("next"))
    groups = house().catalog.groups
    provider = house().people.linking.provider
    page = render_template(
        "sign_in.html",
        people=people,
        groups=groups,
        login=login,
        problem=problem,
        next=target,
        provider=provider,
        carried=request.form.get(resuming.CARRIED, ""),
    )
    return page, status


@blueprint.get("/dang-nhap")
@access.public
def sign_in() -> ResponseReturnValue:
    """The sign-in page."""
    if g.actor is not None:
        return redirect(safe_next(request.args.get("next")) or home_of(g.actor))
    return _page()


@blueprint.post("/dang-nhap")
@access.public
def check_sign_in() -> ResponseReturnValue:
    """Sign in with login and password."""
    login = nfc(request.form.get("login", "")).strip().casefold()[:100]
    if too_many(login):
        problem = t(
            "Đã thử quá nhiều lần. Hãy đợi 15 phút rồi thử lại, hoặc đặt lại mật khẩu để vào ngay.",
            "Too many attempts. Wait 15 minutes and try again, or reset the password to get in at once.",
        )
        return _page(login, problem, 429)
    account = house().people.recovering.account(login)
    if not right_password(account, request.form.get("password", "")[:1000]) or account is None:
        problem = t(
            "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra rồi nhập lại.",
            "The login or the password is wrong. Check and enter them again.",
        )
        return _page(login, problem, 422)
    if refused := not_now(account):
        return _page(login, t(*refused), 422)
    return start(account)


def not_now(account: Account) -> tuple[str, str] | None:
    """Why an account whose password is right may not sign in, in words; None where it may."""
    if account.locked:
        return (
            "Tài khoản này đang bị khóa. Hãy liên hệ quản trị của đơn vị.",
            "This account is locked. Ask the administrator of your unit.",
        )
    if account.one_time_until is not None and account.one_time_until <= house().clock.now():
        return (
            "Mật khẩu dùng một lần đã hết hạn. Hãy nhờ quản trị của đơn vị đặt lại.",
            "The one-time password has run out. Ask the administrator of your unit for another.",
        )
    return None


@blueprint.post("/dang-nhap/thu")
@access.public
def sign_in_demo() -> ResponseReturnValue:
    """In a demo only: sign in as one of its people."""
    if not house().settings.demo:
        abort(404)
    account = house().accounts.by_id(request.form.get("account", ""))
    if account is None or account.unit != house().settings.unit:
        abort(404)
    if refused := not_now(account):
        return _page(account.login, t(*refused), 422)
    return start(account)


@blueprint.post("/dang-xuat")
@access.public
def sign_out() -> ResponseReturnValue:
    """End the session."""
    if token := request.cookies.get(COOKIE):
        house().accounts.close_session(token_hash(token))
    session.clear()
    response: Response = redirect(url_for("citizen.home"))
    response.delete_cookie(COOKIE, **cookie_flags())
    return response


@blueprint.get("/ngon-ngu/<code>")
@access.public
def language(code: str) -> ResponseReturnValue:
    """Remember the reader's language."""
    if code not in LANGUAGES:
        abort(404)
    response = make_response(redirect(safe_next(request.args.get("next")) or url_for("citizen.home")))
    response.set_cookie(LANG_COOKIE, code, max_age=365 * 24 * 3600, **cookie_flags())
    return response
